"""The tuner on servers that refuse calls, or do not answer them in time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.simulator.batch_server import BatchServer, BatchSpec
from bench.simulator.flaky import Flaky
from bench.simulator.gateway import Gateway, GatewaySpec
from bench.simulator.scenarios import HOSTED, KNEE_32
from bench.simulator.server import Refusal
from bench.simulator.tuned import TunedLevel
from subak.engine.ending import CANCELLED, Ending, RateLimits
from subak.engine.tuning.memory import TunerMemory
from subak.engine.tuning.tuner import Tuner
from tests.engine.tuning.feeding import (
    RATE_LIMITED,
    TIMED_OUT,
    TURNED_AWAY,
    Feed,
    asked_to_wait,
    serve,
)


def test_tuner_stays_at_what_was_accepted() -> None:
    """When the third call is turned away, two are kept in flight."""
    feed = Feed(Tuner())
    calls = feed.fill()
    feed.now += 0.02
    feed.end(calls[2:], TURNED_AWAY)
    assert feed.limit == 2
    change = feed.tuner.take_changes()[-1]
    assert (change.before, change.after) == (3, 2)
    assert change.reason == "the server turned call 3 at once away"
    assert feed.tuner.statistics().ceiling == 2


def test_tuner_tries_one_more_after_a_while() -> None:
    """A ceiling is tested by one call more, with growing patience."""
    feed = Feed(Tuner())
    kept = feed.fill()[:2]
    feed.now += 0.02
    feed.end([2, 3], TURNED_AWAY)
    waits = []
    for _ in range(3):
        start = feed.now
        while feed.limit == 2:
            feed.wait(1.0)
        waits.append(feed.now - start)
        extra = feed.send(1)
        feed.now += 0.02
        feed.end(extra, TURNED_AWAY)
        assert feed.limit == 2
    assert waits[0] < waits[1] < waits[2] < 120
    assert len(kept) == 2


def test_tuner_rises_ever_faster_once_a_ceiling_is_gone() -> None:
    """A ceiling nothing is refused above any more is left by one, two, four calls."""
    feed = Feed(Tuner(memory=TunerMemory(level=8, ceiling=1)))
    limits = []
    for _ in range(60):
        limits.append(feed.limit)
        feed.now += 5
    assert sorted(set(limits)) == [1, 2, 4, 8]


def test_tuner_keeps_a_server_of_ten_connections_full() -> None:
    """A server that resets the eleventh connection gets ten calls."""
    spec = BatchSpec(0.018, 0.001, 1 / 1500, 512, 10, connections=10)
    tuner = TunedLevel()
    outcome = serve(BatchServer(spec, seed=1), tuner, count=200)
    assert outcome.succeeded == 200
    assert 10 <= tuner.limit(0.0) <= 11


@pytest.mark.parametrize("seconds", [0.5, 7.0])
def test_tuner_honours_retry_after(seconds: float) -> None:
    """No call is sent before the time a server asks for is over."""
    feed = Feed(Tuner())
    calls = feed.fill()
    feed.end(calls[:1], asked_to_wait(seconds))
    assert feed.pause == seconds


def test_tuner_bounds_the_wait_a_server_asks_for() -> None:
    """A server cannot put a job off for a day, nor into the past."""
    feed = Feed(Tuner(), now=50.0)
    calls = feed.fill()
    feed.end(calls[:1], asked_to_wait(86_400))
    assert feed.pause == 300
    feed.now += 300
    feed.end(calls[1:2], asked_to_wait(-5))
    assert 0 <= feed.pause < 5


def test_tuner_learns_a_pace_from_refusals() -> None:
    """With 60 calls a minute allowed it sends about one a second, refused seldom."""
    gateway = GatewaySpec(requests_per_minute=60, tells_wait=True)
    tuner = TunedLevel()
    outcome = serve(Gateway(BatchServer(HOSTED, 1), gateway), tuner, count=300)
    pace = tuner.statistics().pace_per_s
    assert pace is None or 0.8 <= pace <= 1.5
    assert outcome.refused < 150
    said = [str(each) for each in tuner.take_changes() if "pace" in each.reason]
    assert any("learned from 429s" in each for each in said)


def test_tuner_tells_rate_from_number_without_retry_after() -> None:
    """Refusals below a number accepted before are a matter of rate."""
    gateway = GatewaySpec(requests_per_minute=60)
    tuner = TunedLevel()
    serve(Gateway(BatchServer(HOSTED, 2), gateway), tuner, count=200)
    said = " ".join(each.reason for each in tuner.take_changes())
    assert "learned from 429s" in said


def test_tuner_takes_the_pace_from_headers() -> None:
    """x-ratelimit headers set the pace at once."""
    feed = Feed(Tuner())
    calls = feed.fill()
    limits = RateLimits(requests=120)
    feed.end(calls[:1], Ending("answered", 10, 40, limits=limits))
    assert feed.tuner.statistics().pace_per_s == 2.0
    change = feed.tuner.take_changes()[-1]
    assert str(change) == "pace 2 calls/s: the server's headers say so"
    feed.send()
    assert feed.pause == pytest.approx(0.5)


def test_tuner_reckons_token_limits_by_mean_lengths() -> None:
    """A bound of tokens a minute is a pace once three answers show their length."""
    feed = Feed(Tuner())
    limits = RateLimits(tokens=60_000)
    for _ in range(3):
        feed.end(feed.send(1, 150), Ending("answered", 150, 50, limits=limits))
    assert feed.tuner.statistics().pace_per_s == pytest.approx(5.0)


@pytest.mark.parametrize(
    "refusal",
    [Refusal("rate_limited", 1.0), Refusal("rate_limited"), Refusal("turned_away")],
    ids=["429 with wait", "429", "503"],
)
def test_tuner_is_not_slowed_by_refusals_at_random(refusal: Refusal) -> None:
    """A server that refuses 5 % of all calls is used nearly as a sound one."""
    sound = serve(BatchServer(KNEE_32, 1), TunedLevel(), count=400)
    tuner = TunedLevel()
    flaky = serve(Flaky(KNEE_32, 1).fail(0.05, refusal, seed=1), tuner, count=400)
    assert flaky.makespan_s < 1.35 * sound.makespan_s
    assert flaky.succeeded == 400


def test_tuner_forgets_a_ceiling_when_the_server_was_away() -> None:
    """A server that takes no call at all restarts; it has not shrunk."""
    feed = Feed(Tuner())
    calls = feed.fill()
    feed.now += 1
    feed.end(calls, TURNED_AWAY)
    assert feed.limit == 4
    assert feed.tuner.statistics().ceiling is None
    assert feed.pause > 0


def test_tuner_pauses_longer_while_the_server_stays_away() -> None:
    """Pauses grow to half a minute at most, and are over with the first token."""
    feed = Feed(Tuner())
    pauses = []
    for _ in range(12):
        feed.now = feed.tuner.ready_at(feed.now)
        feed.end(feed.send(), TURNED_AWAY)
        pauses.append(feed.pause)
    assert pauses == sorted(pauses)
    assert pauses[0] < 1
    assert pauses[-1] == 30
    feed.now += 30
    back = feed.send()
    feed.begin(back)
    feed.end(feed.send(), TURNED_AWAY)
    assert feed.pause < 1


def test_tuner_halves_where_only_ends_are_seen_and_calls_time_out() -> None:
    """Without streams a timeout of a call sent at this level halves the level."""
    feed = Feed(Tuner(is_streaming=False))
    calls = feed.fill()
    feed.now += 60
    feed.end(calls[:1], TIMED_OUT)
    assert feed.limit == 2
    assert feed.tuner.take_changes()[-1].reason == "a call timed out with more"
    feed.end(calls[1:2], TIMED_OUT)  # sent before the level was lowered
    assert feed.limit == 2


def test_tuner_goes_to_what_runs_when_calls_time_out() -> None:
    """With streams a timeout leaves those that run, and one that waits."""
    feed = Feed(Tuner())
    calls = feed.fill()
    feed.begin(calls[:1])
    feed.now += 60
    feed.end(calls[3:], TIMED_OUT)
    assert feed.limit == 2


def test_tuner_does_not_blame_its_load_for_a_hung_call() -> None:
    """A call that later ones overtook hung; the limit stays."""
    feed = Feed(Tuner())
    hung = feed.send()
    feed.now += 0.1
    later = feed.send(2)
    feed.begin(later)
    feed.now += 20
    feed.end(hung, TIMED_OUT)
    assert feed.limit == 4


def test_tuner_blames_the_item_only_at_a_low_level() -> None:
    """A timeout is the item's fault where our load cannot be the reason."""
    assert not Tuner().blames_item()
    assert Tuner(cap=2).blames_item()
    known = Tuner(slots=4)
    known.limit(0.0)
    assert known.blames_item()


