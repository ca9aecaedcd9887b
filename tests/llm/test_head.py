"""Head: what the head of an answer says of its body."""

from __future__ import annotations

import pytest

from subak.llm.head import Heads, read_head

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nX-A: 2"


def test_head_tells_where_the_body_ends() -> None:
    """By chunks, by a length, or with the connection."""
    chunked = read_head(CHUNKED)
    assert (chunked.is_chunked, chunked.length, chunked.is_kept_open) == (
        True,
        None,
        True,
    )
    assert chunked.headers["x-a"] == "1"
    measured = read_head(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close")
    assert (measured.length, measured.is_kept_open) == (7, False)
    endless = read_head(b"HTTP/1.0 200 OK\r\nConnection: keep-alive")
    assert (endless.length, endless.is_kept_open) == (None, False)
    assert read_head(b"HTTP/1.1 204 No Content").length == 0


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1",
        b"HTTP/1.1 abc",
        b"HTTP/1.1 200 OK\r\nno header",
        b"HTTP/1.1 200 OK\r\n folded: x",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1",
    ],
)
def test_head_refuses_what_is_none(data: bytes) -> None:
    """Anything else is not guessed at."""
    with pytest.raises(ValueError, match="no"):
        read_head(data)


def test_heads_read_the_same_head_once() -> None:
    """A server that says the same again is not read again, another word is."""
    heads = Heads()
    first = heads.read(CHUNKED)
    assert heads.read(bytes(bytearray(CHUNKED))) is first
    other = heads.read(CHUNKED.replace(b"200", b"503"))
    assert (other.status, first.status) == (503, 200)
