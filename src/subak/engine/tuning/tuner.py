"""Tuner: finds how many calls at once an endpoint turns into the most tokens.

Pure logic, one instance an endpoint and model; ``now`` is monotonic seconds. Signals,
best first: slots the server publishes; streams (which run, tokens/s over all); the
server's word on queueing; completions alone; refusals and timeouts bound all of them.
"""

from __future__ import annotations

from collections import deque

from subak.engine.ending import Ending
from subak.engine.tuning.answers import AnswerSight
from subak.engine.tuning.change import Change
from subak.engine.tuning.constants import (
    LARGEST_CAP,
    LARGEST_EXACT_SLOTS,
    LARGEST_PUBLISHED_SLOTS,
    MOST,
    START,
    WARM_START_MOST,
)
from subak.engine.tuning.memory import TunerMemory
from subak.engine.tuning.refusal import Refusals
from subak.engine.tuning.search import Search
from subak.engine.tuning.signal import Signal
from subak.engine.tuning.statistics import LevelSpeed, TunerStatistics
from subak.engine.tuning.streams import StreamSight
from subak.engine.tuning.traffic import OpenCall, Traffic

_FEWEST_TRUSTED = 2
_MARGIN_SHARE = 16  # one call waits at the server for each so many slots
_MOST_CHANGES = 1_000


