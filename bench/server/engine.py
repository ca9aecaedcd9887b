"""Engine: slots, a queue, prompts read one at a time, and decoding in steps.

A step lets every decoding sequence produce one token and takes
``token_ms + batch_ms * n``: throughput rises with n and saturates, as on a server that
batches. Knows neither HTTP nor what the tokens say.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from bench.server.prefix_cache import PrefixCache
from bench.server.settings import Settings


class Timer(Protocol):
    """A call that is due later."""

    def cancel(self) -> None:
        """Forget it."""
        ...


class Timers(Protocol):
    """Where time comes from: an event loop, or a test."""

    def time(self) -> float:
        """Return seconds that never go back."""
        ...

    def call_at(self, when: float, callback: Callable[[], object]) -> Timer:
        """Call back at that time."""
        ...


class Sequence:
    """One request's way through the engine; a subclass hears of it.

    Args:
        prompt: Its text, for the prefix cache.
        tokens_in: How long that is.
        tokens_out: How many tokens to produce, at least 1.
    """

    def __init__(self, prompt: str, tokens_in: int, tokens_out: int) -> None:
        self.prompt = prompt
        self.tokens_in = tokens_in
        self.tokens_out = tokens_out
        self.tokens_cached = 0
        self.left = tokens_out

    def began(self) -> None:
        """Hear that decoding begins."""

    def produced(self, count: int) -> None:
        """Hear that ``count`` more tokens are there."""

    def ended(self) -> None:
        """Hear that all tokens are there."""


class Engine:
    """Serves sequences in order of arrival.

    Guarantees:
        At most ``slots`` sequences hold a slot, and none is free while one waits.
        Steps are due at the times the model says: a late one does not delay the next.
    """

    def __init__(self, settings: Settings, timers: Timers) -> None:
        self._settings = settings
        self._timers = timers
        self._queue: deque[Sequence] = deque()
        self._prefilling: deque[Sequence] = deque()
        self._decoding: dict[Sequence, None] = {}
        self._cache = PrefixCache(settings.prefix_cache_tokens)
        self._prefill: Timer | None = None
        self._step: Timer | None = None
        self._due = 0.0
        self._is_stepping = False
        self._started: float | None = None

    @property
    def waiting(self) -> int:
        """Return how many sequences wait for a slot."""
        return len(self._queue)

    @property
    def house(self) -> int:
        """Return how many sequences are here at all."""
        return len(self._queue) + self._held

    def turn(self, settings: Settings) -> None:
        """Go on with other settings; the prefix cache keeps its size."""
        self._settings = settings
        self._admit()

    def submit(self, sequence: Sequence) -> None:
        """Take a sequence in."""
        if self._started is None:
            self._started = self._timers.time()
        self._queue.append(sequence)
        self._admit()

    def withdraw(self, sequence: Sequence) -> None:
        """Forget a sequence whose client left; one that ended is none of ours."""
        if sequence in self._decoding:
            del self._decoding[sequence]
        elif sequence in self._queue:
            self._queue.remove(sequence)
        elif sequence in self._prefilling:
            is_first = self._prefilling[0] is sequence
            self._prefilling.remove(sequence)
            if is_first and self._prefill is not None:
                self._prefill.cancel()
                self._prefill = None
        self._admit()

    @property
    def _held(self) -> int:
        return len(self._prefilling) + len(self._decoding)

    def _admit(self) -> None:
        """Fill the slots and read the first prompt; free prompts pass at once."""
        self._fill()
        while self._prefilling and self._prefill is None:
            first = self._prefilling[0]
            seconds = self._prompt_seconds(first)
            if seconds > 0:
                due = self._timers.time() + seconds
                self._prefill = self._timers.call_at(due, self._prompt_read)
                return
            self._prefilling.popleft()
            self._decode(first)
            self._fill()

    def _fill(self) -> None:
        slots = self._settings.slots
        while self._queue and (not slots or self._held < slots):
            self._prefilling.append(self._queue.popleft())

    def _prompt_seconds(self, sequence: Sequence) -> float:
        rate = self._settings.prefill_per_s
        found = self._cache.take(sequence.prompt)
        sequence.tokens_cached = max(0, min(sequence.tokens_in - 1, found))
        if rate <= 0:
            return 0.0
        return (sequence.tokens_in - sequence.tokens_cached) / rate

    def _prompt_read(self) -> None:
        self._prefill = None
        self._decode(self._prefilling.popleft())
        self._admit()

    def _decode(self, sequence: Sequence) -> None:
        self._decoding[sequence] = None
        sequence.began()
        if self._step_seconds() <= 0:
            self._finish(sequence)
        elif self._step is None and not self._is_stepping:
            self._due = self._timers.time()
            self._arm()

    def _finish(self, sequence: Sequence) -> None:
        del self._decoding[sequence]
        sequence.produced(sequence.left)
        sequence.ended()

    def _arm(self) -> None:
        self._due += self._step_seconds()
        self._step = self._timers.call_at(self._due, self._take_step)

    def _take_step(self) -> None:
        self._step = None
        self._is_stepping = True
        for sequence in list(self._decoding):
            if sequence not in self._decoding:  # withdrawn by what another one heard
                continue
            sequence.left -= 1
            sequence.produced(1)
            if sequence.left <= 0:
                self._decoding.pop(sequence, None)
                sequence.ended()
        # The next are let in before the step is armed: they decode along in it.
        self._admit()
        self._is_stepping = False
        if self._decoding:
            self._arm()

    def _step_seconds(self) -> float:
        settings = self._settings
        milliseconds = settings.token_ms + settings.batch_ms * len(self._decoding)
        if settings.thrash_knee and self.house > settings.thrash_knee:
            crowd = self.house / settings.thrash_knee
            milliseconds *= crowd**settings.thrash_power
        if self._is_throttled():
            milliseconds *= settings.throttle_factor
        return milliseconds / 1000

    def _is_throttled(self) -> bool:
        settings = self._settings
        if settings.throttle_until_s <= 0 or self._started is None:
            return False
        since = self._timers.time() - self._started
        return settings.throttle_from_s <= since < settings.throttle_until_s
