"""map and amap: what `subak map` does, as functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypedDict, Unpack

from subak.engine.control import Control
from subak.mapping.map_request import MapRequest
from subak.mapping.map_result import MapResult
from subak.mapping.run_beside import run_beside
from subak.mapping.run_map import run_map

Rows = str | Path | Iterable[Mapping[str, object]]


class MapOptions(TypedDict, total=False):
    """What may be said of a map beside its rows and its prompt.

    Args:
        model: Model spec or name; by default that of the settings.
        schema: JSON Schema of the answers, or its file; without it they are text.
        out: File for the output rows, which are then not held in memory.
        folder: The workspace, whose ``.subak`` remembers every answer; by default
            the current directory.
        max_parallel: Upper bound of model calls at once.
        max_tokens: Upper bound of an answer, 1024 by default.
        limit: Only that many rows.
        refresh: Ask for all answers anew.
    """

    model: str | None
    schema: str | Path | Mapping[str, object] | None
    out: str | Path | None
    folder: str | Path
    max_parallel: int | None
    max_tokens: int
    limit: int | None
    refresh: bool


async def amap(
    rows: Rows, *, prompt: str | Path, **options: Unpack[MapOptions]
) -> MapResult:
    """Ask one prompt about every row; answers known from before cost nothing.

    Args:
        rows: A JSONL or CSV file, or mappings of names to values.
        prompt: The prompt with ``{field}`` for a row's values; a Path is its file.
        options: See ``MapOptions``.

    Raises:
        UserError: Something in it is wrong, told before anything is sent.
        Unreachable: The model can't be reached; the same call goes on later.
    """
    return await run_map(_request(rows, prompt, options))


def map(  # noqa: A001 - its name is subak.map
    rows: Rows, *, prompt: str | Path, **options: Unpack[MapOptions]
) -> MapResult:
    """Ask one prompt about every row; see ``amap``. Works in a notebook too.

    There a KeyboardInterrupt lets what is under way finish; the same call goes on.
    """
    request, control = _request(rows, prompt, options), Control()
    return run_beside(lambda: run_map(request, control=control), control.drain)


def _request(rows: Rows, prompt: str | Path, options: MapOptions) -> MapRequest:
    schema, out = options.get("schema"), options.get("out")
    return MapRequest(
        rows=Path(rows) if isinstance(rows, str) else rows,
        prompt=prompt,
        model=options.get("model"),
        schema=Path(schema) if isinstance(schema, str) else schema,
        out=None if out is None else Path(out),
        folder=Path(options.get("folder", ".")),
        max_parallel=options.get("max_parallel"),
        max_tokens=options.get("max_tokens", 1024),
        limit=options.get("limit"),
        refresh=options.get("refresh", False),
    )
