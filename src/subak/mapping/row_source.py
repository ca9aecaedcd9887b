"""RowSource: the rows of a file, of stdin or of an iterable, in small chunks."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Literal, Protocol

from subak.errors import UserError
from subak.mapping.feed import Feed
from subak.mapping.read_csv import CsvParser
from subak.mapping.read_jsonl import JsonlParser
from subak.mapping.row import BadRow, InputRow, Row, identify

RowFormat = Literal["jsonl", "csv"]
CHUNK = 512
_CHEAP_TO_COUNT_BYTES = 256 << 20
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_EXTENSIONS: Mapping[str, RowFormat] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
}


class RowSource(Protocol):
    """Where rows come from."""

    @property
    def name(self) -> str:
        """Tell where, for messages."""
        ...

    def count(self) -> int | None:
        """Return about how many rows there are, None where counting would cost."""
        ...

    def chunks(self) -> AsyncGenerator[list[Row], None]:
        """Yield the rows in order, at most ``CHUNK`` at a time."""
        ...


class _Parser(Protocol):
    def feed(self, block: bytes) -> list[Row]: ...

    def finish(self) -> list[Row]: ...


class FileRows:
    """The rows of a JSONL or CSV file, or of stdin, read as a stream.

    Raises:
        UserError: It cannot be opened.
    """

    def __init__(self, path: Path | None, form: RowFormat | None = None) -> None:
        self.name = "stdin" if path is None else str(path)
        self._form = form or (None if path is None else _EXTENSIONS.get(path.suffix))
        self._feed = _stdin() if path is None else Feed.open(path)

    def count(self) -> int | None:
        """Return the number of lines of a file of moderate size."""
        is_cheap = self._feed.is_file and self._feed.size_bytes <= _CHEAP_TO_COUNT_BYTES
        if not is_cheap:
            return None
        lines = self._feed.count_lines()
        return max(lines - 1, 0) if self._form == "csv" else lines

    async def chunks(self) -> AsyncGenerator[list[Row], None]:
        """Yield the rows in order.

        Raises:
            UserError: It is neither JSONL nor CSV, or the CSV has no usable header.
        """
        block = await self._head()
        parser = self._parser(block)
        while block:
            for chunk in _sliced(parser.feed(block)):
                yield chunk
            block = await self._feed.read()
        for chunk in _sliced(parser.finish()):
            yield chunk

    def close(self) -> None:
        """Let go of the file."""
        self._feed.close()

    async def _head(self) -> bytes:
        """Return the first block without its byte order mark."""
        block = await self._feed.read()
        while block and len(block) < len(_BOM):
            more = await self._feed.read()
            if not more:
                break
            block += more
        if block.startswith(_UTF_16):
            raise UserError(
                "the input is UTF-16",
                where=self.name,
                hint="iconv -f UTF-16 -t UTF-8 FILE > NEW_FILE",
            )
        return block.removeprefix(_BOM)

    def _parser(self, head: bytes) -> _Parser:
        begin = head.lstrip()[:1]
        form = self._form or ("jsonl" if begin in (b"{", b"[") else "csv")
        if form == "csv":
            return CsvParser(self.name)
        if begin == b"[":
            raise UserError(
                "the input is one JSON array, not JSON Lines",
                where=self.name,
                hint="jq -c '.[]' FILE > rows.jsonl",
            )
        return JsonlParser()


class IterableRows:
    """The rows of a list, a generator or any other iterable of mappings."""

    def __init__(self, rows: Iterable[Mapping[str, object]]) -> None:
        self.name = "rows"
        self._rows = rows

    def count(self) -> int | None:
        """Return the length of whatever knows its own."""
        return len(self._rows) if isinstance(self._rows, list | tuple) else None

    async def chunks(self) -> AsyncGenerator[list[Row], None]:
        """Yield the rows in order, pulled as late as possible."""
        numbered = enumerate(self._rows, 1)
        while chunk := list(islice(numbered, CHUNK)):
            yield [_row(number, values) for number, values in chunk]

    def close(self) -> None:
        """Leave the iterable as it is."""


def _row(number: int, values: object) -> Row:
    if not isinstance(values, Mapping):
        problem = f"a {type(values).__name__} is no mapping of names to values"
        return BadRow(number, number, problem, "give rows such as {'text': ...}")
    return InputRow(number, identify(values, number), values)


def _sliced(rows: list[Row]) -> Iterator[list[Row]]:
    for begin in range(0, len(rows), CHUNK):
        yield rows[begin : begin + CHUNK]


def _stdin() -> Feed:
    try:
        return Feed(sys.stdin.fileno(), is_owned=False)
    except (AttributeError, OSError, ValueError) as error:
        raise UserError("there is no stdin to read", hint="name a file") from error
