"""Hedge: a call that may be sent to a second server while the first is at it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context

from subak.llm.call import Answered, Call, Outcome
from subak.llm.sending import Sending

_Send = Callable[[], Awaitable[Outcome | None]]


class Hedge:
    """One call, at one server or two.

    Guarantees:
        The first answer wins; the other request is cancelled, and has ended when
        ``run`` returns. A failure counts only when both have failed.
    """

    def __init__(self, call: Call) -> None:
        self.call = call
        self.first: Sending | None = None
        self._context = copy_context()
        self._group = asyncio.TaskGroup()
        self._copy: asyncio.Task[None] | None = None
        self._copied: Outcome | None = None

    @property
    def can_be_copied(self) -> bool:
        """Tell whether the call is at one server only."""
        return self.first is not None and self._copy is None

    async def run(self, send: _Send) -> Outcome:
        """Send the call; return its answer, the copy's answer, or how it failed."""
        async with self._group:
            outcome = await send()
            copy, self.first = self._copy, None
            if copy is not None:
                if isinstance(outcome, Answered):
                    copy.cancel()
                await asyncio.wait([copy])
        if isinstance(self._copied, Answered) and not isinstance(outcome, Answered):
            return self._copied
        if outcome is None:
            raise AssertionError("a call of its own is always sent")
        return outcome

    def copy(self, send: _Send) -> None:
        """Send the call to another server too."""
        self._copy = self._group.create_task(
            self._run_copy(send), context=self._context
        )

    async def _run_copy(self, send: _Send) -> None:
        self._copied = await send()
        if isinstance(self._copied, Answered):
            if self.first is not None:
                self.first.is_lost_race = True
                self.first.give_up()
        elif self._copied is None:  # the place was gone meanwhile
            self._copy = None
