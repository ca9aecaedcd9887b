"""What happens inside a worker process: serve one call after another.

Only bytes cross, as frames of a kind, a length and contents; errors cross as JSON.
Nothing is pickled on the way back, so a worker that a hostile page has taken over
cannot run anything in the program that started it.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import signal
import socket
import struct
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from subak import errors
from subak.errors import MissingExtra, Overloaded, RecipeError, SubakError, Terminal

HEADER = struct.Struct(">cQ")
_READY, _TARGET, _CONTENTS, _RESULT, _ERROR = b"A", b"T", b"C", b"R", b"E"
_NICENESS = 10
_CROSSING: dict[str, type[SubakError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type)
    and issubclass(kind, SubakError)
    and kind not in {RecipeError, MissingExtra}  # made of more than three texts
}


def encode_call(target: str, contents: bytes) -> bytes:
    """Return the frames that ask for ``target`` ("module:function")."""
    return _frame(_TARGET, target.encode()) + _frame(_CONTENTS, contents)


def answer(target: str, contents: bytes) -> tuple[bytes, bytes]:
    """Call the function; return kind and contents of its result or its error."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        # A future, because it is made to carry whatever the function raises.
        call = thread.submit(_call, target, contents)
        error = call.exception()
    if error is not None:
        return _ERROR, _encode_error(error)
    return _RESULT, call.result()


def decode_answer(kind: bytes, contents: bytes, where: str) -> bytes:
    """Return the result, or raise the error that crossed."""
    if kind == _RESULT:
        return contents
    fields = json.loads(contents)
    raised = _CROSSING[fields["error"]]
    error = raised(
        fields["message"], where=fields["where"] or where, hint=fields["hint"]
    )
    if isinstance(error, Overloaded):
        error.retry_after_s = fields["retry_after_s"]
    raise error


def serve(connection: socket.socket) -> None:
    """Answer calls until the other end is closed or its process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICENESS)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    answer_calls(connection)


def answer_calls(connection: socket.socket) -> None:
    """Say that all is ready, then answer calls until the other end is closed."""
    requests = connection.makefile("rb")
    with connection, requests, suppress(ConnectionError):
        connection.sendall(_frame(_READY, b""))
        while (target := _receive(requests)) is not None:
            contents = _receive(requests)
            if contents is None:
                return
            connection.sendall(_frame(*answer(target.decode(), contents)))


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _call(target: str, contents: bytes) -> bytes:
    module, _, function = target.partition(":")
    result = getattr(importlib.import_module(module), function)(contents)
    return bytes(result)


def _encode_error(error: BaseException) -> bytes:
    if isinstance(error, SubakError):
        kind, message = _crossing_kind(error), error.message
        where, hint = error.where, error.hint
    else:
        kind, message = Terminal, f"{type(error).__name__}: {error}{_place(error)}"
        where, hint = "", "this is a bug: report it with the item that caused it"
    fields = {
        "error": kind.__name__,
        "message": message,
        "where": where,
        "hint": hint,
        "retry_after_s": getattr(error, "retry_after_s", None),
    }
    return json.dumps(fields).encode()


def _crossing_kind(error: SubakError) -> type[SubakError]:
    """Return its class, or the nearest base that its three texts make."""
    return next(
        kind
        for kind in type(error).__mro__
        if issubclass(kind, SubakError) and kind in _CROSSING.values()
    )


def _place(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f" ({Path(frame.filename).name}:{frame.lineno})"


def _frame(kind: bytes, contents: bytes) -> bytes:
    return HEADER.pack(kind, len(contents)) + contents


def _receive(stream: BinaryIO) -> bytes | None:
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    _kind, size = HEADER.unpack(header)
    contents = stream.read(size)
    return contents if len(contents) == size else None
