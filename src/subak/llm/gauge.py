"""Gauge: counts what a server writes while many calls are under way."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median

from subak.engine.clock import Clock
from subak.llm.curve import Level
from subak.llm.model import Completion
from subak.llm.tune_prompts import MEAN_TOKENS

_BUFFERED = 0.02


@dataclass(frozen=True, slots=True)
class Answer:
    """One completed call.

    Args:
        told: Tokens as they were streamed, which some servers send in bundles.
        tokens: Tokens as the server counted them.
        is_first: It was cut short on purpose.
    """

    ended: float
    seconds: float
    first_token_s: float | None
    told: int
    tokens: int
    is_first: bool


class Gauge:
    """What all calls of a measurement have brought so far."""

    def __init__(self, clock: Clock, *, is_streaming: bool) -> None:
        self.clock = clock
        self.is_streaming = is_streaming
        self.tokens = 0
        self.first_tokens: list[float] = []
        self.answers: list[Answer] = []
        self.errors = 0
        self.active = 0
        self.peak = 0

    def begin(self, *, is_first: bool = False) -> GaugedCall:
        """Take note of a call that is sent now."""
        return GaugedCall(self, is_first=is_first)

    @property
    def answer_tokens(self) -> float:
        """Return the mean length of an answer that was not cut on purpose."""
        whole = [each.tokens for each in self.answers if not each.is_first]
        return max(1.0, fmean(whole)) if whole else MEAN_TOKENS

    @property
    def tokens_each(self) -> float:
        """Return how many tokens one that was told of stands for."""
        told = sum(each.told for each in self.answers)
        return sum(each.tokens for each in self.answers) / told if told else 1.0


class GaugedCall:
    """The Progress of one call, told to the gauge."""

    def __init__(self, gauge: Gauge, *, is_first: bool) -> None:
        self._gauge = gauge
        self._is_first = is_first
        self._started = gauge.clock.monotonic()
        self._is_active = False
        self._told = 0

    def first_token(self) -> None:
        """Count the call as one whose answer is being written."""
        gauge = self._gauge
        self._is_active = True
        gauge.first_tokens.append(gauge.clock.monotonic() - self._started)
        gauge.active += 1
        gauge.peak = max(gauge.peak, gauge.active)

    def tokens(self, count: int) -> None:
        """Count tokens that arrived."""
        self._told += count
        self._gauge.tokens += count

    def answered(self, completion: Completion | None) -> None:
        """Count the answer; None for one that was broken off as it looped."""
        now = self._gauge.clock.monotonic()
        timing = completion.timing if completion else None
        self._gauge.answers.append(
            Answer(
                ended=now,
                seconds=now - self._started,
                first_token_s=timing.first_token_s if timing else None,
                told=self._told,
                tokens=completion.usage.tokens_out if completion else self._told,
                is_first=self._is_first,
            )
        )

    def leave(self) -> None:
        """Count the call as over, however it ended."""
        self._gauge.active -= self._is_active
        self._is_active = False


class Window:
    """A span of time at one level, from when it is made to when it is read."""

    def __init__(self, gauge: Gauge) -> None:
        self._gauge = gauge
        self._started = gauge.clock.monotonic()
        self._tokens = gauge.tokens
        self._first_tokens = len(gauge.first_tokens)
        self._answers = len(gauge.answers)
        self._errors = gauge.errors
        gauge.peak = gauge.active

    @property
    def seconds(self) -> float:
        """Return how long it is open."""
        return self._gauge.clock.monotonic() - self._started

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return the answers completed in it."""
        return tuple(self._gauge.answers[self._answers :])

    @property
    def errors(self) -> int:
        """Return the calls that failed in it."""
        return self._gauge.errors - self._errors

    def level(self, parallel: int) -> Level:
        """Return what the server did in this window."""
        gauge = self._gauge
        each = gauge.answer_tokens
        speed = self._streamed() if gauge.is_streaming else self._completed()
        recent = gauge.first_tokens[self._first_tokens :]
        first_tokens = recent or gauge.first_tokens[-parallel:]
        return Level(
            parallel=parallel,
            tokens_per_s=round(speed, 3),
            first_token_s=round(median(first_tokens), 4) if first_tokens else None,
            # Little's law: so many under way, so many a second, so long each.
            seconds=round(parallel * each / speed, 4) if speed > 0 else 0.0,
            calls=len(self.answers),
            errors=self.errors,
            active=0 if self._is_buffered() else gauge.peak,
        )

    def _streamed(self) -> float:
        """Return tokens a second, by the clock.

        Taking off what prompts the window happens to hold made it worse: a spread of
        2 to 7 % instead of 0.2 to 1 % over simulated servers of 4 to 32 slots.
        """
        tokens = (self._gauge.tokens - self._tokens) * self._gauge.tokens_each
        return tokens / self.seconds if self.seconds > 0 else 0.0

    def _completed(self) -> float:
        """Return tokens a second from one completion to another."""
        ends = [each.ended for each in self._gauge.answers[: self._answers]]
        began = ends[-1] if ends else self._started
        answers = self.answers
        time_s = answers[-1].ended - began if answers else 0.0
        return sum(each.tokens for each in answers) / time_s if time_s > 0 else 0.0

    def _is_buffered(self) -> bool:
        """Tell whether "streams" come in one piece, so that none is seen at work."""
        shares = [
            1 - answer.first_token_s / answer.seconds
            for answer in self.answers
            if answer.first_token_s is not None and answer.seconds > 0
        ]
        return bool(shares) and median(shares) < _BUFFERED
