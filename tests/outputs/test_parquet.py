"""parquet/: typed columns, read back by the library."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from subak.errors import MissingExtra
from subak.knowledge.results import Results
from subak.outputs.parquet import ParquetWriter
from subak.outputs.result_tables import result_tables

parquet = pytest.importorskip("pyarrow.parquet")


def test_parquet_gives_back_every_row(results: Results, tmp_path: Path) -> None:
    """All tables hold what they were made of, empty ones included."""
    paths = ParquetWriter().write(results, tmp_path)
    tables = result_tables(results)
    assert [path.stem for path in paths] == [table.name for table in tables]
    for path, table in zip(paths, tables, strict=True):
        found = parquet.read_table(path)
        assert found.column_names == [one.name for one in table.columns]
        assert found.num_rows == len(table.rows)
        for one in table.columns:
            if one.kind != "time":
                column = found.column(one.name).to_pylist()
                assert column == list(table.column(one.name)), one.name


def test_parquet_columns_have_types(results: Results, tmp_path: Path) -> None:
    """Numbers, truths and times are such, also where every cell is empty."""
    ParquetWriter().write(results, tmp_path)
    facts = parquet.read_schema(tmp_path / "parquet" / "facts.parquet")
    assert str(facts.field("number").type) == "double"
    assert str(facts.field("confirmed").type) == "bool"
    assert str(facts.field("was").type) == "string"
    assert facts.field("since").metadata == {b"description": b"ISO date."}
    ranges = parquet.read_schema(tmp_path / "parquet" / "ranges.parquet")
    assert str(ranges.field("upper").type) == "double"


def test_parquet_times_are_moments(results: Results, tmp_path: Path) -> None:
    """When a document was read is a moment in UTC."""
    ParquetWriter().write(results, tmp_path)
    found = parquet.read_table(tmp_path / "parquet" / "documents.parquet")
    moments = found.column("fetched_at").to_pylist()
    wanted = [datetime.fromtimestamp(x.fetched_at, UTC) for x in results.documents]
    assert moments == wanted


def test_parquet_names_its_extra(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the library the error says what to install, and nothing is written."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra) as caught:
        ParquetWriter().write(results, tmp_path)
    assert caught.value.hint == "pip install 'subak[parquet]'"
    assert list(tmp_path.iterdir()) == []
