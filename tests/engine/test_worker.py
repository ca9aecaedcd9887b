"""The worker's side of the socket: whole calls are answered, cut ones end it."""

from __future__ import annotations

import socket
import threading

import pytest

from subak.engine.worker import (
    HEADER,
    answer,
    answer_calls,
    decode_answer,
    encode_call,
)
from subak.errors import SubakError, Terminal, UserError

_ECHO = "subak.testing.offload_functions:echo"


def _talk(sent: bytes) -> bytes:
    """Send the bytes to a worker, close, and return all it said."""
    ours, theirs = socket.socketpair()
    worker = threading.Thread(target=answer_calls, args=(theirs,))
    worker.start()
    with ours:
        ours.sendall(sent)
        ours.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: ours.recv(65_536), b""))
    worker.join(10)
    assert not worker.is_alive()
    return said


def test_worker_answers_each_whole_call() -> None:
    """It says it is ready, then gives one answer a call, in order."""
    said = _talk(encode_call(_ECHO, b"one") + encode_call(_ECHO, b"two"))
    assert said[0:1] == b"A"
    rest = said[HEADER.size :]
    for expected in (b"one", b"two"):
        kind, size = HEADER.unpack(rest[: HEADER.size])
        contents = rest[HEADER.size : HEADER.size + size]
        assert decode_answer(kind, contents, "here") == expected
        rest = rest[HEADER.size + size :]
    assert rest == b""


@pytest.mark.parametrize("length", [0, 3, HEADER.size + 5, -HEADER.size - 5, -1])
def test_worker_ends_at_a_call_cut_short(length: int) -> None:
    """A caller that dies within a call ends the worker without an answer."""
    assert len(_talk(encode_call(_ECHO, b"contents")[:length])) == HEADER.size


def test_worker_survives_a_caller_that_does_not_listen() -> None:
    """An answer nobody takes ends the worker quietly."""
    ours, theirs = socket.socketpair()
    ours.sendall(encode_call(_ECHO, b"x" * 10))
    ours.close()
    answer_calls(theirs)
    assert theirs.fileno() == -1


def test_worker_answer_names_the_place_of_a_stumble() -> None:
    """An unexpected error crosses as Terminal with its class, text and line."""
    kind, contents = answer("subak.testing.offload_functions:stumble", b"oh")
    with pytest.raises(Terminal, match=r"ValueError: oh \(offload_functions.py:\d+\)"):
        decode_answer(kind, contents, "here")


def test_worker_error_made_of_more_than_texts_crosses_as_its_base() -> None:
    """MissingExtra can't be made again from its texts, so it arrives as UserError."""
    kind, contents = answer("subak.testing.offload_functions:miss", b"")
    with pytest.raises(UserError) as caught:
        decode_answer(kind, contents, "here")
    assert type(caught.value) is UserError
    assert isinstance(caught.value, SubakError)
