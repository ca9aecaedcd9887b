"""Transcript: an answer while it arrives, and the Completion it becomes."""

from __future__ import annotations

from dataclasses import dataclass

from subak.engine.clock import Clock
from subak.engine.ending import RateLimits
from subak.llm.model import Completion, FinishReason, Progress, Timing, Usage
from subak.llm.repetition import Repetition


@dataclass(slots=True)
class Counts:
    """What the server itself counted and measured; None where it did not say."""

    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int | None = None
    load_s: float | None = None
    prompt_s: float | None = None
    generate_s: float | None = None


class Transcript:
    """Collects the pieces of one answer, tells of progress, notices loops."""

    def __init__(self, progress: Progress, clock: Clock) -> None:
        self.counts = Counts()
        self.finish: FinishReason | None = None
        self.model = ""
        self._progress = progress
        self._clock = clock
        self._started = clock.monotonic()
        self._first: float | None = None
        self._parts: list[str] = []
        self._tokens = 0
        self._repetition = Repetition()

    @property
    def text(self) -> str:
        """Return the text so far, without a leading block of reasoning."""
        return _without_thoughts("".join(self._parts))

    def begin(self) -> None:
        """Note that the server has begun to answer, if only with a role."""
        if self._first is None:
            self._first = self._clock.monotonic() - self._started
            self._progress.first_token()

    def add(self, text: str, tokens: int) -> None:
        """Take what one read of the network brought.

        Args:
            text: The answer's next characters; "" when it was all reasoning.
            tokens: Streamed pieces, each of which counts as one token.

        Raises:
            LoopingAnswer: The text has begun to repeat itself.
        """
        self.begin()
        self._tokens += tokens
        self._progress.tokens(tokens)
        if text:
            self._parts.append(text)
            self._repetition.add(text, tokens)

    def set_whole(self, text: str, tokens: int) -> None:
        """Take the whole answer of a server that did not stream."""
        self._parts = [text]
        self._tokens = tokens
        self._progress.tokens(tokens)
        self._repetition.add(text)
        self._repetition.check()

    def completion(self, limits: RateLimits | None = None) -> Completion:
        """Return the finished answer.

        Args:
            limits: What the headers of the answer say the server allows.
        """
        counts = self.counts
        out = counts.tokens_out
        return Completion(
            text=self.text,
            usage=Usage(
                counts.tokens_in or 0,
                self._tokens if out is None else out,
                counts.tokens_cached or 0,
            ),
            timing=Timing(
                self._clock.monotonic() - self._started,
                self._first,
                counts.prompt_s,
                counts.generate_s,
                counts.load_s,
            ),
            finish=self.finish or "unknown",
            model=self.model,
            limits=limits,
        )


def _without_thoughts(text: str) -> str:
    """Drop a leading <think> block that a server did not separate itself."""
    begun = text.lstrip()
    if begun.startswith("<think>"):
        _, closed, rest = begun.partition("</think>")
        return rest.lstrip() if closed else ""
    return text
