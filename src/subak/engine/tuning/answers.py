"""AnswerSight: what whole answers tell where nothing is seen before they end."""

from __future__ import annotations

from collections import deque

from subak.engine.ending import Ending
from subak.engine.tuning.completions import USUAL_VARIANCE, CompletionRound
from subak.engine.tuning.queueing import Service, infer_slots, work_of
from subak.engine.tuning.search import Search
from subak.engine.tuning.traffic import OpenCall, Traffic

_FILLED = 0.85
_FEWEST_ANSWERS = 4
_FEWEST_WATCHED = 6
_MOST_BISECTED = 16
_HISTORY = 60
_FIRST_ANSWERS = 20  # while a stream may still turn out to be none
_RETREAT = 0.8


class AnswerSight:
    """Measure levels by their answers, and tell the search."""

    def __init__(self, traffic: Traffic, search: Search) -> None:
        self._traffic = traffic
        self._search = search
        self._round = CompletionRound()
        self._variance_before = USUAL_VARIANCE
        self._services: deque[Service] = deque()
        self.token_share = 1.0

    @property
    def level_begun_at(self) -> float:
        """Return when the present level began."""
        return self._round.begun_at

    def begin(self, now: float) -> None:
        """Begin a level."""
        self._round = CompletionRound(now)

    def sent(self, call: OpenCall, *, is_blind: bool) -> None:
        """Remember when a call left, as long as slots may have to be inferred."""
        if not is_blind and self._traffic.answered >= _FIRST_ANSWERS:
            return
        call.service = Service(call.sent_at)
        self._services.append(call.service)
        if len(self._services) > _HISTORY + 2 * self._search.level:
            self._services.popleft()

    def answered(
        self, call: OpenCall, now: float, seconds: float, ending: Ending
    ) -> None:
        """Add an answer to the present level, if it lived wholly there."""
        tokens_in = ending.tokens_in or call.tokens_in
        tokens_out = max(ending.tokens_out, call.streamed)
        if call.service is not None:
            call.service.ended_at = now
            call.service.work = work_of(tokens_in, tokens_out)
        if call.sent_at >= self.level_begun_at:
            self._round.add(seconds, tokens_in, tokens_out, ending.queue_s)
            self.token_share = self._round.token_share

    def find_slots(self, *, may_infer: bool) -> int | None:
        """Return the number of slots as soon as the answers show it."""
        if self._search.phase != "ramp":
            return None
        if self._round.tells_queue:
            return self._round.queued_slots(self._search.level)
        if not may_infer:
            return None
        return infer_slots(self._services, self._search.level)

    def judge(self, now: float, limit: int, *, some_wait: bool) -> bool:
        """Tell the search once the level is measured; True if it retreated.

        Call it after each answer, while that still counts as in flight.

        Args:
            now: Monotonic seconds.
            limit: Calls that may be in flight.
            some_wait: Calls are seen to wait at the server. The first answers of a
                level are then those that did not, and make it look too good.
        """
        search, answers = self._search, self._round
        if search.phase == "hold" and search.probe is None:
            return self._watch(now)
        if self._traffic.in_flight + 1 < _FILLED * limit:
            return False
        if not self._is_clear() or (some_wait and answers.count < search.level):
            return False
        self._variance_before = answers.variance
        goodput = answers.goodput(search.level)
        search.measured(now, lambda: goodput)
        return False

    def _is_clear(self) -> bool:
        """Tell whether the answers suffice to judge the present level."""
        search, answers = self._search, self._round
        if search.phase != "ramp":
            enough = max(_FEWEST_ANSWERS, min(search.level, _MOST_BISECTED))
            return answers.count >= enough
        if answers.count < _FEWEST_ANSWERS:
            return False
        before = search.before
        if before is None or answers.count >= search.level:
            return True
        return not answers.is_unclear(search.level, before, self._variance_before)

    def _watch(self, now: float) -> bool:
        search = self._search
        if self._round.count < max(_FEWEST_WATCHED, search.level):
            return False
        goodput = self._round.goodput(search.level)
        search.goodputs[search.level] = lambda: goodput
        if search.retreat(now, _RETREAT):
            return True
        self.begin(now)
        return False
