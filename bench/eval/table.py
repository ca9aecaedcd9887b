"""Table: the rows of `make eval` for a terminal and as EVAL.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from bench.eval.rows import ROWS, find_row
from bench.row import Check, Result

_HEADS = ("what", "target", "measured", "verdict")
_WIDTHS = (58, 16, 34, 8)
Cells = tuple[str, ...]


def to_text(results: Sequence[Result]) -> str:
    """Return the table for a terminal."""
    lines = [_line(_HEADS), "  ".join("-" * width for width in _WIDTHS)]
    for cells in _cells(results):
        columns = [
            textwrap.wrap(cell, width) or [""]
            for cell, width in zip(cells, _WIDTHS, strict=True)
        ]
        height = max(len(column) for column in columns)
        filled = [column + [""] * (height - len(column)) for column in columns]
        lines += [_line(tuple(parts)) for parts in zip(*filled, strict=True)]
    return "\n".join([*lines, "", verdict(results)])


def to_markdown(results: Sequence[Result], machine: Mapping[str, str]) -> str:
    """Return the whole of EVAL.md."""
    parts = [
        "# How right subak is",
        "Made by `make eval` (`python -m bench.eval --write`); not edited by hand.",
        "\n".join(f"- {name}: {value}" for name, value in machine.items()),
        _markdown(_HEADS, _cells(results)),
        verdict(results),
        *_side_by_side(results),
        "## What each row means",
        *(part for result in results for part in _meaning(result)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def verdict(results: Sequence[Result]) -> str:
    """Return one line over all."""
    checks = [check for result in results for check in _checks(result)]
    short = sum(not check.is_met for check in checks)
    told = [f"{len(checks) - short} of {len(checks)} figures met"]
    for status in ("failed", "skipped"):
        names = [result.row for result in results if result.status == status]
        told += [f"{status}: {', '.join(names)}"] if names else []
    there = {result.row for result in results}
    missing = [row.key for row in ROWS if row.key not in there]
    told += [f"not measured: {', '.join(missing)}"] if missing else []
    if any(result.is_quick for result in results):
        told.append("quick figures among them: they only try the mechanics")
    return "; ".join(told) + "."


def _cells(results: Sequence[Result]) -> Iterator[Cells]:
    for result in results:
        row = find_row(result.row)
        if result.status != "measured":
            yield (row.title if row else result.row, "", result.reason, result.status)
        mark = " (quick)" if result.is_quick else ""
        for check in _checks(result):
            yield (
                check.what + mark,
                check.target,
                check.measured,
                "met" if check.is_met else "SHORT",
            )


def _side_by_side(results: Sequence[Result]) -> list[str]:
    """Return every design's score as a column."""
    columns: dict[str, Mapping[str, object]] = {}
    for result in results:
        raw = result.measured.raw if result.measured else {}
        scored = raw.get("score") if isinstance(raw, Mapping) else None
        row = find_row(result.row)
        if isinstance(scored, Mapping) and row is not None:
            columns[row.title] = scored
    if not columns:
        return []
    figures = dict.fromkeys(name for column in columns.values() for name in column)
    rows = (
        (name, *(f"{column.get(name, '')}" for column in columns.values()))
        for name in figures
    )
    return ["## Side by side", _markdown(("", *columns), rows)]


def _meaning(result: Result) -> Iterator[str]:
    row = find_row(result.row)
    if row is None:
        return
    yield f"### {row.title} (`python -m bench.eval {row.key}`)"
    yield row.meaning
    if result.measured is None:
        yield f"{result.status}: {result.reason}"
        return
    yield f"Measured {result.date}, {result.seconds:.0f} s."
    yield "\n".join(f"- {note}" for note in result.measured.notes)
    raw = result.measured.raw
    missed = raw.get("misses") if isinstance(raw, Mapping) else None
    if isinstance(missed, list) and missed:
        yield "Not right:\n\n" + "\n".join(f"- {each}" for each in missed)
    yield "```\n" + "\n".join(result.measured.commands) + "\n```"


def _checks(result: Result) -> Sequence[Check]:
    return result.measured.checks if result.measured else ()


def _line(cells: Cells) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True))
    return "  ".join(padded).rstrip()


def _markdown(heads: Cells, rows: Iterator[Cells]) -> str:
    lines = [_markdown_line(heads), _markdown_line(tuple("---" for _ in heads))]
    return "\n".join([*lines, *map(_markdown_line, rows)])


def _markdown_line(cells: Cells) -> str:
    clean = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return "| " + " | ".join(clean) + " |"
