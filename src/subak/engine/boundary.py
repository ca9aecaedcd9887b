"""The task boundary: where an exception becomes a value."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from subak.errors import (
    ConnectionLost,
    Interrupted,
    Retryable,
    SubakError,
    Terminal,
    Unreachable,
    UserError,
)

T = TypeVar("T")

ABORTS = (UserError, Unreachable, Interrupted)
_MESSAGE_CHARS = 500
_DETAIL_CHARS = 2_000
_FRAMES = 5


@dataclass(frozen=True, slots=True)
class Mishap:
    """An error that stays with its item.

    Args:
        error: What the item fails with.
        kind: Class name of what was raised.
        detail: A short traceback if nobody raised it on purpose, else "".
    """

    error: SubakError
    kind: str
    detail: str = ""

    @property
    def is_retryable(self) -> bool:
        """Tell whether another attempt may succeed."""
        return isinstance(self.error, Retryable)


async def contained(
    work: Callable[[], Awaitable[T]], *, stage: str, item: str
) -> T | Mishap:
    """Await ``work()``; return its result, or what went wrong in it.

    Guarantees:
        Errors that end the run (UserError with StorageError and MissingExtra,
        Unreachable, Interrupted) and a cancellation of this task pass through.

    Assumes:
        A CancelledError that comes up although nobody cancelled this task belongs to
        something it awaited, which may succeed the next time.
    """
    try:
        return await work()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return Mishap(
            ConnectionLost("what it waited for was cancelled", where=f"{stage}/{item}"),
            "CancelledError",
        )
    except Exception as error:  # noqa: BLE001 - one bad item is one bad item
        cause = gravest(error)
        if isinstance(cause, ABORTS):
            raise cause from cause.__cause__
        return _mishap(cause, stage, item)


def gravest(error: BaseException) -> BaseException:
    """Return what decides: an error that ends the run, a bug, then the rest."""
    return min(_leaves(error), key=_mildness)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _mildness(error: BaseException) -> int:
    if isinstance(error, ABORTS):
        return 0
    if not isinstance(error, SubakError):
        return 1
    return 3 if isinstance(error, Retryable) else 2


def _mishap(error: BaseException, stage: str, item: str) -> Mishap:
    kind = type(error).__name__
    if isinstance(error, SubakError):
        return Mishap(error, kind)
    bug = Terminal(
        f"{kind}: {error}"[:_MESSAGE_CHARS],
        where=f"{stage}/{item}",
        hint=f"this is a bug in the stage '{stage}'; see `subak logs --failed`",
    )
    return Mishap(bug, kind, _short_traceback(error))


def _short_traceback(error: BaseException) -> str:
    lines = traceback.format_exception(error, limit=-_FRAMES, chain=False)
    return "".join(lines)[-_DETAIL_CHARS:]
