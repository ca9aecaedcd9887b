"""Faults, admission, prefix cache and wording of the stand-in server."""

from __future__ import annotations

import json

import pytest

from bench.server.admission import Admission, Refusal, hint_header
from bench.server.faults import Faults
from bench.server.prefix_cache import PrefixCache
from bench.server.settings import Settings
from bench.server.statistics import Statistics
from bench.server.wording import broken, instance, pieces, plain_object, prose


def test_faults_come_to_the_same_items_in_any_order() -> None:
    """What an attempt meets depends on the item and the attempt alone."""
    items = [f"item-{number}" for number in range(300)]
    settings = Settings(refused=0.1, failed=0.1, broken=0.1)
    forward, backward = Faults(settings), Faults(settings)
    one = {item: forward.next(item) for item in items}
    other = {item: backward.next(item) for item in reversed(items)}
    assert one == other
    assert 50 < sum(fault != "none" for fault in one.values()) < 130


def test_faults_draw_anew_for_each_attempt() -> None:
    """An item that failed is not doomed."""
    faults = Faults(Settings(failed=0.5))
    assert {faults.next("item-1") for _ in range(20)} == {"none", "failed"}


def test_admission_turns_away_above_its_bounds() -> None:
    """The 13th request in the house is one too many."""
    admission = Admission(Settings(max_in_flight=12, busy_status=503), lambda: 0.0)
    assert admission.refuse(12, 0) is None
    assert admission.refuse(13, 0) == Refusal(503)


def test_admission_keeps_a_rate() -> None:
    """A bucket that is empty fills at the rate, and says when."""
    now = [0.0]
    admission = Admission(Settings(per_minute=60, burst=2), lambda: now[0])
    assert [admission.refuse(1, 0) for _ in range(2)] == [None, None]
    refused = admission.refuse(1, 0)
    assert refused is not None
    assert refused.wait_s == pytest.approx(1.0)
    now[0] = 1.0
    assert admission.refuse(1, 0) is None


@pytest.mark.parametrize(
    ("hint", "chance", "told"),
    [
        ("none", 0.9, ""),
        ("seconds", 0.1, "retry-after: 2\r\n"),
        ("milliseconds", 0.1, "retry-after-ms: 1500\r\n"),
        ("mixed", 0.1, ""),
        ("mixed", 0.9, "retry-after: 2\r\n"),
    ],
)
def test_hint_header_has_each_form(hint: str, chance: float, told: str) -> None:
    """Servers word the same wish in several ways, or not at all."""
    assert hint_header(hint, 1.5, chance) == told  # type: ignore[arg-type]


def test_prefix_cache_counts_from_the_start_only() -> None:
    """A block is known by all that stands before it."""
    cache = PrefixCache(1_000)
    text = "abcdefgh" * 16
    assert cache.take(text) == 0
    assert cache.take(text) == 32
    assert cache.take("x" * 64 + text[64:]) == 0


def test_prefix_cache_forgets_the_oldest() -> None:
    """A small cache holds what came last."""
    cache = PrefixCache(32)
    cache.take("a" * 128)
    cache.take("b" * 128)
    assert cache.take("a" * 128) == 0


def test_statistics_count_a_repeat_only_of_a_good_answer() -> None:
    """A second try is no repeat until an answer was sent whole."""
    statistics = Statistics(lambda: 0.0)
    for _ in range(2):
        statistics.enter("item-1")
        statistics.leave("500")
    statistics.enter("item-1")
    statistics.answer("item-1")
    statistics.leave("200")
    assert statistics.counts().repeat_calls == 0
    statistics.enter("item-1")
    assert statistics.counts().repeat_calls == 1


def test_statistics_forget_answers_a_break_may_have_caught() -> None:
    """An answer sent in the instant of a break may be asked for again."""
    now = [0.0]
    statistics = Statistics(lambda: now[0])
    for item, at in (("item-1", 0.0), ("item-2", 0.99)):
        now[0] = at
        statistics.enter(item)
        statistics.answer(item)
        statistics.leave("200")
    now[0] = 1.0
    statistics.break_off()
    assert statistics.counts().items_good == 1


def test_statistics_take_the_mean_over_the_span() -> None:
    """Two calls over half of the span are one on average."""
    now = [0.0]
    statistics = Statistics(lambda: now[0])
    for at, act in ((0.0, "in"), (0.0, "in"), (1.0, "out"), (1.0, "out")):
        now[0] = at
        statistics.enter("item-1") if act == "in" else statistics.leave("200")
    now[0] = 2.0
    statistics.enter("item-2")
    statistics.leave("200")
    counts = statistics.counts()
    assert (counts.peak, counts.span_s) == (2, 2.0)
    assert counts.mean == pytest.approx(1.0)


def test_prose_differs_between_items_and_stays_the_same_for_one() -> None:
    """An answer has the length asked for and depends on its item alone."""
    assert len(prose("item-1", 200).split()) == 201
    assert prose("item-1", 20) == prose("item-1", 20)
    assert prose("item-1", 20) != prose("item-2", 20)


def test_instance_fits_the_schema() -> None:
    """Every kind of field gets a value of its kind."""
    schema: dict[str, object] = {
        "type": "object",
        "properties": {
            "item": {"type": "string"},
            "kind": {"enum": ["a", "b"]},
            "score": {"type": "number"},
            "count": {"type": "integer"},
            "open": {"type": "boolean"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
    }
    found = instance(schema, "item-7")
    assert isinstance(found, dict)
    assert found["item"] == "item-7"
    assert found["kind"] in {"a", "b"}
    assert isinstance(found["score"], float)
    assert isinstance(found["count"], int)
    assert isinstance(found["open"], bool)
    assert len(found["tags"]) == 1


def test_broken_is_not_json() -> None:
    """What is called malformed cannot be read."""
    whole = plain_object("item-1")
    assert json.loads(whole)["item"] == "item-1"
    with pytest.raises(ValueError, match="line 1"):
        json.loads(broken(whole))


def test_pieces_make_the_text() -> None:
    """Nothing is lost between the pieces, also where they outnumber the letters."""
    for count in (1, 3, 50):
        assert "".join(pieces("twelve words", count)) == "twelve words"
        assert len(pieces("twelve words", count)) == count
