"""Chunked: bodies come out whole however they were cut up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.llm.chunked import Chunked

BODIES = st.lists(st.binary(min_size=1, max_size=40), max_size=6)
CUTS = st.lists(st.integers(1, 12), min_size=1)


def wire_form(chunks: list[bytes], trailer: bytes = b"") -> bytes:
    """Return a body as it is sent."""
    sent = b"".join(b"%x;a=b\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return sent + b"0\r\n" + trailer + b"\r\n"


def _feed(sent: bytes, cuts: list[int]) -> tuple[bytes, Chunked]:
    chunked, body, at = Chunked(), b"", 0
    while at < len(sent):
        size = cuts[at % len(cuts)]
        body += chunked.feed(sent[at : at + size])
        at += size
    return body, chunked


@given(BODIES, CUTS, st.sampled_from([b"", b"X-Sum: 1\r\n"]))
def test_body_is_the_same_however_it_was_cut(
    chunks: list[bytes], cuts: list[int], trailer: bytes
) -> None:
    """Chunks and reads may begin and end anywhere."""
    body, chunked = _feed(wire_form(chunks, trailer), cuts)
    assert body == b"".join(chunks)
    assert chunked.is_whole
    assert not chunked.surplus


@given(BODIES, CUTS)
def test_unfinished_body_is_never_whole(chunks: list[bytes], cuts: list[int]) -> None:
    """Without the last line break it goes on."""
    _, chunked = _feed(wire_form(chunks)[:-1], cuts)
    assert not chunked.is_whole


def test_what_follows_the_end_is_no_body() -> None:
    """It is kept apart, so that the connection is not used again."""
    chunked = Chunked()
    assert chunked.feed(wire_form([b"all"]) + b"HTTP/1.1 200") == b"all"
    assert chunked.surplus == b"HTTP/1.1 200"


@pytest.mark.parametrize(
    "sent",
    [b"five\r\n", b"-5\r\nhello", b"\r\n", b"3\r\nabcdef\r\n", b"9" * 5_000],
)
def test_what_is_not_chunks_is_refused(sent: bytes) -> None:
    """Sizes that are none, or not the chunk's."""
    with pytest.raises(ValueError, match=r"\w"):
        _feed(sent, [len(sent)])


@given(st.binary(max_size=200), CUTS)
def test_any_bytes_end_in_a_body_or_a_value_error(sent: bytes, cuts: list[int]) -> None:
    """Nothing a server sends breaks the reading."""
    try:
        body, _ = _feed(sent, cuts)
    except ValueError:
        return
    assert len(body) <= len(sent)
