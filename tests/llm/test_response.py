"""Response: HTTP answers are read within bounds, and never taken for whole too soon."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.errors import BrokenAnswer
from subak.llm.response import Response

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
SIZED = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nX-Two:  words here \r\n\r\nok"
UNSIZED = b"HTTP/1.1 200 OK\r\n\r\nok"
REFUSED = b"HTTP/1.1 429 Slow Down\r\nRetry-After: 3\r\nContent-Length: 2\r\n\r\nno"


def _read(sent: bytes, step: int = 1 << 20, *, ends: bool = True) -> Response:
    answer = Response("http://x")
    for at in range(0, len(sent), step):
        answer.feed(sent[at : at + step])
    if ends and not answer.is_whole:
        answer.end()
    return answer


@given(st.sampled_from([CHUNKED, SIZED, UNSIZED]), st.integers(1, 80))
def test_answer_is_the_same_however_it_arrives(sent: bytes, step: int) -> None:
    """Byte by byte or at once, with a size, in chunks or until the end."""
    answer = _read(sent, step)
    assert (answer.status, answer.body, answer.is_whole) == (200, b"ok", True)


@given(st.sampled_from([CHUNKED, SIZED]), st.data())
def test_cut_answer_is_never_whole(sent: bytes, data: st.DataObject) -> None:
    """Whatever is missing at the end, it shows."""
    kept = data.draw(st.integers(0, len(sent) - 1))
    assert not _read(sent[:kept]).is_whole


@pytest.mark.parametrize(
    ("sent", "is_kept_open"),
    [
        (CHUNKED, True),
        (SIZED, True),
        (UNSIZED, False),
        (REFUSED, True),
        (CHUNKED + b"more", False),
        (SIZED + b"more", False),
        (SIZED.replace(b"X-Two", b"Connection: close\r\nX-Two"), False),
        (SIZED.replace(b"HTTP/1.1", b"HTTP/1.0"), False),
    ],
)
def test_connection_is_used_again_only_after_a_clean_end(
    sent: bytes, is_kept_open: bool
) -> None:
    """The server must want it, and nothing may be left on it."""
    assert _read(sent).is_kept_open is is_kept_open


def test_headers_are_found_in_lower_case() -> None:
    """Servers write them as they like."""
    assert _read(SIZED).headers["x-two"] == "words here"
    assert _read(REFUSED).headers["retry-after"] == "3"


def test_announcement_is_not_the_answer() -> None:
    """100 and 103 come before it."""
    sent = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + SIZED
    for step in (1, 30, 1 << 20):
        assert _read(sent, step).body == b"ok"


def test_body_is_handed_on_piece_by_piece() -> None:
    """Whoever takes it gets it as it comes; a refusal is kept instead."""
    taken: list[bytes] = []
    for sent in (CHUNKED, REFUSED):
        answer = Response("http://x", taken.append)
        answer.feed(sent)
        assert answer.body == (b"" if sent is CHUNKED else b"no")
    assert taken == [b"ok"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"SSH-2.0-OpenSSH\r\n", "does not speak HTTP"),
        (b"HTTP/1.1\r\n\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 OK 200\r\n\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "does not speak HTTP"),
        (CHUNKED.replace(b"2\r\nok", b"x\r\nok"), "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, "headers are larger"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000, "headers are larger"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", "larger than 16 MB"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (17 << 20), "larger than 16 MB"),
        (SIZED.replace(b"X-Two", b"Content-Encoding: br\r\nX-Two"), "br data"),
        (SIZED.replace(b"X-Two", b"Content-Type: text/HTML; x\r\nX-Two"), "HTML page"),
    ],
)
def test_what_is_no_answer_is_refused_at_once(sent: bytes, said: str) -> None:
    """Not HTTP, too large, packed, or a page."""
    with pytest.raises(BrokenAnswer, match=said):
        _read(sent, 4_096, ends=False)


def test_endless_refusal_is_read_no_further_than_its_cap() -> None:
    """The beginning says enough."""
    answer = _read(b"HTTP/1.1 500 No\r\n\r\n" + b"x" * (1 << 20), 4_096)
    assert answer.is_whole
    assert not answer.is_kept_open
    assert len(answer.body) <= 64 << 10


@given(st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes_are_an_answer_or_a_broken_one(rest: bytes, step: int) -> None:
    """Nothing a server sends raises anything else."""
    for sent in (rest, b"HTTP/1.1 200 OK\r\n" + rest, CHUNKED[:-9] + rest):
        with suppress(BrokenAnswer):
            _read(sent, step)
