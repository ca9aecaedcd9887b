"""One change of the store on its way through the writer thread and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar, cast

import apsw

from subak.engine.storage import SURROUNDINGS, storage_error
from subak.errors import SubakError

T = TypeVar("T")

CAUSED_BY_DATA = (
    apsw.Error,
    SubakError,
    ArithmeticError,
    LookupError,
    OSError,
    TypeError,
    ValueError,
)
"""What a change may fail with; anything else is a bug of ours."""


class Change(Generic[T]):
    """A function of the writer's connection, and where its outcome is told.

    Guarantees: the outcome is told once, in the loop that waits if there is one and
    it is still open.
    Assumes: ``apply`` and ``fail`` run in the writer thread; the function touches
    nothing but the database, because it is called again when its group fails.
    """

    __slots__ = ("_function", "_value", "_waiting", "error")

    def __init__(
        self,
        function: Callable[[apsw.Connection], T],
        waiting: asyncio.Future[T] | None = None,
    ) -> None:
        self._function = function
        self._waiting = waiting
        self._value: T | None = None
        self.error: Exception | None = None

    @property
    def is_awaited(self) -> bool:
        """Tell whether somebody waits for the outcome."""
        return self._waiting is not None

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """Return the loop in which somebody waits, None when nobody does."""
        return None if self._waiting is None else self._waiting.get_loop()

    def apply(self, connection: apsw.Connection) -> None:
        """Run the function inside the transaction that is open.

        Raises:
            Exception: One of ``CAUSED_BY_DATA``: it failed.
        """
        self._value = self._function(connection)

    def fail(self, error: Exception, path: Path) -> None:
        """Note the error, translated if the disk or the file is to blame."""
        self.error = error
        if isinstance(error, SURROUNDINGS):
            self.error = storage_error(error, path)
            self.error.__cause__ = error

    def tell(self) -> None:
        """Tell whoever waits, in its loop: the change is committed, or has failed."""
        waiting = self._waiting
        if waiting is None or waiting.done():  # cancelled meanwhile
            return
        if self.error is None:
            waiting.set_result(cast("T", self._value))
        else:
            waiting.set_exception(self.error)


def settle(changes: Iterable[Change[object]]) -> None:
    """Tell the outcome of a group: one wake-up of each loop that waits."""
    waiting: dict[asyncio.AbstractEventLoop, list[Change[object]]] = {}
    for change in changes:
        loop = change.loop
        if loop is not None:
            waiting.setdefault(loop, []).append(change)
    for loop, settled in waiting.items():
        with suppress(RuntimeError):  # the loop was closed: nobody is left to tell
            loop.call_soon_threadsafe(_tell_all, settled)


def _tell_all(changes: Sequence[Change[object]]) -> None:
    for change in changes:
        change.tell()
