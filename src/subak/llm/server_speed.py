"""ServerSpeed: how fast one server answers, from the calls it has answered so far."""

from __future__ import annotations

from subak.llm.model import Completion

_KEEP = 0.8  # weight of the past against the newest call
_STREAM_TOKENS = 8  # fewer tell nothing about a stream's speed


class ServerSpeed:
    """Running means of duration, first token and speed of a stream."""

    def __init__(self) -> None:
        self.duration_s: float | None = None
        self.first_token_s: float | None = None
        self.tokens_per_s: float | None = None

    def expected_s(self, mean_tokens: float | None) -> float | None:
        """Return the seconds a call should take, None before anybody knows."""
        if self.duration_s is not None:
            return self.duration_s
        if not self.tokens_per_s or mean_tokens is None:
            return None
        return mean_tokens / self.tokens_per_s + (self.first_token_s or 0.0)

    def answered(self, completion: Completion) -> None:
        """Learn from a whole answer."""
        timing, tokens = completion.timing, completion.usage.tokens_out
        self.duration_s = _mixed(self.duration_s, timing.seconds)
        if timing.first_token_s is not None:
            streamed_s = timing.seconds - timing.first_token_s
            self.streamed(tokens, streamed_s)

    def begun(self, waited_s: float) -> None:
        """Learn from an answer's beginning."""
        self.first_token_s = _mixed(self.first_token_s, waited_s)

    def streamed(self, tokens: int, seconds: float) -> None:
        """Learn from a stream, or the part of it that has come."""
        if tokens >= _STREAM_TOKENS and seconds > 0:
            self.tokens_per_s = _mixed(self.tokens_per_s, tokens / seconds)


def _mixed(past: float | None, newest: float) -> float:
    return newest if past is None else _KEEP * past + (1.0 - _KEEP) * newest
