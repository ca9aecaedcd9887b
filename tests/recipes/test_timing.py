"""What a recipe says about time: every mistake told, the rest understood."""

from __future__ import annotations

import pytest

from subak.errors import RecipeError, UserError
from subak.recipes.load import parse_recipe
from subak.recipes.schedule_section import ScheduleSection
from subak.recipes.timing import deadline_of, timetable_of

BASE = 'name = "small"\n[[source]]\nkind = "page"\nurl = "http://example.org/"\n'


def _section(text: str) -> ScheduleSection:
    return parse_recipe(f"{BASE}[schedule]\n{text}\n").schedule


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ('at = "6:00"', "schedule.at", "is no time of day"),
        ('at = ["06:00", "24:00"]', "schedule.at", "'24:00'"),
        ("at = 6", "schedule.at", "must be text or a list"),
        ('at = "06:00"\ntimezone = "Bali"', "schedule.timezone", "no time zone 'Bali'"),
        ('at = "06:00"\nweekdays = ["monday"]', "schedule.weekdays[0]", "mon, tue"),
        ('weekdays = ["mon"]\ncron = "0 6 * * *"', "schedule.weekdays", "without `at`"),
        ('cron = "0 6 * * *"\nat = "06:00"', "schedule.cron", "beside `at`"),
        ('cron = "0 6 * *"', "schedule.cron", "4 fields"),
        ('timezone = "UTC"', "schedule.at", "is missing"),
        ('at = "06:00"\ndeadline = "7"', "schedule.deadline", "is no time of day"),
        ('at = "06:00"\noverlap = "queue"', "schedule.overlap", "wait, skip"),
        ('when = "06:00"', "schedule.when", "unknown key"),
    ],
)
def test_schedule_mistake_is_told_with_its_place(
    text: str, place: str, said: str
) -> None:
    """Each comes with its key path and what is wrong, before anything runs."""
    with pytest.raises(RecipeError) as caught:
        _section(text)
    problems = {problem.path: problem for problem in caught.value.problems}
    assert place in problems
    assert said in problems[place].message


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ('at = "06:00"', ("0 6 * * *",)),
        ('at = ["06:00", "18:30"]', ("0 6 * * *", "30 18 * * *")),
        ('at = "06:00"\nweekdays = ["mon", "fri"]', ("0 6 * * 1,5",)),
        ('cron = "0 6 * * mon-fri"', ("0 6 * * mon-fri",)),
    ],
)
def test_timetable_of_a_section(text: str, expressions: tuple[str, ...]) -> None:
    """Times, weekdays and cron come to the same kind of thing."""
    timetable = timetable_of(_section(f'{text}\ntimezone = "Asia/Makassar"'))
    assert timetable.expressions == expressions
    assert timetable.zone_name == "Asia/Makassar"


def test_schedule_without_a_zone_is_this_machines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """TZ decides, as for every other program."""
    monkeypatch.setenv("TZ", "America/New_York")
    assert timetable_of(_section('at = "06:00"')).zone_name == "America/New_York"


def test_recipe_without_times_has_no_timetable() -> None:
    """Who asks for one is told what to write; a deadline alone is fine."""
    section = _section('deadline = "07:05"')
    with pytest.raises(UserError, match="does not say when") as caught:
        timetable_of(section)
    assert 'at = "06:00"' in caught.value.hint


@pytest.mark.parametrize(
    ("written", "asked", "told"),
    [
        ("07:05", None, "07:05"),
        ("07:05", "08:00", "08:00"),
        ("07:05", "none", None),
        ("", None, None),
        ("", "08:00", "08:00"),
    ],
)
def test_deadline_of_a_run(written: str, asked: str | None, told: str | None) -> None:
    """A flag beats the recipe, and may say none."""
    section = ScheduleSection(at="06:00", timezone="UTC", deadline=written)
    deadline = deadline_of(section, asked, 0.0)
    assert (deadline.told if deadline else None) == told


def test_deadline_of_a_flag_that_is_no_time() -> None:
    """The form is shown."""
    with pytest.raises(UserError, match="is no time of day") as caught:
        deadline_of(ScheduleSection(), "soon", 0.0)
    assert caught.value.where == "--deadline"