@pytest.mark.parametrize("ending", [CANCELLED, Ending("failed")])
def test_tuner_learns_nothing_from_calls_that_say_nothing(ending: Ending) -> None:
    """Cancelled and broken calls change neither limit nor pace."""
    feed = Feed(Tuner())
    for _ in range(30):
        calls = feed.fill()
        feed.begin(calls[:2])
        feed.now += 0.1
        feed.end(calls, ending)
    assert feed.limit == 4
    assert feed.pause == 0
    assert feed.tuner.take_changes() == ()


def test_tuner_ends_a_trial_when_refusals_come_in_a_bunch() -> None:
    """Without bounds for a trial, a real bound is found again at once."""
    spec = replace(KNEE_32, noise=0.01)
    tuner = TunedLevel()
    gateway = Gateway(BatchServer(spec, 1), GatewaySpec(at_once=12))
    outcome = serve(gateway, tuner, count=400)
    assert outcome.succeeded == 400
    assert outcome.refused < 80
    assert 12 <= tuner.limit(0.0) <= 14


def test_tuner_pauses_when_a_flaky_server_goes_away() -> None:
    """A trial without bounds does not hammer a server that is gone."""
    feed = Feed(Tuner())
    for _ in range(5):
        feed.answer(10)
        feed.end(feed.send(), RATE_LIMITED)
        feed.now = feed.tuner.ready_at(feed.now)
    for _ in range(4):
        feed.end(feed.send(), TURNED_AWAY)
        feed.now += 0.001
    assert feed.pause > 0
