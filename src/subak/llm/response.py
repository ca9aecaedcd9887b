"""Response: one HTTP/1.1 answer, read while it arrives, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from subak.errors import BrokenAnswer
from subak.llm.chunked import Chunked
from subak.llm.head import Head, read_head

_MAX_HEAD = 64 << 10
_MAX_BYTES = 16 << 20
_MAX_REFUSAL = 64 << 10
_END_OF_HEAD = b"\r\n\r\n"
_HINT = "subak doctor checks whether this is a model server"
Take = Callable[[bytes], None]


class Response:
    """Feed it what arrives; it knows status, headers and when it is whole.

    Args:
        where: The address asked, for errors.
        take: Gets the body of a 200 answer piece by piece; what it raises ends the
            reading. The body of any other answer, or without it, is kept.
        read: Reads a head.
    """

    __slots__ = (
        "_body",
        "_chunked",
        "_left",
        "_read",
        "_rest",
        "_size",
        "_take",
        "headers",
        "is_kept_open",
        "is_whole",
        "status",
        "where",
    )

    def __init__(
        self,
        where: str,
        take: Take | None = None,
        read: Callable[[bytes], Head] = read_head,
    ) -> None:
        self.where = where
        self._read = read
        self.status = 0
        self.headers: Mapping[str, str] = {}
        self.is_whole = False
        self.is_kept_open = False
        self._take = take or self._keep
        self._body = bytearray()
        self._rest = b""
        self._chunked: Chunked | None = None
        self._left: int | None = None  # None: the body ends with the connection
        self._size = 0

    @property
    def has_begun(self) -> bool:
        """Tell whether a single byte of it has come."""
        return self.status != 0 or bool(self._rest)

    @property
    def body(self) -> bytes:
        """Return the body, where it was not handed on."""
        return bytes(self._body)

    def feed(self, data: bytes) -> None:
        """Read what has arrived.

        Raises:
            BrokenAnswer: It is not HTTP, too large, or not what was asked for.
        """
        if not self.status:
            data = self._read_head(self._rest + data)
            if not self.status:
                return
        self._read_body(data)

    def end(self) -> bool:
        """Note the end of the connection; tell whether the answer may end so."""
        if self.status and self._chunked is None and self._left is None:
            self.is_whole = True
        return self.is_whole

    def _read_head(self, data: bytes) -> bytes:
        """Read status and headers, if they are all there; return what follows."""
        if not data.startswith(b"HTTP/1."[: len(data)]):
            raise self._no_http()
        head, found, rest = data.partition(_END_OF_HEAD)
        if len(head) > _MAX_HEAD:
            raise BrokenAnswer(
                f"the headers are larger than {_MAX_HEAD >> 10} KB",
                where=self.where,
                hint=_HINT,
            )
        if not found:
            self._rest = data
            return b""
        try:
            told = self._read(head)
        except ValueError as error:
            raise self._no_http() from error
        self._rest = b""
        if told.status < 200:  # an announcement, the answer follows
            return self._read_head(rest) if rest else b""
        self._begin(told)
        return rest

    def _begin(self, head: Head) -> None:
        """Decide where the body ends and whether it is one to read."""
        self.status, self.headers = head.status, head.headers
        self.is_kept_open = head.is_kept_open
        self._left = head.length
        if head.is_chunked:
            self._chunked = Chunked()
        self.is_whole = self._left == 0
        if self.status != 200:
            self._take = self._keep
        elif head.strange:
            raise BrokenAnswer(
                f"the model server answered with {head.strange}",
                where=self.where,
                hint=_HINT,
            )
        elif self._left is not None and self._left > _MAX_BYTES:
            raise self._too_large()

    def _read_body(self, data: bytes) -> None:
        if self._chunked is not None:
            data = self._unchunk(data)
        elif self._left is not None:
            if len(data) > self._left:
                self.is_kept_open = False
                data = data[: self._left]
            self._left -= len(data)
            self.is_whole = self._left == 0
        if not data:
            return
        self._size += len(data)
        if self.status != 200 and self._size > _MAX_REFUSAL:
            self.is_whole, self.is_kept_open = True, False
            return
        if self._size > _MAX_BYTES:
            raise self._too_large()
        self._take(data)

    def _unchunk(self, data: bytes) -> bytes:
        assert self._chunked is not None
        try:
            data = self._chunked.feed(data)
        except ValueError as error:
            raise self._no_http() from error
        if self._chunked.is_whole:
            self.is_whole = True
            self.is_kept_open = self.is_kept_open and not self._chunked.surplus
        return data

    def _keep(self, data: bytes) -> None:
        self._body += data

    def _no_http(self) -> BrokenAnswer:
        return BrokenAnswer(
            "the server does not speak HTTP", where=self.where, hint=_HINT
        )

    def _too_large(self) -> BrokenAnswer:
        return BrokenAnswer(
            f"the answer is larger than {_MAX_BYTES >> 20} MB", where=self.where
        )
