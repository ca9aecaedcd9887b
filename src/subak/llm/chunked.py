"""Chunked: takes a body in chunks (RFC 9112, section 7.1) apart as it arrives."""

from __future__ import annotations

_LONGEST_LINE = 4_096


class Chunked:
    """Feed it what arrives; it returns what is body.

    Attributes:
        is_whole: The last chunk and what follows it have been read.
        surplus: Bytes that came behind the end.
    """

    __slots__ = ("_in_trailer", "_left", "_rest", "is_whole", "surplus")

    def __init__(self) -> None:
        self.is_whole = False
        self.surplus = b""
        self._rest = b""  # the beginning of a line that has not ended yet
        self._left = 0  # of the chunk, with the line break that ends it
        self._in_trailer = False

    def feed(self, data: bytes) -> bytes:
        """Return the body in these bytes.

        Raises:
            ValueError: They are not chunks.
        """
        if self._rest:
            data, self._rest = self._rest + data, b""
        parts: list[bytes] = []
        size = len(data)
        at = self._take_whole(data, parts) if not self._left else 0
        while at < size and not self.is_whole:
            if self._left:
                at = self._read_chunk(data, at, parts)
                continue
            end = data.find(b"\r\n", at)
            if end < 0:
                if size - at > _LONGEST_LINE:
                    raise ValueError("a line without end")
                self._rest = data[at:]
                break
            self._left = self._read_line(data[at:end])
            at = end + 2
        if self.is_whole:
            self.surplus = data[at:]
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _take_whole(self, data: bytes, parts: list[bytes]) -> int:
        """Take the chunks that are here as a whole; return where they end."""
        at = 0
        while not self._in_trailer and (end := data.find(b"\r\n", at)) >= 0:
            begin, size = end + 2, _size(data[at:end])
            stop = begin + size
            if not size or data[stop : stop + 2] != b"\r\n":
                break
            parts.append(data[begin:stop])
            at = stop + 2
        return at

    def _read_chunk(self, data: bytes, at: int, parts: list[bytes]) -> int:
        """Read on in a chunk or the line break behind it; return where that ends."""
        inner = self._left - 2
        if inner > 0:
            piece = data[at : at + inner]
            parts.append(piece)
            self._left -= len(piece)
            return at + len(piece)
        if data[at] != b"\r\n"[-self._left]:
            raise ValueError("a chunk of another size than it says")
        self._left -= 1
        return at + 1

    def _read_line(self, line: bytes) -> int:
        """Read a chunk's first line; return its size with the line break behind it."""
        if self._in_trailer:
            self.is_whole = not line
            return 0
        size = _size(line)
        self._in_trailer = size == 0
        return size + 2 if size else 0


def _size(line: bytes) -> int:
    size = int(line.partition(b";")[0], 16)
    if size < 0:
        raise ValueError("a negative size")
    return size
