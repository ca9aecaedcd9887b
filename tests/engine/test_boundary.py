"""The task boundary: which errors stay with the item and which end the run."""

from __future__ import annotations

import asyncio

import pytest

from subak.engine.boundary import Mishap, contained, gravest
from subak.errors import (
    ConnectionLost,
    InvalidAnswer,
    MissingExtra,
    StorageError,
    SubakError,
    TimedOut,
    Unreachable,
    UserError,
)


def _contain(error: BaseException) -> str | Mishap:
    async def work() -> str:
        raise error

    return asyncio.run(contained(work, stage="facts", item="germany"))


def test_boundary_returns_what_succeeds() -> None:
    """Work without an error is not touched."""

    async def work() -> str:
        return "fine"

    assert asyncio.run(contained(work, stage="facts", item="x")) == "fine"


@pytest.mark.parametrize(
    ("error", "retryable"),
    [(TimedOut("slow"), True), (InvalidAnswer("no"), False), (SubakError("?"), False)],
)
def test_boundary_keeps_errors_raised_on_purpose(
    error: SubakError, retryable: bool
) -> None:
    """A SubakError becomes a value as it is, without a traceback."""
    mishap = _contain(error)
    assert mishap == Mishap(error, type(error).__name__, "")
    assert mishap.is_retryable is retryable


def test_boundary_names_a_bug_with_class_and_traceback() -> None:
    """An error nobody raised on purpose says where to look, and is kept short."""
    mishap = _contain(ValueError("x" * 9_000))
    assert isinstance(mishap, Mishap)
    assert mishap.kind == "ValueError"
    assert mishap.error.message.startswith("ValueError: xxx")
    assert len(mishap.error.message) <= 500
    assert mishap.error.where == "facts/germany"
    assert "this is a bug in the stage 'facts'" in mishap.error.hint
    assert 0 < len(mishap.detail) <= 2_000
    assert not mishap.is_retryable


def test_boundary_traceback_names_the_line() -> None:
    """The detail of a bug leads to its line."""
    mishap = _contain(KeyError("rate"))
    assert isinstance(mishap, Mishap)
    assert "test_boundary.py" in mishap.detail
    assert "raise error" in mishap.detail


@pytest.mark.parametrize(
    "error",
    [
        StorageError("disk full"),
        MissingExtra("ray", "this"),
        UserError("wrong"),
        Unreachable("nobody there"),
    ],
)
def test_boundary_lets_errors_pass_that_end_the_run(error: SubakError) -> None:
    """They come out as they are, even from a stage's own task group."""
    with pytest.raises(type(error)) as caught:
        _contain(error)
    assert caught.value is error
    wrapped = ExceptionGroup("tasks", [TimedOut("slow"), ExceptionGroup("", [error])])
    with pytest.raises(type(error)) as caught:
        _contain(wrapped)
    assert caught.value is error


def test_boundary_lets_a_cancellation_pass() -> None:
    """Whoever cancels the task gets it cancelled."""

    async def scenario() -> None:
        async def work() -> None:
            await asyncio.sleep(60)

        async with asyncio.TaskGroup() as group:
            task = group.create_task(contained(work, stage="s", item="i"))
            await asyncio.sleep(0)
            task.cancel()
        assert task.cancelled()

    asyncio.run(scenario())


def test_boundary_turns_a_foreign_cancellation_into_a_retryable_error() -> None:
    """A cancelled future the work awaited is no cancellation of the task."""

    async def scenario() -> Mishap | None:
        async def work() -> None:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            future.cancel()
            await future

        return await contained(work, stage="s", item="i")

    mishap = asyncio.run(scenario())
    assert isinstance(mishap, Mishap)
    assert isinstance(mishap.error, ConnectionLost)
    assert mishap.kind == "CancelledError"
    assert mishap.is_retryable


def test_gravest_prefers_the_end_of_the_run_then_bugs_then_final_errors() -> None:
    """Of several errors at once the one that decides is found."""
    slow, invalid, bug = TimedOut("slow"), InvalidAnswer("no"), ValueError("bug")
    full = StorageError("disk full")
    assert gravest(slow) is slow
    assert gravest(ExceptionGroup("", [slow, invalid])) is invalid
    assert gravest(ExceptionGroup("", [slow, invalid, bug])) is bug
    nested = ExceptionGroup("", [slow, ExceptionGroup("", [bug, full])])
    assert gravest(nested) is full
