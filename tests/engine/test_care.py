"""Care: heat, memory and quiet hours, with sensors that are numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.engine.care import CALM_S, STEP_S, Care, CareOptions
from subak.engine.quiet_hours import QuietHours, parse_quiet_hours
from subak.engine.sensors import Reading
from subak.errors import UserError

GIB = 1024**3
BALI = ZoneInfo("Asia/Makassar")


def _felt(heat: float | None = None, free: float = 4.0) -> Reading:
    return Reading(0.5, 8 * GIB, int(free * GIB), heat)


def _live(care: Care, heats: Sequence[float], level: int = 8) -> list[str]:
    """Feel one heat every 10 s; return what was said."""
    words = []
    most: int | None = None
    for number, heat in enumerate(heats):
        now = 10.0 * number
        eased = care.look(_felt(heat), now, now, level if most is None else most)
        if eased is not None:
            most = eased.most
            words.append(eased.words)
    return words


def test_heat_halves_the_calls_and_says_so() -> None:
    """Once, and half a minute later once more, never below one."""
    care = Care(CareOptions(max_temperature_c=85))
    words = _live(care, [70] + [91] * 20)
    assert words == [
        "8 -> 4: 91 °C, above 85",
        "4 -> 2: 91 °C, above 85",
        "2 -> 1: 91 °C, above 85",
    ]


def test_calls_come_back_when_it_has_been_cool_for_a_while() -> None:
    """Just below the bound nothing happens; 5 degrees less for a minute gives more."""
    care = Care(CareOptions(max_temperature_c=85))
    calm = int(CALM_S / 10) + 1
    words = _live(care, [91] * 5 + [83] * 30 + [79] * (2 * calm + 2))
    assert words == [
        "8 -> 4: 91 °C, above 85",
        "4 -> 2: 91 °C, above 85",
        "2 -> 4: 79 °C, 80 or less",
        "4 -> 8: 79 °C, 80 or less",
    ]


def test_memory_that_runs_out_means_fewer_calls() -> None:
    """Less free than the share asked for, in gigabytes; back with half as much more."""
    care = Care(CareOptions(min_free_memory=0.1))
    eased = care.look(_felt(free=0.4), 0.0, 0.0, 6)
    assert eased is not None
    assert (eased.most, eased.words) == (
        3,
        "6 -> 3: 0.4 of 8.0 GiB of memory free, less than 10%",
    )
    assert care.look(_felt(free=1.0), 40.0, 40.0, 3) is None
    assert care.look(_felt(free=2.0), 50.0, 50.0, 3) is None
    back = care.look(_felt(free=2.0), 120.0, 120.0, 3)
    assert back is not None
    assert back.most is None


def test_without_sensors_nothing_is_concluded() -> None:
    """No temperature and no memory told: no bound."""
    care = Care(CareOptions(max_temperature_c=50, min_free_memory=0.5))
    assert care.look(Reading(1.0, 0, 0), 0.0, 0.0, 8) is None


def test_quiet_hours_pause_and_end() -> None:
    """Paused in the recipe's zone, whatever this machine's; the end says so."""
    quiet = QuietHours("22:00-07:00", BALI)
    care = Care(CareOptions(quiet=quiet, quiet_parallel=0))
    told = []
    for hour in (21, 22, 23, 7):
        ts = datetime(2026, 11, 22, hour, 0, tzinfo=BALI).timestamp()
        eased = care.look(_felt(), ts, ts, 4)
        told.append(None if eased is None else (eased.most, eased.words))
    assert told == [
        None,
        (0, "4 -> paused: quiet hours 22:00-07:00 Asia/Makassar"),
        None,
        (None, "paused -> 4: the end of quiet hours 22:00-07:00 Asia/Makassar"),
    ]


@given(st.lists(st.floats(20, 120), max_size=60), st.integers(1, 64))
def test_heat_alone_never_pauses_nor_swings(heats: list[float], level: int) -> None:
    """At least one call stays, and changes come no faster than a step."""
    care = Care(CareOptions(max_temperature_c=80))
    last, most = -STEP_S, None
    for number, heat in enumerate(heats):
        now = 5.0 * number
        eased = care.look(_felt(heat), now, now, level if most is None else most)
        if eased is not None:
            assert eased.most is None or 1 <= eased.most <= max(level // 2, 1)
            assert now - last >= STEP_S
            last, most = now, eased.most


@pytest.mark.parametrize("text", ["22-07", "25:00-07:00", "07:00-07:00", "", "x"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    """With how to write them."""
    with pytest.raises(UserError) as caught:
        parse_quiet_hours(text)
    assert "22:00-07:00" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "minute", "is_in"),
    [
        ("22:00-07:00", 22 * 60, True),
        ("22:00-07:00", 7 * 60, False),
        ("22:00-07:00", 0, True),
        ("13:00 - 14:30", 14 * 60, True),
        ("13:00-14:30", 15 * 60, False),
    ],
)
def test_span_past_midnight(text: str, minute: int, is_in: bool) -> None:
    """The begin belongs to it, the end does not."""
    assert parse_quiet_hours(text).has(minute) is is_in
