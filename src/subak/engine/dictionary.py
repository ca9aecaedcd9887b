"""Dictionary: what short texts of one kind share, so that each is packed smaller.

Measured on answers of 200 words: zstd alone 674 bytes, with a dictionary 450; their
prompts 300 and 120.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import apsw
import zstandard

from subak.engine.seal import seal

LEVEL = 3
_SIZE = 32_768
_COPIES = 2  # one flipped bit must not cost every answer of a stage
_SELECT = (
    "SELECT id, copy, stage, model, data, checksum FROM dictionary"
    " WHERE {} ORDER BY id DESC, copy"
)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A trained dictionary and its number in the journal; 0 is none."""

    id: int = 0
    data: bytes = b""

    def compressor(self) -> zstandard.ZstdCompressor:
        """Return what packs with it."""
        if not self.data:
            return zstandard.ZstdCompressor(level=LEVEL)
        return zstandard.ZstdCompressor(
            level=LEVEL, dict_data=self._shared(), write_dict_id=False
        )

    def decompressor(self) -> zstandard.ZstdDecompressor:
        """Return what unpacks with it."""
        if not self.data:
            return zstandard.ZstdDecompressor()
        return zstandard.ZstdDecompressor(dict_data=self._shared())

    def _shared(self) -> zstandard.ZstdCompressionDict:
        return zstandard.ZstdCompressionDict(self.data)


def train(samples: Sequence[bytes]) -> Dictionary:
    """Return a dictionary for texts like these, an empty one if they share nothing.

    25 ms for 150 prompts and answers; source: COVER as zstd implements it.
    """
    try:
        trained = zstandard.train_dictionary(_SIZE, list(samples), k=64, d=6)
    except zstandard.ZstdError:  # too few, too short or too random
        return Dictionary()
    return Dictionary(data=trained.as_bytes())


def find_dictionary(connection: apsw.Connection, number: int) -> Dictionary | None:
    """Return the dictionary of that number, None when no copy of it is sound."""
    return _first_sound(connection, "id = ?", (number,))


def find_newest(
    connection: apsw.Connection, stage: str, model: str
) -> Dictionary | None:
    """Return the newest sound dictionary of a stage's calls of a model."""
    return _first_sound(connection, "stage = ? AND model = ?", (stage, model))


def add_dictionary(
    connection: apsw.Connection, stage: str, model: str, data: bytes
) -> Dictionary:
    """Keep a trained dictionary and return it with its number."""
    newest = "SELECT coalesce(max(id), 0) + 1 FROM dictionary"
    number = int(connection.execute(newest).get)
    for copy in range(_COPIES):
        row = (number, copy, stage, model, data)
        connection.execute(
            "INSERT INTO dictionary VALUES(?, ?, ?, ?, ?, ?)",
            (*row, seal("dictionary", row)),
        )
    return Dictionary(number, data)


def _first_sound(
    connection: apsw.Connection, condition: str, values: tuple[str | int, ...]
) -> Dictionary | None:
    cursor = connection.execute(_SELECT.format(condition), values)
    while True:
        try:
            row = next(cursor)
        except StopIteration:
            return None
        except UnicodeDecodeError:  # a flipped bit in a text column
            continue
        *columns, checksum = row
        if checksum == seal("dictionary", columns):
            return Dictionary(columns[0], columns[4])
