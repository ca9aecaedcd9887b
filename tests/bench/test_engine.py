"""The stand-in's time model, on virtual time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.server.engine import Engine, Sequence
from bench.server.settings import Settings
from tests.bench.timers import HeapTimers


class Heard(Sequence):
    """Remembers when it heard what."""

    def __init__(self, timers: HeapTimers, tokens_out: int, prompt: str = "") -> None:
        super().__init__(prompt, max(1, len(prompt) // 4), tokens_out)
        self._timers = timers
        self.began_at: float | None = None
        self.tokens: list[float] = []
        self.ended_at: float | None = None

    def began(self) -> None:
        """Note the time."""
        self.began_at = self._timers.time()

    def produced(self, count: int) -> None:
        """Note the time of each token."""
        self.tokens += [self._timers.time()] * count

    def ended(self) -> None:
        """Note the time."""
        self.ended_at = self._timers.time()


def _serve(
    settings: Settings, count: int, tokens: int = 10
) -> tuple[HeapTimers, list[Heard]]:
    timers = HeapTimers()
    engine = Engine(settings, timers)
    sequences = [Heard(timers, tokens) for _ in range(count)]
    for sequence in sequences:
        engine.submit(sequence)
    timers.run()
    return timers, sequences


def test_engine_takes_a_step_for_each_token() -> None:
    """One sequence takes tokens x token_ms, and its tokens come one by one."""
    _, (only,) = _serve(Settings(token_ms=20), 1)
    assert only.ended_at == pytest.approx(0.2)
    assert only.tokens == pytest.approx([0.02 * step for step in range(1, 11)])


def test_engine_batches() -> None:
    """Each sequence that decodes along slows every step, and throughput rises.

    The step under way when they came is that of the first one alone.
    """
    settings = Settings(token_ms=10, batch_ms=1)
    alone, _ = _serve(settings, 1)
    together, _ = _serve(settings, 10)
    assert alone.time() == pytest.approx(10 * 0.011)
    assert together.time() == pytest.approx(0.011 + 9 * 0.020)


def test_engine_serves_slots_in_order_of_arrival() -> None:
    """With two slots, four sequences take twice as long and none overtakes."""
    timers, sequences = _serve(Settings(token_ms=10, slots=2), 4)
    assert timers.time() == pytest.approx(0.2)
    assert [one.began_at for one in sequences] == pytest.approx([0, 0, 0.1, 0.1])


def test_engine_slows_above_the_knee() -> None:
    """More requests in the house than the knee make every step longer."""
    calm, _ = _serve(Settings(token_ms=10, thrash_knee=4), 4)
    crowded, _ = _serve(Settings(token_ms=10, thrash_knee=4), 8)
    assert calm.time() == pytest.approx(0.1)
    assert crowded.time() == pytest.approx(0.01 + 9 * 0.02)


def test_engine_is_throttled_between_two_moments() -> None:
    """Capacity halves for a while and comes back."""
    settings = Settings(token_ms=10, throttle_from_s=0.045, throttle_until_s=0.1)
    _, (only,) = _serve(settings, 1)
    gaps = [round(b - a, 3) for a, b in zip(only.tokens, only.tokens[1:], strict=False)]
    assert gaps == [0.01, 0.01, 0.01, 0.01, 0.02, 0.02, 0.02, 0.01, 0.01]


def test_engine_reads_one_prompt_at_a_time() -> None:
    """Prompts wait for each other, and what the cache holds is not read again."""
    timers = HeapTimers()
    engine = Engine(
        Settings(token_ms=10, prefill_per_s=100, prefix_cache_tokens=1_000), timers
    )
    shared = "the same beginning for all of them " * 8
    first = Heard(timers, 1, shared + "one")
    second = Heard(timers, 1, shared + "two")
    engine.submit(first)
    engine.submit(second)
    timers.run()
    assert first.began_at == pytest.approx(first.tokens_in / 100)
    assert second.tokens_cached == 64
    fresh = second.tokens_in - second.tokens_cached
    assert second.began_at == pytest.approx((first.tokens_in + fresh) / 100)


def test_engine_answers_at_once_where_steps_cost_nothing() -> None:
    """A server of 0 ms has nobody waiting, however many come."""
    timers, sequences = _serve(Settings(slots=2), 500)
    assert timers.time() == 0
    assert all(len(one.tokens) == 10 for one in sequences)


@given(
    slots=st.integers(0, 4),
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=12),
    leaves=st.sets(st.integers(0, 11)),
    at=st.floats(0, 0.2),
    prefill=st.sampled_from([0.0, 50.0]),
)
def test_engine_serves_all_who_stay(
    slots: int, lengths: list[int], leaves: set[int], at: float, prefill: float
) -> None:
    """Whoever leaves at whatever moment, the others get all their tokens."""
    timers = HeapTimers()
    engine = Engine(Settings(slots=slots, token_ms=10, prefill_per_s=prefill), timers)
    sequences = [Heard(timers, length) for length in lengths]
    for sequence in sequences:
        engine.submit(sequence)
    timers.run(at)
    for number in leaves:
        if number < len(sequences):
            engine.withdraw(sequences[number])
    timers.run()
    for number, sequence in enumerate(sequences):
        if number not in leaves:
            assert len(sequence.tokens) == sequence.tokens_out
            assert sequence.ended_at is not None
    assert engine.house == 0
