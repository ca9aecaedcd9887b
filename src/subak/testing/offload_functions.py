"""Functions for workers that behave well or badly, to try executors with."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from subak.errors import MissingExtra, Overloaded, Refused


def echo(payload: bytes) -> bytes:
    """Return the bytes."""
    return payload


def show_process(_payload: bytes) -> bytes:
    """Return the id of the process that is working."""
    return str(os.getpid()).encode()


def show_niceness(_payload: bytes) -> bytes:
    """Return how far the process stands back."""
    return str(os.nice(0)).encode()


def crash(_payload: bytes) -> bytes:
    """End the process as a fault in a parser would."""
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def crash_once(payload: bytes) -> bytes:
    """End the process unless the file named by the payload is there; make the file."""
    marker = Path(payload.decode())
    if marker.exists():
        return b"survived"
    marker.touch()
    return crash(payload)


def refuse(payload: bytes) -> bytes:
    """Raise one of subak's errors."""
    raise Refused(payload.decode(), where="a place", hint="a way out")


def overload(_payload: bytes) -> bytes:
    """Raise an error that carries a number."""
    raise Overloaded("try later", retry_after_s=2.5)


def miss(_payload: bytes) -> bytes:
    """Raise an error that is made of other texts than it shows."""
    raise MissingExtra("semantic", "search")


def stumble(payload: bytes) -> bytes:
    """Raise what nobody expects."""
    raise ValueError(payload.decode())


def interrupt(payload: bytes) -> bytes:
    """Get the signal of Ctrl-C, and return the bytes all the same."""
    os.kill(os.getpid(), signal.SIGINT)
    return payload


def meet(payload: bytes) -> bytes:
    """Wait in the folder of that name until a second process is there as well."""
    folder = Path(payload.decode())
    (folder / str(os.getpid())).touch()
    for _ in range(1_000):
        if len(list(folder.iterdir())) == 2:
            return show_process(payload)
        time.sleep(0.01)
    raise TimeoutError("nobody came")


def linger(payload: bytes) -> bytes:
    """Take as many seconds as the payload says, then return it."""
    time.sleep(float(payload))
    return payload
