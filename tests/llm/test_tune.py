"""tune: the knee of servers whose knee is known."""

from __future__ import annotations

import asyncio

import pytest

from subak.errors import ConnectionLost, Refused, Unreachable
from subak.llm.curve import Level
from subak.llm.model import EndpointInfo
from subak.llm.tune import TunePlan, Tuning, tune
from subak.llm.tune_endpoint import open_for_tuning
from subak.testing.clock import VirtualClock
from tests.llm.simulated_endpoint import Shape, SimulatedEndpoint

URL = "http://127.0.0.1:8080"


def _tune(
    shape: Shape,
    *,
    slots: int | None = None,
    seconds: float = 60.0,
    most: int | None = None,
) -> tuple[Tuning, SimulatedEndpoint]:
    async def scenario() -> tuple[Tuning, SimulatedEndpoint]:
        clock = VirtualClock(spins=4)
        info = EndpointInfo(URL, "m", slots=slots)
        endpoint = SimulatedEndpoint(clock, shape, info)
        plan = TunePlan(seconds, max_parallel=most, seed=7)
        return await tune(endpoint, clock, plan), endpoint

    return asyncio.run(scenario())


def _parallel(tuning: Tuning) -> list[int]:
    return [level.parallel for level in tuning.curve.levels]


def _knee(tuning: Tuning) -> Level:
    knee = tuning.curve.knee
    assert knee is not None
    return knee


@pytest.mark.parametrize("slots", [1, 3, 4, 6])
def test_tune_finds_slots_that_nobody_publishes(slots: int) -> None:
    """The knee is the number of slots, and the streams show that number."""
    tuning, _ = _tune(Shape(slots=slots))
    assert _knee(tuning).parallel == slots
    assert tuning.slots == slots
    assert tuning.ended == "flat"


def test_tune_finds_the_knee_of_a_machine_that_is_full() -> None:
    """Where the processor is shared, more slots bring nothing."""
    tuning, _ = _tune(Shape(slots=8, knee=3, prompt_s=0.01), slots=8)
    assert _knee(tuning).parallel == 3
    assert _knee(tuning).tokens_per_s == pytest.approx(150, rel=0.05)
    assert tuning.slots == 8


def test_tune_measures_speed_and_times() -> None:
    """Tokens a second, time to the first one and to the last agree with the server."""
    tuning, _ = _tune(Shape(slots=2, token_s=0.05, prompt_s=0.4), slots=2)
    alone, both, over = tuning.curve.levels
    assert (alone.parallel, both.parallel, over.parallel) == (1, 2, 4)
    assert alone.tokens_per_s == pytest.approx(48 / (0.4 + 48 * 0.05), rel=0.06)
    assert both.tokens_per_s == pytest.approx(2 * alone.tokens_per_s, rel=0.06)
    assert alone.first_token_s == pytest.approx(0.4, abs=0.01)
    assert alone.seconds == pytest.approx(2.8, rel=0.06)
    assert over.seconds == pytest.approx(5.6, rel=0.1)
    assert over.first_token_s is not None
    assert over.first_token_s > 2


def test_tune_stops_at_twice_the_published_slots() -> None:
    """No more is asked of a server than shows that more does not help."""
    tuning, endpoint = _tune(Shape(slots=4), slots=4)
    assert _parallel(tuning) == [1, 2, 3, 4, 8]
    assert endpoint.peak == 8
    assert tuning.ended == "cap"


def test_tune_keeps_below_the_users_cap() -> None:
    """Never more than was allowed, and the cap itself is measured."""
    tuning, endpoint = _tune(Shape(), most=6)
    assert endpoint.peak == 6
    assert _knee(tuning).parallel == 6
    assert tuning.ended == "cap"


def test_tune_stops_where_the_server_refuses() -> None:
    """Refusals end the climb, and no refused level is the knee."""
    tuning, _ = _tune(Shape(refuses_above=5))
    assert tuning.ended == "refusing"
    assert tuning.refusal == "too many requests"
    assert _knee(tuning).parallel == 4
    assert tuning.curve.levels[-1].errors > 0


def test_tune_ends_in_time_with_what_it_has() -> None:
    """A budget that is too short for the whole curve gives its beginning."""
    tuning, _ = _tune(Shape(token_s=0.1), seconds=4)
    assert tuning.ended == "time"
    assert _parallel(tuning)[0] == 1
    assert len(_parallel(tuning)) < 8


def test_tune_waits_for_the_first_answer_of_a_slow_server() -> None:
    """One level is always measured, however short the budget."""
    tuning, _ = _tune(Shape(token_s=1.0), seconds=2)
    assert _parallel(tuning) == [1]
    assert _knee(tuning).tokens_per_s == pytest.approx(1.0, rel=0.1)


