"""Kept results: one JSON file a row, so that a table can be made of separate runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from bench.row import Result
from bench.table_rows import ROWS

FOLDER = Path(__file__).parent / "results"


def keep(result: Result, folder: Path = FOLDER) -> Path:
    """Write a result; return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.row}.json"
    text = msgspec.json.format(msgspec.json.encode(result), indent=1)
    path.write_bytes(text + b"\n")
    return path


def load_all(folder: Path = FOLDER) -> Sequence[Result]:
    """Return the results there are, in the order of the table."""
    paths = [folder / f"{row.key}.json" for row in ROWS]
    return [
        msgspec.json.decode(path.read_bytes(), type=Result)
        for path in paths
        if path.exists()
    ]
