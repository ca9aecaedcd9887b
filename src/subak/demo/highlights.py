"""What a demo ends with: what changed, where sources disagree, what was refused."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

Row = Mapping[str, object]

_CHANGES_SHOWN = 4


def highlights(folder: Path) -> tuple[str, ...]:
    """Return lines about the results in a workspace, read from ``facts.json``."""
    try:
        content = json.loads((folder / "out" / "facts.json").read_bytes())
    except (OSError, ValueError):
        return ()
    facts, refused = _rows(content, "facts"), _rows(content, "refused")
    return (*_changed(facts), *_disputed(facts), *_refused(refused))


def _changed(facts: list[Row]) -> Iterator[str]:
    changed = [row for row in facts if row.get("status") == "changed"]
    for row in _spread(changed)[:_CHANGES_SHOWN]:
        now, before = _shown(row), _shown(row, "was", "was_unit")
        yield f"change {_named(row)}: {before} -> {now}"
    new = sum(row.get("status") == "new" for row in facts)
    kept = sum(row.get("status") == "kept" for row in facts)
    if changed or kept:
        yield (
            f"       since then: {len(changed)} changed, {new} new, "
            f"{kept} kept though not confirmed today"
        )


def _spread(rows: list[Row]) -> list[Row]:
    """Put the first of each category in front."""
    first: dict[object, Row] = {}
    for row in rows:
        first.setdefault(row.get("category"), row)
    chosen = list(first.values())
    return [*chosen, *(row for row in rows if row not in chosen)]


def _disputed(facts: list[Row]) -> Iterator[str]:
    for row in facts:
        for other in _rows(row, "others")[:1]:
            yield (
                f"differ {_named(row)}: {_shown(row)} by {_address(row)}, which counts "
                f"more, {_shown(other)} by {_address(other)}"
            )
            return


def _refused(refused: list[Row]) -> Iterator[str]:
    for row in refused[:1]:
        proposed = str(row.get("proposed"))
        yield f"refuse {_named(row)}: {proposed} - {row.get('reason')}"


def _named(row: Row) -> str:
    title = row.get("title") or str(row.get("field")).replace("_", " ")
    return f"{row.get('entity')}, {title}"


def _shown(row: Row, value: str = "value", unit: str = "unit") -> str:
    found, measure = row.get(value), str(row.get(unit) or "")
    if isinstance(found, bool):
        return "yes" if found else "no"
    return f"{found}{'' if measure.startswith('%') else ' '}{measure}".strip()


def _address(row: Row) -> str:
    """Return where the first quote stands."""
    return next((str(each.get("url")) for each in _rows(row, "evidence")), "?")


def _rows(content: object, key: str) -> list[Row]:
    listed = content.get(key) if isinstance(content, dict) else None
    found = listed if isinstance(listed, list) else []
    return [row for row in found if isinstance(row, dict)]
