"""ParquetWriter: results as typed columns, a file a table."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from subak.engine.atomic import write_atomically
from subak.errors import MissingExtra
from subak.knowledge.results import Results
from subak.outputs.result_tables import result_tables
from subak.outputs.table import Table

if TYPE_CHECKING:
    import pyarrow

_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class ParquetWriter:
    """Writes ``parquet/facts.parquet`` and one file for each further table."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write all files and return their paths, that of the facts first.

        Raises:
            MissingExtra: The library isn't installed.
            StorageError: The folder cannot be written.
        """
        check_parquet()
        written = []
        for table in result_tables(results):
            path = folder / "parquet" / f"{table.name}.parquet"
            write_atomically(path, _encoded(table))
            written.append(path)
        return written


def check_parquet() -> None:
    """Tell at once when nothing could be written.

    Raises:
        MissingExtra: The library isn't installed.
    """
    if find_spec("pyarrow") is None:
        raise MissingExtra("parquet", "writing Parquet files")


def _encoded(table: Table) -> bytes:
    import pyarrow
    from pyarrow import parquet

    arrays = [
        pyarrow.array(_cells(table, one.name, one.kind), _type(one.kind))
        for one in table.columns
    ]
    schema = pyarrow.schema(
        pyarrow.field(one.name, _type(one.kind), metadata=_metadata(one.note))
        for one in table.columns
    )
    made = pyarrow.Table.from_arrays(arrays, schema=schema)
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(made, sink, compression="zstd")
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _cells(table: Table, name: str, kind: str) -> list[object]:
    cells = table.column(name)
    if kind != "time":
        return list(cells)
    return [
        round(cell * _MICROSECONDS) if isinstance(cell, int | float) else None
        for cell in cells
    ]


def _type(kind: str) -> pyarrow.DataType:
    import pyarrow

    types: dict[str, pyarrow.DataType] = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "real": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "time": pyarrow.timestamp("us", tz="UTC"),
    }
    return types[kind]


def _metadata(note: str) -> dict[str, str] | None:
    return {"description": note} if note else None
