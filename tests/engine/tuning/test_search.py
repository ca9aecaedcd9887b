"""Search: fed with goodput alone, as a function of the level."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.tuning.search import Search


def _climb(
    goodput: Callable[[int], float],
    *,
    start: int = 4,
    most: int = 512,
    bad: int | None = None,
) -> tuple[Search, list[int]]:
    """Let a search measure levels until it holds one."""
    visited: list[int] = []
    search = Search(start, most, lambda now, reason: None)
    search.bad = bad
    while search.phase != "hold":
        level = search.level
        visited.append(level)
        search.measured(float(len(visited)), partial(goodput, level))
        assert len(visited) < 20
    return search, visited


def _probe(search: Search, goodput: Callable[[int], float], now: float) -> int:
    """Let it look elsewhere once; return where it looked."""
    search.start_probe(now, 1.0)
    probe = search.probe
    assert probe is not None
    for _ in range(3):
        search.measured(now, partial(goodput, search.level))
    return probe.there


def test_search_jumps_while_calls_scale() -> None:
    """Gains of half and more a doubling allow four times as many next."""
    _, visited = _climb(lambda level: min(level, 100.0))
    assert visited[:4] == [4, 8, 32, 128]


def test_search_holds_the_best_of_three_after_a_bisection() -> None:
    """Of the last good level, the first bad one and the one between the best stays."""
    search, visited = _climb(lambda level: level if level <= 6 else 12 / level)
    assert visited == [4, 8, 6]
    assert (search.level, search.bad) == (6, 8)


def test_search_leaves_a_jump_that_broke_the_server_at_once() -> None:
    """What is a quarter as good at four times as many is no better half-way."""
    search, visited = _climb(lambda level: level if level <= 32 else 1e3 / level)
    assert visited == [4, 8, 32, 128]
    assert (search.level, search.bad, search.phase) == (32, 128, "hold")


def test_search_looks_up_and_down_in_turn() -> None:
    """Looks that do not pay lead back home, and never into what is known to be bad."""

    def goodput(level: int) -> float:
        return 10.0 - abs(level - 6)

    search, _ = _climb(goodput)
    assert search.level == 6  # 7 turns out bad, and there is nothing between
    assert [_probe(search, goodput, 100.0 * turn) for turn in range(4)] == [7, 4, 4, 4]
    assert search.level == 6


def test_search_follows_a_look_that_pays() -> None:
    """A better level is kept, and the direction with it."""
    search, _ = _climb(lambda level: 1.0)
    assert search.level == 8
    there = _probe(search, lambda level: float(level), 100.0)
    assert search.level == there == 12
    assert search.wants_probe(102.0)


def test_search_abandons_a_hopeless_look() -> None:
    """A look at a level that is clearly worse ends at once, and marks it."""
    search, _ = _climb(lambda level: 1.0)
    search.start_probe(100.0, 1.0)
    search.measured(100.0, lambda: 10.0)
    probe = search.probe
    assert probe is not None
    assert not probe.is_hopeless(9.5)
    assert probe.is_hopeless(8.0)
    search.abandon(101.0, lambda: 8.0)
    assert (search.level, search.bad, search.probe) == (8, 12, None)


def test_search_gives_a_bad_level_another_chance() -> None:
    """When the level next to it pays, a bad level may have become good."""
    search, _ = _climb(lambda level: 1.0 if level <= 6 else 0.5)
    search.bad = search.level + 2
    _probe(search, lambda level: float(level), 100.0)
    assert search.bad is None


def test_search_trusts_what_was_bad_in_the_last_run() -> None:
    """With a memory of thrashing it does not begin by thrashing."""
    search, visited = _climb(lambda level: float(level), start=6, bad=8)
    assert (search.level, visited) == (6, [6])


def test_search_begins_low_when_the_last_run_misleads() -> None:
    """If more than the last run's level is worse, fewer are tried, too."""
    search, visited = _climb(lambda level: 10.0 - abs(level - 4), start=8)
    assert visited[:3] == [8, 16, 4]
    assert search.level <= 6


def test_search_retreats_to_a_much_better_level() -> None:
    """Held levels that became bad are left for a lower one that was good."""
    search, _ = _climb(lambda level: float(level), most=32)
    assert search.level == 32
    search.goodputs[32] = lambda: 6.3
    assert search.retreat(50.0, 0.8)
    assert search.level == 8  # it jumped from there to 32
    assert search.bad == 32


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 600), st.floats(0.2, 60.0), st.integers(1, 600), st.floats(0, 1))
def test_search_finds_most_of_what_a_concave_server_gives(
    most: int, knee: float, cliff: int, drop: float
) -> None:
    """On any server with a knee and a cliff it holds 80 % of the best it visited."""

    def goodput(level: int) -> float:
        speed = level / (knee + level)
        return speed if level <= cliff else speed * (1 - 0.9 * drop)

    search, visited = _climb(goodput, most=most)
    assert 1 <= search.level <= most
    assert all(1 <= level <= most for level in visited)
    assert goodput(search.level) >= 0.8 * max(map(goodput, visited))
