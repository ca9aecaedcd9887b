"""The checksum of a journal row.

It covers every column, the key included: SQLite's own checks see few flipped bits,
and none of an index that points at another row. Both forms are part of the schema:
a different one gets a name of its own.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Sequence

Column = str | int | float | bytes | None
CallRow = tuple[
    *tuple[int, str | bytes, str, float, float, float | None],
    *tuple[int, int, int, str, int, int, int, bytes, bytes],
]
"""The columns of a call from its owner to its response."""

_NUMBERS = struct.Struct("<3d13q")
_NO_NUMBER = math.nan  # stands for NULL: SQLite cannot store it


def seal(table: str, columns: Sequence[Column]) -> bytes:
    """Return the checksum of a row with these columns, in this order."""
    pieces: list[bytes] = []
    for column in columns:
        kind, data = _bytes(column)
        pieces += (b"%b%d:" % (kind, len(data)), data)
    whole = b"".join(pieces)
    return hashlib.blake2b(whole, digest_size=16, person=table.encode()).digest()


def seal_call(row: CallRow) -> bytes:
    """Return the short checksum of a call's row.

    Every answered call has one: 2 us instead of 12, 8 bytes instead of 16.

    Raises:
        OverflowError: A number has more than 64 bits.
    """
    owner, key, item, started, seconds, first, told_in, told_out, told_cached = row[:9]
    finish, slot, again, dictionary, request, response = row[9:]
    is_text = isinstance(key, str)
    name = key.encode() if isinstance(key, str) else key
    place, end = item.encode(), finish.encode()
    first = _NO_NUMBER if first is None else first
    lengths = (len(name), len(place), len(end), len(request), len(response))
    counts = (told_in, told_out, told_cached, slot, again, dictionary, is_text)
    try:
        numbers = _NUMBERS.pack(started, seconds, first, owner, *counts, *lengths)
    except struct.error as error:
        raise OverflowError(str(error)) from error
    whole = b"".join((numbers, name, place, end, request, response))
    return hashlib.blake2b(whole, digest_size=8).digest()


def _bytes(column: Column) -> tuple[bytes, bytes]:
    if isinstance(column, bytes):
        return b"b", column
    if isinstance(column, str):
        return b"s", column.encode("utf-8")
    return b"n", repr(column).encode("ascii")
