"""Refusals: what to make of calls that a server turns away.

With Retry-After it is a rate limit: pause, then keep a pace. Without, it is the number
of calls at once, unless more than that were accepted before: then it is a rate, too.
Some servers refuse now and then whatever is sent. When refusals come one at a time and
seldom, all bounds are lifted for a trial; a bunch of refusals ends it.
"""

from __future__ import annotations

from dataclasses import dataclass

from subak.engine.ending import Ending
from subak.engine.tuning.ceiling import Ceiling
from subak.engine.tuning.constants import LONGEST_ASKED_PAUSE_S, LONGEST_PAUSE_S
from subak.engine.tuning.pace import Pace
from subak.engine.tuning.traffic import OpenCall

_LONE_BEFORE_TRIAL = 3
_TRIAL_GROWTH = 2
_SELDOM = 8  # answers between two refusals
_BUNCH = 3
_BUNCH_SHARE = 0.25
_FIRST_PAUSE_S = 0.25
_FIRST_RATE_PAUSE_S = 0.7
_LARGEST_EXPONENT = 7
_LARGEST_RATE_EXPONENT = 6


@dataclass(frozen=True, slots=True)
class Refused:
    """What a refusal led to.

    Args:
        ceiling: Calls at once that were accepted, None if that was not the matter.
        reason: What changed, in words; "" if nothing did.
        is_away: The server took no call at all.
    """

    ceiling: int | None = None
    reason: str = ""
    is_away: bool = False


class Refusals:
    """Turn refusals into a pause, a pace and a ceiling."""

    def __init__(self) -> None:
        self.ceiling = Ceiling()
        self.pace = Pace()
        self._pause_until = 0.0
        self._paused_at = float("-inf")  # calls sent until here did not know
        self._in_a_row = 0
        self._known_at = float("-inf")  # when the last refusal came
        self._burst = 0  # refusals of calls sent before one was known
        self._lone = 0  # refusals in a row that came alone and after many answers
        self._answers = 0  # since the last refusal
        self._needed = _LONE_BEFORE_TRIAL
        self._is_trial = False

    def ready_at(self, now: float) -> float:
        """Return the earliest time for the next call."""
        ready = max(now, self._pause_until)
        if self.pace.per_s is None:
            return ready
        return max(ready, self.pace.next_send)

    def accepted(self) -> None:
        """Note that a call was accepted."""
        self._in_a_row = 0

    def answered(self) -> None:
        """Note a whole answer."""
        self._in_a_row = 0
        self._answers += 1

    def take(
        self, number: int, call: OpenCall, ending: Ending, in_flight: int, now: float
    ) -> Refused:
        """Learn from a refusal.

        Args:
            in_flight: Calls that are still in flight: so many were accepted.
        """
        self._in_a_row += 1
        asked = ending.retry_after_s
        if asked is not None:
            self._pause(now + min(max(0.0, asked), LONGEST_ASKED_PAUSE_S))
        if self._is_by_chance(call.sent_at, in_flight, now):
            return Refused(reason=self._start_trial())
        if ending.kind == "rate_limited" and asked is not None:
            return self._slow_down(
                number, now, is_old_news=call.sent_at <= self._paused_at
            )
        return self._count(number, call, ending, in_flight, now)

    def _is_by_chance(self, sent_at: float, in_flight: int, now: float) -> bool:
        """Tell whether the server seems to refuse whatever we send."""
        self._burst = self._burst + 1 if sent_at <= self._known_at else 1
        self._known_at = now
        if self._burst == 1:
            self._lone = self._lone + 1 if self._answers >= _SELDOM else 0
            self._answers = 0
        is_bunch = self._burst >= max(_BUNCH, _BUNCH_SHARE * (in_flight + self._burst))
        if is_bunch or self._in_a_row >= _BUNCH:
            self._lone = 0
            if self._is_trial:
                self._is_trial = False
                self._needed *= _TRIAL_GROWTH
                self._in_a_row = 1  # the pause grows from here
                self.pace.resume()
        return self._is_trial or self._lone >= self._needed

    def _start_trial(self) -> str:
        if self._is_trial:
            return ""
        self._is_trial = True
        self.ceiling.clear()
        self.pace.suspend()
        return "refused now and then only: tried without a bound"

    def _count(
        self, number: int, call: OpenCall, ending: Ending, in_flight: int, now: float
    ) -> Refused:
        meeting = self.ceiling.meet(call.sent_at, max(1, in_flight), now)
        if ending.kind == "rate_limited":
            is_new = meeting != "same burst"
            if is_new and (self.pace.is_known or meeting == "more were accepted"):
                self.ceiling.clear()
                exponent = min(_LARGEST_RATE_EXPONENT, self._in_a_row - 1)
                wait = min(LONGEST_PAUSE_S, _FIRST_RATE_PAUSE_S * 2**exponent)
                self._pause(now + wait)
                return self._slow_down(number, now, is_old_news=False)
            if self.pace.is_known:
                return Refused()
        exponent = min(_LARGEST_EXPONENT, self._in_a_row // (in_flight + 1))
        self._pause(now + min(LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**exponent))
        if in_flight == 0:
            self.ceiling.undo_burst()
            return Refused(reason="the server took no call at all", is_away=True)
        before = self.ceiling.calls
        self.ceiling.set(in_flight, now)
        ceiling = self.ceiling.calls
        if ceiling == before:
            return Refused(ceiling)
        return Refused(ceiling, f"the server turned call {in_flight + 1} at once away")

    def _slow_down(self, number: int, now: float, *, is_old_news: bool) -> Refused:
        said = self.pace.refused(number, now, is_old_news=is_old_news)
        self._paused_at = max(self._paused_at, now)
        return Refused(reason=said)

    def _pause(self, until: float) -> None:
        self._pause_until = max(self._pause_until, until)
