"""CompletionRound: goodput at one level where only whole answers are seen.

By Little's law L calls in flight that take ``seconds`` for ``work`` yield
``L * work / seconds``. A sequential test decides as soon as a gain is clear.
"""

from __future__ import annotations

import math

from subak.engine.tuning.constants import GAIN_PER_DOUBLING
from subak.engine.tuning.queueing import work_of

_PRIOR_VARIANCE = 0.09  # of the log of seconds a unit of work, with this much weight
_PRIOR_WEIGHT = 3
_QUEUE_SHARE = 0.12  # of the time a call takes: it waited for a slot
_FEWEST_QUEUED = 2
_SHORTEST_STEP = 0.3
USUAL_VARIANCE = 0.03


class CompletionRound:
    """Collect the answers that lived wholly at one level."""

    def __init__(self, begun_at: float = -math.inf) -> None:
        self.begun_at = begun_at
        self.count = 0
        self._work = 0.0
        self._tokens = 0
        self._seconds = 0.0
        self._logs = 0.0
        self._logs_squared = 0.0
        self._told = 0
        self._queue_s = 0.0
        self._queued_of_s = 0.0

    def add(
        self,
        seconds: float,
        tokens_in: int,
        tokens_out: int,
        queue_s: float | None,
    ) -> None:
        """Add an answer."""
        work = work_of(tokens_in, tokens_out)
        self.count += 1
        self._work += work
        self._tokens += tokens_out
        self._seconds += seconds
        log = math.log(seconds / work)
        self._logs += log
        self._logs_squared += log * log
        if queue_s is not None:
            self._told += 1
            self._queue_s += queue_s
            self._queued_of_s += seconds

    def goodput(self, level: int) -> float:
        """Return the work done in a second."""
        return level * self._work / self._seconds

    @property
    def token_share(self) -> float:
        """Return the output tokens in a unit of work."""
        return self._tokens / self._work if self._work else 0.0

    @property
    def variance(self) -> float:
        """Return the variance of the mean of log seconds a unit of work."""
        mean = self._logs / self.count
        spread = max(0.0, self._logs_squared / self.count - mean * mean)
        total = spread * self.count + _PRIOR_VARIANCE * _PRIOR_WEIGHT
        return total / (self.count + _PRIOR_WEIGHT) / self.count

    @property
    def tells_queue(self) -> bool:
        """Tell whether the server says how long calls waited."""
        return self._told > 0

    def queued_slots(self, level: int) -> int | None:
        """Return the slots by the server's own word on waiting, if it is clear."""
        if self._told < _FEWEST_QUEUED or self._queued_of_s <= 0:
            return None
        share = self._queue_s / self._queued_of_s
        return max(1, round(level * (1 - share))) if share > _QUEUE_SHARE else None

    def is_unclear(
        self, level: int, before: tuple[int, float], variance_before: float
    ) -> bool:
        """Tell whether the gain since the level before may be either good or bad."""
        level_before, goodput_before = before
        doublings = max(_SHORTEST_STEP, math.log2(level / level_before))
        gain: float = (self.goodput(level) / goodput_before) ** (1 / doublings)
        doubt = math.exp(math.sqrt(self.variance + variance_before) / doublings)
        return GAIN_PER_DOUBLING / doubt < gain < GAIN_PER_DOUBLING * doubt
