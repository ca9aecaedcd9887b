"""Head: the head of an HTTP/1.1 answer, and what it says of the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers, read.

    Args:
        headers: Names in lower case; the first of several of a name.
        is_chunked: The body comes in chunks.
        length: Bytes of the body; None where its end must be found otherwise.
        is_kept_open: Another answer may follow on the connection.
        strange: What the body is instead of text, in words; "" for nothing odd.
    """

    status: int
    headers: Mapping[str, str]
    is_chunked: bool
    length: int | None
    is_kept_open: bool
    strange: str


class Heads:
    """Reads heads; one that is the same as the last of a server costs nothing."""

    def __init__(self) -> None:
        self._data = b""
        self._head: Head | None = None

    def read(self, data: bytes) -> Head:
        """Return the head in these bytes, without the empty line at its end.

        Raises:
            ValueError: It is none.
        """
        if self._head is None or data != self._data:
            self._head = read_head(data)
            self._data = data
        return self._head


def read_head(data: bytes) -> Head:
    """Return the head in these bytes, without the empty line at its end.

    Raises:
        ValueError: It is none.
    """
    first, *lines = data.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if len(words) < 2:
        raise ValueError("no status")
    status = _number(words[1])
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or name != name.strip():
            raise ValueError("no header")
        headers.setdefault(name.lower(), value.strip())
    is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    length = None
    if not is_chunked and "content-length" in headers:
        length = _number(headers["content-length"])
    if status in {204, 304}:
        is_chunked, length = False, 0
    connection = headers.get("connection", "").lower()
    is_old = first.startswith("HTTP/1.0")
    wants = "keep-alive" in connection if is_old else "close" not in connection
    is_kept_open = wants and (is_chunked or length is not None)
    return Head(status, headers, is_chunked, length, is_kept_open, _strange(headers))


def _strange(headers: Mapping[str, str]) -> str:
    encoding = headers.get("content-encoding", "identity").lower()
    if encoding != "identity":
        return f"{encoding} data"
    is_page = headers.get("content-type", "").lower().startswith("text/html")
    return "an HTML page" if is_page else ""


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("not a number")
    return int(text)
