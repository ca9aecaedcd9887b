"""Traffic: the calls in flight, and totals over those that were.

Counts only; draws no conclusion.
"""

from __future__ import annotations

from dataclasses import dataclass

from subak.engine.tuning.queueing import Service

MOST_LUMPS = 2
"""An answer that came in more pieces than this was streamed."""

_MEMORY = 0.8


@dataclass(slots=True)
class OpenCall:
    """One call in flight.

    Args:
        streamed: Output tokens told so far.
        reports: Times they were told.
    """

    sent_at: float
    tokens_in: int
    first_at: float | None = None
    streamed: int = 0
    reports: int = 0
    service: Service | None = None


class Traffic:
    """Count calls, streams and tokens of one endpoint."""

    def __init__(self) -> None:
        self.open: dict[int, OpenCall] = {}
        self.active = 0  # calls in flight whose answer has begun
        self.answered = 0
        self.streamed = 0  # output tokens of all streams
        self.is_flowing = False  # some answer was seen to grow piece by piece
        self.prompts_read = 0  # prompt tokens of all calls that have begun
        self.duration_s: float | None = None
        self.told_at = float("-inf")  # when tokens were told last
        self.latest_begun = float("-inf")  # when the latest call that began was sent
        self._sent = 0
        self._tokens_in = 0
        self._tokens_out = 0

    @property
    def in_flight(self) -> int:
        """Return the number of calls that have not ended."""
        return len(self.open)

    @property
    def pending(self) -> int:
        """Return the number of calls in flight whose answer has not begun."""
        return len(self.open) - self.active

    @property
    def mean_prompt(self) -> float:
        """Return the mean prompt tokens of the calls sent."""
        return self._tokens_in / max(1, self._sent)

    @property
    def mean_output(self) -> float:
        """Return the mean output tokens of the calls answered."""
        return self._tokens_out / max(1, self.answered)

    def send(self, number: int, now: float, tokens_in: int) -> OpenCall:
        """Note that a call leaves."""
        call = self.open[number] = OpenCall(now, max(0, tokens_in))
        self._sent += 1
        self._tokens_in += call.tokens_in
        return call

    def begin(self, call: OpenCall, now: float) -> None:
        """Note that the first token of a call is here."""
        call.first_at = now
        self.active += 1
        self.prompts_read += call.tokens_in
        self.latest_begun = max(self.latest_begun, call.sent_at)

    def end(self, number: int) -> OpenCall | None:
        """Forget a call; None if it is not known."""
        call = self.open.pop(number, None)
        if call is not None and call.first_at is not None:
            self.active -= 1
        return call

    def stream(self, call: OpenCall, now: float, count: int) -> None:
        """Note that ``count`` more tokens of a call are here."""
        self.told_at = now
        call.streamed += count
        call.reports += 1
        self.streamed += count
        if call.reports > MOST_LUMPS:
            self.is_flowing = True

    def answer(self, call: OpenCall, now: float, tokens_out: int) -> float:
        """Note a whole answer; return how long it took."""
        self.answered += 1
        self._tokens_out += tokens_out
        self.streamed += max(0, tokens_out - call.streamed)
        seconds = max(1e-3, now - call.sent_at)
        before = self.duration_s
        self.duration_s = (
            seconds if before is None else _MEMORY * before + (1 - _MEMORY) * seconds
        )
        return seconds

    def forget_starts(self) -> None:
        """Take no call for begun: the starts that were seen meant nothing."""
        self.active = 0
        for call in self.open.values():
            call.first_at = None
