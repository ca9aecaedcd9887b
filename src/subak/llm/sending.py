"""Sending: one try of one call at one server."""

from __future__ import annotations

from subak.engine.clock import Clock
from subak.engine.ending import Ending
from subak.engine.limiter import Slot
from subak.errors import (
    BrokenAnswer,
    ConnectionLost,
    LoopingAnswer,
    NotConnected,
    Overloaded,
    ServerFailed,
    SubakError,
    TimedOut,
    Unreachable,
)
from subak.llm.call import Answered, Call, Failed, Outcome
from subak.llm.call_log import CallLog
from subak.llm.cancel_scope import CancelScope
from subak.llm.member import Member
from subak.llm.model import Completion

_OWN = 1.0
_SHARED = 0.25
_LOOPED = 3.0  # the same sampling loops again: two tries are enough


class Sending:
    """A request under way; the Progress of its stream.

    Guarantees:
        However it ends, the member, the slot and the journal are told once. A failure
        is returned, not raised; a cancellation is raised.
    """

    def __init__(
        self, call: Call, member: Member, slot: Slot, log: CallLog, clock: Clock
    ) -> None:
        self.call = call
        self.member = member
        self.slot = slot
        self.key = call.key_at(member)
        self.started = clock.now()
        self.is_lost_race = False
        self._clock = clock
        self._log = log
        now = clock.monotonic()
        self.watch = member.hang_detector.send(now, call.need.tokens_in, call.cuts)
        self._scope = CancelScope()
        self._was_cut = False
        self._is_sent = False

    def first_token(self) -> None:
        """Tell that the answer has begun."""
        watch, member = self.watch, self.member
        if watch.begun is None:
            now = member.heard_at = self._clock.monotonic()
            member.hang_detector.begin(watch, now)
            member.speed.begun(now - watch.sent)
            member.health.answered()
        self.slot.first_token()
        self._log.began(self)

    def tokens(self, count: int) -> None:
        """Tell that ``count`` more tokens arrived."""
        now = self.member.heard_at = self._clock.monotonic()
        self.watch.tell(now, count)
        self.slot.tokens(count)

    def give_up(self) -> None:
        """Close the connection now: it hangs, or another one was faster."""
        self._scope.make()

    async def run(self) -> Outcome:
        """Send the request; return how it ended."""
        member, watch = self.member, self.watch
        member.sendings[watch.order] = self
        try:
            if not member.health.is_up:
                await self._try_first()
            self._log.sent(self)
            self._is_sent = True
            self.call.tries += 1
            return self._answered(await self._complete())
        except SubakError as error:
            return await self._failed(error)
        finally:
            if watch.order in member.sendings:
                self._leave()
            if self._is_sent:
                self._log.dropped(self)

    def _answered(self, completion: Completion) -> Answered:
        member, now = self.member, self._clock.monotonic()
        member.health.answered()
        member.succeeded_at = member.heard_at = now
        member.speed.answered(completion)
        del member.sendings[self.watch.order]
        member.hang_detector.end(self.watch, now, is_answered=True)
        self.slot.finish(_ending(completion))
        self._is_sent = False
        return Answered(completion, member, self.slot.number, self.started)

    async def _complete(self) -> Completion:
        member = self.member
        try:
            with self._scope:
                completion = await member.endpoint.complete(self.call.sent, self)
        except TimeoutError as error:
            self._was_cut = True
            silent_s = self._clock.monotonic() - self.watch.last
            raise TimedOut(
                f"given up after {silent_s:.0f} s of silence, far longer than this "
                "server usually needs",
                where=member.name,
                hint="subak doctor shows whether it is alive and how much it can do",
            ) from error
        if not completion.text.strip():
            raise BrokenAnswer(
                "the answer is empty",
                where=member.model_id,
                hint="subak logs --failed shows the call",
            )
        return completion

    async def _try_first(self) -> None:
        """Look whether the server is back before anything goes there."""
        try:
            await self.member.probe()
        except Unreachable as error:
            raise NotConnected(
                error.message, where=error.where, hint=error.hint
            ) from error

    async def _failed(self, error: SubakError) -> Outcome:
        if self.is_lost_race:
            return Failed(error, is_refusal=True)
        ending = await self._judged(error)
        blame = self._blame(error, ending)
        self.slot.finish(ending)
        self.call.cuts += self._was_cut
        if self._is_sent:
            self._is_sent = False
            await self._log.failed(self, error)
        return Failed(error, blame, isinstance(error, Overloaded | NotConnected))

    async def _judged(self, error: SubakError) -> Ending:
        member = self.member
        is_lost = _is_lost(error) and self.watch.begun is None
        member.lost += is_lost
        try:
            return await member.judge(error, is_lost=is_lost)
        finally:  # both at once, so that nobody counts this one as alive
            member.lost -= is_lost
            self._leave()

    def _leave(self) -> None:
        self.member.sendings.pop(self.watch.order, None)
        self.member.hang_detector.end(self.watch, self.watch.last, is_answered=False)

    def _blame(self, error: SubakError, ending: Ending) -> float:
        if isinstance(error, Overloaded | NotConnected):
            return 0.0
        if isinstance(error, LoopingAnswer):
            return _LOOPED
        if isinstance(error, TimedOut):
            # Where we gave it up, others were served meanwhile: it is not the load.
            is_own = self._was_cut or self.member.blames_item
            return _OWN if is_own else _SHARED
        if not _is_lost(error) or self.watch.begun is not None:
            return _OWN
        if ending.kind == "turned_away":
            return _SHARED
        return _OWN if self.member.health.is_up else 0.0


def _is_lost(error: SubakError) -> bool:
    return isinstance(error, ConnectionLost) and not isinstance(error, ServerFailed)


def _ending(completion: Completion) -> Ending:
    usage = completion.usage
    return Ending(
        "answered",
        tokens_in=usage.tokens_in,
        tokens_out=usage.tokens_out,
        queue_s=completion.timing.queue_s,
        limits=completion.limits,
    )
