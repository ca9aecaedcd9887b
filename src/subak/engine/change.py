"""One change of the store on its way through the writer thread and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar, cast

import apsw

from subak.engine.storage import SURROUNDINGS, storage_error
from subak.errors import SubakError

T = TypeVar("T")

_CAUSED_BY_DATA = (
    apsw.Error,
    SubakError,
    ArithmeticError,
    LookupError,
    OSError,
    TypeError,
    ValueError,
)


class Change(Generic[T]):
    """A function of the writer's connection, and where its outcome is told.

    Guarantees: ``settle`` tells the outcome once, in the loop that waits if there is
    one and it is still open.
    Assumes: ``apply`` and ``settle`` run in the writer thread; the function touches
    nothing but the database, because it is called again when its group fails.
    """

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

    def apply(self, connection: apsw.Connection) -> None:
        """Run the function in a savepoint of its own, so that it fails alone.

        Raises:
            apsw.Error: SQLite gave up the whole transaction.
        """
        self.error = None
        connection.execute("SAVEPOINT change")
        try:
            self._value = self._function(connection)
        except _CAUSED_BY_DATA as error:
            self.error = error
            connection.execute("ROLLBACK TO change")
        connection.execute("RELEASE change")

    def fail(self, error: Exception, path: Path) -> None:
        """Settle with an error, translated if the disk or the file is to blame."""
        if isinstance(error, SURROUNDINGS):
            self.error = storage_error(error, path)
            self.error.__cause__ = error
        else:
            self.error = error
        self.settle()

    def settle(self) -> None:
        """Tell whoever waits; the change is committed, or has failed."""
        waiting = self._waiting
        if waiting is None:
            return
        with suppress(RuntimeError):  # the loop was closed: nobody is left to tell
            waiting.get_loop().call_soon_threadsafe(self._tell, waiting)

    def _tell(self, waiting: asyncio.Future[T]) -> None:
        if waiting.done():  # cancelled meanwhile
            return
        if self.error is None:
            waiting.set_result(cast("T", self._value))
        else:
            waiting.set_exception(self.error)