class Tuner:
    """Decide how many calls may be in flight to one endpoint.

    Guarantees:
        The limit is at least 1 and at most ``cap``. A cancelled call is evidence of
        nothing. ``tokens`` costs a dictionary look-up and three additions.

    Args:
        is_streaming: The client will tell of tokens while they arrive.
        slots: Requests the server says it works on at once.
        cap: Most calls in flight the user allows.
        memory: What an earlier run found out.
    """

    def __init__(
        self,
        *,
        is_streaming: bool = True,
        slots: int | None = None,
        cap: int | None = None,
        memory: TunerMemory | None = None,
    ) -> None:
        self._published = _believable(slots)
        most = MOST if cap is None else max(1, min(cap, LARGEST_CAP))
        if self._published is not None:
            most = min(most, self._published + 1)
        self._slots: int | None = None
        self._memory = memory
        self._traffic = Traffic()
        self._signal = Signal(is_streaming=is_streaming)
        self._refusals = Refusals()
        self._search = Search(_first_level(memory, is_streaming), most, self._began)
        self._streams = StreamSight(self._traffic, self._search)
        self._answers = AnswerSight(self._traffic, self._search)
        self._changes: deque[Change] = deque(maxlen=_MOST_CHANGES)
        self._told = self._search.level
        self._reason = "first guess"
        self._is_started = False
        self._is_held_by_refusal = False

    # what the client asks

    def limit(self, now: float) -> int:
        """Return how many calls may be in flight now."""
        if not self._is_started:
            self._start(now)
        ceiling = self._refusals.ceiling
        if ceiling.calls is None:  # as a rule; this is asked four times a call
            return self._search.level
        if ceiling.is_due(now):
            ceiling.lift(now)
            self._note(now, "more than the server took before, to see")
        return self._bound()

    def ready_at(self, now: float) -> float:
        """Return the earliest time at which the next call may be sent."""
        return self._refusals.ready_at(now)

    def blames_item(self) -> bool:
        """Tell whether a timeout now is the item's own fault, not that of our load."""
        return self._search.level <= max(_FEWEST_TRUSTED, (self._slots or 0) + 1)

    def take_changes(self) -> tuple[Change, ...]:
        """Return the changes since this was asked last."""
        changes = tuple(self._changes)
        self._changes.clear()
        return changes

    def memory(self) -> TunerMemory:
        """Return what is worth keeping for the next run."""
        search = self._search
        level = search.level
        if search.phase != "hold" and search.before is not None:
            level = search.before[0]
        return TunerMemory(
            level=max(1, level),
            slots=self._slots,
            ceiling=self._refusals.ceiling.calls,
            pace_per_s=self._refusals.pace.per_s,
            bad=search.bad,
            is_settled=search.phase == "hold",
        )

    def statistics(self) -> TunerStatistics:
        """Return what the tuner believes now."""
        share = self._answers.token_share if self._signal.sight != "tokens" else 1.0
        levels = tuple(
            LevelSpeed(level, goodput() * share)
            for level, goodput in sorted(self._search.goodputs.items())
        )
        here = [each for each in levels if each.limit == self._search.level]
        return TunerStatistics(
            phase=self._search.phase,
            slots=self._slots if self._slots is not None else self._published,
            ceiling=self._refusals.ceiling.calls,
            pace_per_s=self._refusals.pace.per_s,
            tokens_per_s=here[0].tokens_per_s if here else None,
            reason=self._reason,
            levels=levels,
        )

    # what the client tells

    def send(self, call: int, now: float, tokens_in: int) -> None:
        """Take notice that a call leaves."""
        if not self._is_started:
            self._start(now)
        sent = self._traffic.send(call, now, tokens_in)
        self._answers.sent(sent, is_blind=self._signal.sight == "ends")
        self._refusals.pace.send(call, now)

    def first_token(self, call: int, now: float) -> None:
        """Take notice that the answer to a call has begun."""
        begun = self._traffic.open.get(call)
        if begun is None or begun.first_at is not None or self._signal.sight == "ends":
            return
        self._traffic.begin(begun, now)
        self._refusals.accepted()
        self._streams.began(begun, now)
        if self._published is None and self._traffic.active > (self._slots or MOST):
            self._slots = None  # more run than it was believed to have slots
            self._search.look_again(now)
        self._mark(now)

    def tokens(self, call: int, now: float, count: int) -> None:
        """Take notice that ``count`` more tokens of an answer arrived."""
        told = self._traffic.open.get(call)
        if told is None:
            return
        if told.first_at is None:
            self.first_token(call, now)
        self._traffic.stream(told, now, count)

    def end(self, call: int, now: float, ending: Ending) -> None:
        """Take notice that a call is over."""
        ended = self._traffic.end(call)
        if ended is None or ending.kind == "cancelled":
            return
        if ending.kind == "answered":
            self._answered(ended, now, ending)
        elif ending.kind in ("rate_limited", "turned_away"):
            self._refused(call, ended, now, ending)
        elif ending.kind == "timed_out":
            self._timed_out(ended, now)
        if ending.limits is not None:
            self._note_pace(now, self._refusals.pace.read(ending.limits, self._traffic))

    def tick(self, now: float, backlog: int) -> None:
        """Look at the streams, about every ``TICK_S`` while calls are in flight.

        Args:
            backlog: Calls that wait to be sent.
        """
        search = self._search
        if self._signal.sight != "ends":
            if self._traffic.pending == 0:
                self._mark(now)
            is_open = search.phase != "hold" or self._slots is None
            if is_open and search.probe is None and not self._signal.is_doubtful:
                slots = self._streams.find_slots(now, self._bound())
                if slots is not None:
                    self._hold_at_slots(now, slots)
                    return
        if search.wants_probe(now):
            if self._may_probe(now, backlog):
                search.start_probe(now, self._traffic.duration_s)
            else:
                search.put_off(now)

    # what follows from it

    def _start(self, now: float) -> None:
        self._is_started = True
        self._streams.begin(now)
        self._answers.begin(now)
        published, memory = self._published, self._memory
        if published is not None and published <= LARGEST_EXACT_SLOTS:
            self._slots = published
            self._search.hold(now, published + 1, _works_on(published))
        if memory is None:
            return
        if memory.pace_per_s is not None and memory.pace_per_s > 0:
            self._refusals.pace.remember(memory.pace_per_s, now)
        if memory.ceiling is not None:
            self._refusals.ceiling.remember(memory.ceiling, now)
        self._search.bad = memory.bad
        if self._signal.sight == "ends":
            self._search.first_hold = memory.level
        elif self._slots is None and memory.level > START:
            if memory.is_settled:
                self._search.resume(now, memory.level, may_fall=published is None)
            else:
                self._search.begin(now, memory.level)
        self._note(now, "as in the last run")

    def _began(self, now: float, reason: str) -> None:
        """Begin to measure a level; the search calls this."""
        self._streams.begin(now)
        self._answers.begin(now)
        if reason:
            self._note(now, reason)

    def _mark(self, now: float) -> None:
        if self._signal.sight != "tokens" or not self._traffic.is_flowing:
            return
        ratio = self._streams.mark(now, self._bound())
        if ratio is not None and self._slots is None:
            self._turned(now, ratio)

    def _turned(self, now: float, ratio: float) -> None:
        """Look for a better level: the server is not what it was."""
        if ratio > 1:
            self._search.bad = None
        self._search.probe_soon(now, ratio)

    def _answered(self, call: OpenCall, now: float, ending: Ending) -> None:
        self._refusals.answered()
        tokens_out = max(ending.tokens_out, call.streamed)
        seconds = self._traffic.answer(call, now, tokens_out)
        self._answers.answered(call, now, seconds, ending)
        if self._signal.judge(call, now, tokens_out):
            self._see_less(now)
        if self._signal.sight == "tokens":
            return
        slots = self._answers.find_slots(may_infer=self._signal.sight == "ends")
        if slots is not None:
            self._hold_at_slots(now, slots)
            return
        some_wait = self._signal.sight == "starts" and self._traffic.pending > 0
        if self._answers.judge(now, self._bound(), some_wait=some_wait):
            self._slots = None

    def _see_less(self, now: float) -> None:
        """Begin anew if streams that tell less than they seemed to have misled."""
        misled = bool(self._search.goodputs)
        self._streams.clear()
        self._search.goodputs.clear()
        if self._signal.sight == "ends":
            self._slots = None
            self._traffic.forget_starts()
        if misled and self._slots is None:
            level = max(self._search.level, START)
            self._search.restart(now, level, "the stream comes in one piece")

    def _hold_at_slots(self, now: float, slots: int) -> None:
        self._slots = slots
        level = slots + max(1, slots // _MARGIN_SHARE)
        self._search.hold(now, level, _works_on(slots))

    def _refused(self, call: int, ended: OpenCall, now: float, ending: Ending) -> None:
        search = self._search
        refused = self._refusals.take(call, ended, ending, self._traffic.in_flight, now)
        if refused.is_away and self._is_held_by_refusal:
            self._is_held_by_refusal = False
            search.restart(now, search.level, refused.reason)
        elif refused.ceiling is not None and search.phase != "hold":
            ceiling = refused.ceiling
            level = max(ceiling + 1, min(search.level, 2 * ceiling))
            self._is_held_by_refusal = True
            search.hold(now, level, refused.reason)
        elif refused.ceiling is not None or refused.is_away:
            self._note(now, refused.reason)
        else:
            self._note_pace(now, refused.reason)

    def _timed_out(self, call: OpenCall, now: float) -> None:
        traffic, search = self._traffic, self._search
        if call.first_at is None and call.sent_at < traffic.latest_begun:
            return  # later ones were served: it hung, our load is not the reason
        if self._slots is not None:
            keep = self._slots
        elif self._signal.sight == "ends":
            keep = max(1, search.level // 2)
        else:
            keep = traffic.active + 1
        if keep < search.level and call.sent_at >= self._answers.level_begun_at:
            self._refusals.ceiling.set_for_timeout(keep, now)
            search.hold(now, keep, "a call timed out with more")

    def _may_probe(self, now: float, backlog: int) -> bool:
        level = self._search.level
        return (
            self._slots is None
            and self._refusals.ceiling.calls is None
            and not self._refusals.pace.binds(now)
            and backlog >= 2 * level
        )

    def _bound(self) -> int:
        ceiling = self._refusals.ceiling.calls
        level = self._search.level
        return level if ceiling is None else max(1, min(level, ceiling))

    def _note(self, now: float, reason: str) -> None:
        """Remember a change of the limit, if it is one, and the reason."""
        before, self._told = self._told, self._bound()
        if reason:
            self._reason = reason
        if before != self._told:
            self._changes.append(Change(now, before, self._told, self._reason))

    def _note_pace(self, now: float, reason: str) -> None:
        before, self._told = self._told, self._bound()
        if reason:
            self._reason = reason
        if reason or before != self._told:
            self._changes.append(Change(now, before, self._told, self._reason))


def _believable(slots: int | None) -> int | None:
    if slots is None or not 1 <= slots <= LARGEST_PUBLISHED_SLOTS:
        return None
    return slots


def _first_level(memory: TunerMemory | None, is_streaming: bool) -> int:
    if memory is None or is_streaming:
        return START
    return max(START, min(memory.level, WARM_START_MOST))


def _works_on(slots: int) -> str:
    return f"the server works on {slots} at once"
