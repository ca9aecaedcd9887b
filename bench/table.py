"""Table: the results as text for a terminal and as Markdown for RESULTS.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from bench.comparison import Comparison
from bench.row import Check, Result
from bench.table_rows import ROWS, find_row

_HEADS = ("what", "target", "measured", "verdict", "old scripts", "peers")
_WIDTHS = (54, 18, 34, 8, 12, 44)
_JOB_HEADS: Mapping[str, str] = {
    "makespan_s": "makespan s",
    "cpu_s": "CPU s",
    "memory_mb": "memory MB",
    "lost": "rows lost",
    "repeated": "repeated after the kill",
    "calls_unchanged_again": "calls of an unchanged rerun",
}
Cells = tuple[str, ...]


def to_text(results: Sequence[Result], kept: Sequence[Result] = ()) -> str:
    """Return the table for a terminal.

    Args:
        results: What to show.
        kept: Where the peers' figures are found, if not among those.
    """
    lines = [_line(_HEADS), "  ".join("-" * width for width in _WIDTHS)]
    for cells in _cells(results, Comparison(kept or results)):
        lines += _wrapped(cells)
    return "\n".join([*lines, "", verdict(results)])


def to_markdown(
    results: Sequence[Result], machine: Mapping[str, str], title: str
) -> str:
    """Return the whole of RESULTS.md."""
    parts = [
        f"# {title}",
        "Made by `make bench` (`python -m bench --write`); not edited by hand. "
        "Ratios are taken within one run; absolute times are this machine's.",
        *(f"- {name}: {value}" for name, value in machine.items()),
        "",
        _markdown_table(_HEADS, _cells(results, Comparison(results))),
        verdict(results),
        *_side_by_side(results),
        "## What each row means",
        *_meanings(results),
    ]
    return "\n\n".join(_join_lists(parts)) + "\n"


def verdict(results: Sequence[Result]) -> str:
    """Return one line over all."""
    checks = [check for result in results for check in _checks(result)]
    short = sum(not check.is_met for check in checks)
    failed = [result.row for result in results if result.status == "failed"]
    skipped = [result.row for result in results if result.status == "skipped"]
    missing = [
        row.key for row in ROWS if row.key not in {result.row for result in results}
    ]
    told = [f"{len(checks) - short} of {len(checks)} figures met"]
    told += [f"failed: {', '.join(failed)}"] if failed else []
    told += [f"skipped: {', '.join(skipped)}"] if skipped else []
    told += [f"not measured: {', '.join(missing)}"] if missing else []
    if any(result.is_quick for result in results):
        told.append("quick figures among them: they only try the mechanics")
    return "; ".join(told) + "."


def _cells(results: Sequence[Result], comparison: Comparison) -> Iterator[Cells]:
    for result in results:
        if result.status != "measured":
            row = find_row(result.row)
            yield (
                row.title if row else result.row,
                "",
                result.reason,
                result.status,
                "",
                "",
            )
        for check in _checks(result):
            beside = comparison.beside(result.row, check.what)
            mark = " (quick)" if result.is_quick else ""
            yield (
                check.what + mark,
                check.target,
                check.measured,
                check.verdict,
                beside.old,
                beside.peers,
            )


def _checks(result: Result) -> Sequence[Check]:
    return result.measured.checks if result.measured else ()


def _line(cells: Cells) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True))
    return "  ".join(padded).rstrip()


def _wrapped(cells: Cells) -> list[str]:
    columns = [
        textwrap.wrap(cell, width) or [""]
        for cell, width in zip(cells, _WIDTHS, strict=True)
    ]
    height = max(len(column) for column in columns)
    filled = [column + [""] * (height - len(column)) for column in columns]
    return [_line(tuple(parts)) for parts in zip(*filled, strict=True)]


def _markdown_table(heads: Cells, rows: Iterator[Cells]) -> str:
    lines = [_markdown_line(heads), _markdown_line(tuple("---" for _ in heads))]
    lines += [_markdown_line(cells) for cells in rows]
    return "\n".join(lines)


def _markdown_line(cells: Cells) -> str:
    clean = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return "| " + " | ".join(clean) + " |"


def _side_by_side(results: Sequence[Result]) -> list[str]:
    jobs = Comparison(results).jobs
    if not jobs:
        return []
    parts = ["## Side by side"]
    for job, runs in jobs.items():
        if isinstance(runs, dict):
            parts += [f"### {job}", _job_table(runs)]
    return parts


def _job_table(runs: Mapping[str, Mapping[str, float]]) -> str:
    names = [
        name for name in _JOB_HEADS if any(name in figures for figures in runs.values())
    ]
    heads = ("runner", *(_JOB_HEADS[name] for name in names))
    rows = (
        (runner, *(f"{figures.get(name, 0.0):,.4g}" for name in names))
        for runner, figures in runs.items()
    )
    return _markdown_table(heads, rows)


def _meanings(results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        row = find_row(result.row)
        if row is None:
            continue
        loads = ", ".join(f"{load:.2f}" for load in result.load)
        yield f"### {row.title} (`python -m bench {row.key}`)"
        yield row.meaning
        if result.measured is None:
            yield f"{result.status}: {result.reason}"
            continue
        yield (
            f"Measured {result.date}, load {loads or 'unknown'} at the start, "
            f"{result.seconds:.0f} s."
        )
        yield from (f"- {note}" for note in result.measured.notes)
        yield "```\n" + "\n".join(result.measured.commands) + "\n```"


def _join_lists(parts: Sequence[str]) -> Iterator[str]:
    """Put the lines of a list together; other parts stand apart."""
    items: list[str] = []
    for part in parts:
        if part.startswith("- "):
            items.append(part)
            continue
        if items:
            yield "\n".join(items)
            items = []
        if part:
            yield part
    if items:
        yield "\n".join(items)
