"""The tuner where less is seen: buffered and lumpy streams, none at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.simulator.batch_server import BatchServer
from bench.simulator.client import Sight
from bench.simulator.scenarios import KNEE_32, LAPTOP
from bench.simulator.tuned import TunedLevel
from subak.engine.ending import Ending
from subak.engine.tuning.tuner import Tuner
from tests.engine.tuning.feeding import Feed, serve


@pytest.mark.parametrize("sight", ["starts", "buffered", "ends", "timings"])
def test_tuner_climbs_with_every_sight(sight: Sight) -> None:
    """On a batching server more calls are sent, whatever can be seen."""
    tuner = TunedLevel(is_streaming=sight in ("starts", "buffered"))
    serve(BatchServer(KNEE_32, 1), tuner, count=200, sight=sight)
    assert tuner.limit(1e6) >= 16
    assert tuner.statistics().levels


@pytest.mark.parametrize(
    ("sight", "most"), [("starts", 2), ("ends", 2), ("timings", 3)]
)
def test_tuner_finds_slots_with_every_sight(sight: Sight, most: int) -> None:
    """Slots are found by starts, by completions, or nearly by the word on queueing."""
    tuner = TunedLevel(is_streaming=sight == "starts")
    server = BatchServer(replace(LAPTOP, slots=2, noise=0.02), 1)
    serve(server, tuner, count=100, sight=sight)
    assert tuner.statistics().slots in range(2, most + 1)
    assert tuner.limit(1e6) <= most + 1


def test_tuner_does_not_take_a_buffered_stream_for_one_slot() -> None:
    """Answers whose first token comes at their end say nothing of slots."""
    feed = Feed(Tuner())
    for _ in range(4):
        calls = feed.fill()
        feed.wait(2.0)
        for call in calls:
            feed.now += 0.02
            feed.begin([call])
            feed.tuner.tokens(call, feed.now, 40)
            feed.end([call])
        feed.wait(0.6)
    assert feed.tuner.statistics().slots is None
    assert feed.limit >= 8


def test_tuner_measures_no_lumps_as_speed() -> None:
    """No tokens/s are read off answers that arrive in one piece."""
    feed = Feed(Tuner())
    calls = feed.fill()
    feed.now += 0.5
    feed.begin(calls)
    for call in calls[:3]:
        feed.wait(3.0)
        feed.tuner.tokens(call, feed.now, 40)
        feed.end([call])
    assert feed.limit == 4
    assert feed.tuner.take_changes() == ()


def test_tuner_counts_what_was_not_streamed() -> None:
    """Tokens told only with the end of an answer count as streamed then."""
    feed = Feed(Tuner())
    calls = feed.fill()
    feed.begin(calls)
    feed.now += 5
    feed.stream(calls[:1], 10)
    feed.end(calls[:1], Ending("answered", 100, 60))
    feed.end(calls[1:2], Ending("answered", 100, 0))
    assert feed.tuner._traffic.streamed == 60


def test_tuner_takes_tokens_for_a_first_token() -> None:
    """A client that tells tokens only has told that the answer began."""
    feed = Feed(Tuner())
    calls = feed.fill()
    feed.stream(calls, 1)
    assert feed.tuner._traffic.active == 4


def test_tuner_shows_tokens_per_second_whatever_is_seen() -> None:
    """The figures shown are tokens, also where it reckons with other work."""
    shown = {}
    sights: tuple[Sight, ...] = ("tokens", "ends")
    for sight in sights:
        tuner = TunedLevel(is_streaming=sight == "tokens")
        server = BatchServer(replace(KNEE_32, noise=0.01), 1)
        serve(server, tuner, count=200, sight=sight)
        shown[sight] = {
            each.limit: each.tokens_per_s for each in tuner.statistics().levels
        }
    assert shown["ends"][8] == pytest.approx(shown["tokens"][8], rel=0.3)