def test_tune_ends_when_it_is_told_to() -> None:
    """What was measured until then is kept."""

    async def scenario() -> Tuning:
        clock = VirtualClock(spins=4)
        plan = TunePlan(60, seed=7)
        info = EndpointInfo(URL, "m")
        endpoint = SimulatedEndpoint(clock, Shape(), info)

        def told(level: Level) -> None:
            if level.parallel == 4:
                plan.stop.set()

        return await tune(endpoint, clock, plan, told)

    tuning = asyncio.run(scenario())
    assert tuning.ended == "interrupted"
    assert _parallel(tuning) == [1, 2, 4]


def test_tune_reads_servers_that_do_not_stream() -> None:
    """Whole answers are enough to see where the speed stops rising."""
    tuning, _ = _tune(Shape(slots=2, is_streaming=False))
    assert _knee(tuning).parallel == 2
    assert _knee(tuning).first_token_s is None
    assert _knee(tuning).tokens_per_s == pytest.approx(2 * 48 / 1.06, rel=0.15)


def test_tune_counts_tokens_that_come_in_bundles() -> None:
    """The server's own count makes good what the stream does not tell."""
    single, _ = _tune(Shape(slots=2))
    bundled, _ = _tune(Shape(slots=2, bundle=4))
    alone = single.curve.levels[0].tokens_per_s
    assert bundled.curve.levels[0].tokens_per_s == pytest.approx(alone, rel=0.1)


def test_tune_takes_a_looping_answer_for_an_answer() -> None:
    """A model that repeats itself still shows how fast the server is."""
    tuning, _ = _tune(Shape(slots=2, loops=True))
    assert _knee(tuning).parallel == 2
    assert all(level.errors == 0 for level in tuning.curve.levels)


def test_tune_never_sends_a_prompt_twice() -> None:
    """No cache, of answers or of beginnings, can serve any of the prompts."""
    _, endpoint = _tune(Shape(slots=4))
    begins = {prompt.messages[0].content[:14] for prompt in endpoint.prompts}
    assert len(endpoint.prompts) > 50
    assert len(begins) == len(endpoint.prompts)
    assert max(prompt.max_tokens for prompt in endpoint.prompts) <= 64


def test_tune_measures_again_where_it_was_disturbed() -> None:
    """Somebody else's work during a level does not move the knee, nor end the climb."""

    async def scenario() -> tuple[Tuning, list[int]]:
        clock = VirtualClock(spins=4)
        quiet, busy = Shape(slots=32), Shape(slots=32, token_s=0.2)
        endpoint = SimulatedEndpoint(clock, quiet, EndpointInfo(URL, "m"))
        order: list[int] = []

        def told(level: Level) -> None:
            order.append(level.parallel)
            is_disturbed = order in ([1, 2], [1, 2, 4])
            endpoint.shape = busy if is_disturbed else quiet

        tuning = await tune(endpoint, clock, TunePlan(120, seed=7), told)
        return tuning, order

    tuning, order = asyncio.run(scenario())
    assert order[:5] == [1, 2, 4, 8, 4]
    assert _knee(tuning).parallel == 32
    speeds = [level.tokens_per_s for level in tuning.curve.levels]
    assert speeds == pytest.approx(sorted(speeds), rel=0.05)


def test_tune_keeps_what_it_has_when_the_server_dies() -> None:
    """Calls that break off end the climb; the levels below them stay."""

    async def scenario() -> Tuning:
        clock = VirtualClock(spins=4)
        endpoint = SimulatedEndpoint(clock, Shape(), EndpointInfo(URL, "m"))

        def told(level: Level) -> None:
            if level.parallel == 2:
                endpoint.shape = Shape(fault=ConnectionLost("broke off"))

        return await tune(endpoint, clock, TunePlan(60, seed=7), told)

    tuning = asyncio.run(scenario())
    assert tuning.ended == "refusing"
    assert tuning.refusal == "broke off"
    assert _knee(tuning).parallel == 2


def test_tune_gives_the_embedded_model_slots_for_a_curve() -> None:
    """Enough to see where it bends, fewer where memory is short."""

    async def scenario() -> int | None:
        endpoint = await open_for_tuning("embedded", VirtualClock())
        try:
            return (await endpoint.probe()).slots
        finally:
            await endpoint.close()

    pytest.importorskip("xllamacpp")
    assert asyncio.run(scenario()) in (2, 4, 6, 8)


def test_tune_says_when_nothing_answers() -> None:
    """A server that breaks off each call is out of reach; one that forbids, forbids."""
    with pytest.raises(Unreachable, match="not answer even one call"):
        _tune(Shape(fault=ConnectionLost("broke off")))
    with pytest.raises(Refused):
        _tune(Shape(fault=Refused("no entry")))
