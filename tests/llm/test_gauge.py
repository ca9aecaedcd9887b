"""Gauge: tokens, first tokens and answers counted by hand."""

from __future__ import annotations

import pytest

from subak.llm.gauge import Gauge, Window
from subak.llm.model import Completion, Timing, Usage
from subak.testing.clock import VirtualClock


def _completion(seconds: float, tokens: int, first: float | None = 1.0) -> Completion:
    return Completion("words", Usage(9, tokens), Timing(seconds, first))


def test_window_counts_only_what_happens_in_it() -> None:
    """Tokens and errors from before it opened are not its own."""
    clock = VirtualClock()
    gauge = Gauge(clock, is_streaming=True)
    call = gauge.begin()
    call.first_token()
    call.tokens(40)
    gauge.errors = 3
    clock.advance(1)
    window = Window(gauge)
    clock.advance(2)
    call.tokens(10)
    call.answered(_completion(3, 50))
    call.leave()
    level = window.level(1)
    assert level.tokens_per_s == 5
    assert (level.calls, level.errors, level.active) == (1, 0, 1)
    assert level.seconds == 10
    assert gauge.active == 0


def test_window_sees_the_most_answers_at_work() -> None:
    """Calls that have not begun, or have ended, are not at work."""
    clock = VirtualClock()
    gauge = Gauge(clock, is_streaming=True)
    calls = [gauge.begin() for _ in range(4)]
    window = Window(gauge)
    for call in calls[:3]:
        call.first_token()
    calls[0].leave()
    calls[0].leave()
    calls[3].leave()
    clock.advance(1)
    assert window.level(4).active == 3
    assert gauge.active == 2


def test_window_believes_no_stream_that_comes_at_once() -> None:
    """Where an answer begins when it ends, nothing shows who was at work."""
    clock = VirtualClock()
    gauge = Gauge(clock, is_streaming=True)
    window = Window(gauge)
    for _ in range(3):
        call = gauge.begin()
        clock.advance(2)
        call.first_token()
        call.tokens(20)
        call.answered(_completion(2, 20, first=1.99))
        call.leave()
    assert window.level(4).active == 0


def test_window_without_streams_measures_between_completions() -> None:
    """The time before the first completion and after the last one does not count."""
    clock = VirtualClock()
    gauge = Gauge(clock, is_streaming=False)
    for seconds in (1, 4, 4):
        call = gauge.begin()
        clock.advance(seconds)
        call.answered(_completion(seconds, 40, None))
        if seconds == 1:
            window = Window(gauge)
    clock.advance(100)
    assert window.level(1).tokens_per_s == pytest.approx(10)
    assert window.level(1).first_token_s is None


def test_window_of_nothing_is_no_division_by_zero() -> None:
    """A window opened and read at once has no speed and no time."""
    for is_streaming in (True, False):
        window = Window(Gauge(VirtualClock(), is_streaming=is_streaming))
        level = window.level(2)
        assert (level.tokens_per_s, level.seconds, level.calls) == (0, 0, 0)
