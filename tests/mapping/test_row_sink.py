"""Output: whole or not at all, and told early where it cannot be written."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from subak.errors import StorageError
from subak.mapping.map_row import MapRow, RowUsage
from subak.mapping.row_format import CsvEncoder, JsonlEncoder
from subak.mapping.row_sink import FileSink, StreamSink, open_sink

_USAGE = RowUsage(3, 2, 1)


def test_file_appears_only_when_complete(tmp_path: Path) -> None:
    """Until then the old one stands; a given-up one leaves nothing behind."""
    path = tmp_path / "new" / "out.jsonl"
    sink = open_sink(path)
    sink.write(b"1\n")
    assert not path.exists()
    sink.finish(is_complete=True)
    sink.finish(is_complete=False)
    assert path.read_bytes() == b"1\n"
    again = open_sink(path)
    again.write(b"2\n")
    again.finish(is_complete=False)
    assert path.read_bytes() == b"1\n"
    assert list(path.parent.iterdir()) == [path]


def test_place_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    """A folder of that name, a file on the way, a link under the temporary name."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / ".out.part").symlink_to(tmp_path / "elsewhere")
    for wrong in ("folder", "file/out", "out"):
        with pytest.raises(StorageError) as told:
            open_sink(tmp_path / wrong)
        assert told.value.where == str(tmp_path / wrong)
        assert told.value.hint
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_file_that_another_one_is_writing_is_left_alone(tmp_path: Path) -> None:
    """Two maps into one file: the second is told, the first one's rows stay."""
    path = tmp_path / "out.jsonl"
    first = FileSink(path)
    first.write(b"whole\n")
    with pytest.raises(StorageError) as told:
        FileSink(path)
    assert "another process" in told.value.message
    assert "--out" in told.value.hint
    first.finish(is_complete=True)
    assert path.read_bytes() == b"whole\n"
    again = FileSink(path)
    again.finish(is_complete=True)
    assert path.read_bytes() == b""


def test_full_disk_is_told_and_leaves_no_file(tmp_path: Path) -> None:
    """What could not be written does not stand."""

    class Full(FileSink):
        def _open(self) -> BinaryIO:
            self._temporary.touch()
            return open("/dev/full", "wb", buffering=1 << 20)  # noqa: PTH123

    path = tmp_path / "out.jsonl"
    sink = Full(path)
    sink.write(b"small: it waits in the buffer\n")
    with pytest.raises(StorageError, match="No space"):
        sink.finish(is_complete=True)
    sink.finish(is_complete=False)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_file_is_streamed_to_and_stays(tmp_path: Path) -> None:
    """A named pipe is not replaced by a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        sink = open_sink(pipe)
        sink.write(b"1\n")
        assert os.read(reader, 9) == b"1\n"
        sink.finish(is_complete=True)
        assert pipe.is_fifo()
    finally:
        os.close(reader)


def test_stream_gets_rows_at_once_and_stays_open() -> None:
    """stdout is not ours to close."""
    stream = io.BytesIO()
    sink = StreamSink(stream)
    sink.write(b"1\n")
    sink.finish(is_complete=True)
    assert stream.getvalue() == b"1\n"


def test_jsonl_row_has_the_contracted_keys() -> None:
    """An answer that was cut says so; others don't."""
    encode = JsonlEncoder().encode
    assert encode(MapRow(1, "x", None, _USAGE)) == (
        b'{"id":1,"output":"x","error":null,"usage":'
        b'{"tokens_in":3,"tokens_out":2,"tokens_cached":1}}\n'
    )
    assert b'"is_cut":true' in encode(MapRow(1, "x", None, RowUsage(1, 1, 0, True)))


def test_csv_has_a_column_for_each_property() -> None:
    """Objects are spread, missing ones empty, formulas harmless."""
    encoder = CsvEncoder(("name", "tags"))
    data = encoder.header() + b"".join(
        (
            encoder.encode(MapRow("a", {"name": "=1+1", "tags": [1]}, None, _USAGE)),
            encoder.encode(MapRow(2, None, 'line 2: "bad"\nrow', None)),
        )
    )
    assert list(csv.reader(io.StringIO(data.decode(), newline=""))) == [
        [
            "id",
            "output.name",
            "output.tags",
            "error",
            "tokens_in",
            "tokens_out",
            "tokens_cached",
        ],
        ["a", "'=1+1", "[1]", "", "3", "2", "1"],
        ["2", "", "", 'line 2: "bad"\nrow', "0", "0", "0"],
    ]
