"""Outlook: whether a run will be done by its deadline, and what could be left out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, takewhile
from types import MappingProxyType
from typing import Literal

import apsw

from subak.recipes.schedule_section import ScheduleSection
from subak.recipes.timing import deadline_of, timetable_of
from subak.schedule.deadline import Deadline
from subak.views.run_times import RunTimes, read_run_times, read_shares

Verdict = Literal["met", "close", "missed", "unknown"]

# What to write into the recipe so that a stage takes less.
_CHEAPER = MappingProxyType(
    {
        "facts": "a smaller `limit` in [[source]], or fewer [[facts.fields]]",
        "claims": "a smaller `limit` in [[source]], or `max_claims` in [[claims]]",
        "profile": "a smaller `max_calls` in [[profile]]",
        "draft": 'length = "short" or fewer `parts` in [article]',
        "review": "no `model` in [review]",
    }
)


@dataclass(frozen=True, slots=True)
class Cut:
    """Something that could be left out.

    Args:
        seconds: What it takes of a run, about.
        advice: What to write into the recipe, "" where that is plain.
    """

    name: str
    seconds: float
    advice: str = ""

    def to_json(self) -> dict[str, object]:
        """Return it with plain keys."""
        return {
            "name": self.name,
            "seconds": round(self.seconds, 1),
            "advice": self.advice,
        }


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of a coming run and its deadline.

    Args:
        begin: When it begins: at the next scheduled time, now where there is none.
        usual_s: How long it takes as a rule, None where nobody knows.
        longest_s: How long it took at most, of those looked at.
        runs: Earlier runs that this was learned from, 0: from the plan's own costs.
        categories: What each one takes, the dearest first.
        stages: The same for stages that ask a model.
    """

    deadline: Deadline
    begin: float
    usual_s: float | None = None
    longest_s: float | None = None
    runs: int = 0
    categories: tuple[Cut, ...] = ()
    stages: tuple[Cut, ...] = ()

    @property
    def available_s(self) -> float:
        """Return the time between beginning and deadline."""
        return self.deadline.at - self.begin

    @property
    def verdict(self) -> Verdict:
        """Tell whether the deadline will be met."""
        if self.usual_s is None or self.longest_s is None:
            return "unknown"
        if self.usual_s > self.available_s:
            return "missed"
        return "met" if self.longest_s <= self.available_s else "close"

    @property
    def missing_s(self) -> float:
        """Return by how much the longest run is too long, 0 when it is not."""
        return max(0.0, (self.longest_s or 0.0) - self.available_s)

    @property
    def enough(self) -> tuple[Cut, ...]:
        """Return the fewest categories without which there is time enough.

        Empty where nothing need be cut, or where no cut is enough.
        """
        saved = list(accumulate(cut.seconds for cut in self.categories))
        number = len(list(takewhile(lambda sum_s: sum_s < self.missing_s, saved)))
        if not self.missing_s or number >= len(self.categories) - 1:
            return ()
        return self.categories[: number + 1]

    def to_json(self) -> dict[str, object]:
        """Return it as `subak plan --json` tells it."""
        return {
            "at": self.deadline.at,
            "time": self.deadline.told,
            "zone": self.deadline.zone,
            "begin": self.begin,
            "available_seconds": self.available_s,
            "usual_seconds": self.usual_s,
            "longest_seconds": self.longest_s,
            "runs": self.runs,
            "verdict": self.verdict,
            "categories": [cut.to_json() for cut in self.categories],
            "stages": [cut.to_json() for cut in self.stages],
            "enough": [cut.name for cut in self.enough],
        }


def find_outlook(
    section: ScheduleSection,
    db: apsw.Connection,
    recipe: str,
    now: float,
    planned_s: float | None,
) -> Outlook | None:
    """Return what to expect of the recipe's next run, None without a deadline.

    Args:
        planned_s: Model time of what is known to be to do.

    Raises:
        UserError: The schedule's zone is not known.
    """
    begin = now
    if section.at or section.cron:
        begin = next(timetable_of(section).after(now)).timestamp()
    deadline = deadline_of(section, None, begin)
    if deadline is None:
        return None
    times = read_run_times(db, recipe)
    if times is None:
        return Outlook(deadline, begin, planned_s, planned_s)
    return _from_history(Outlook(deadline, begin), db, times, planned_s or 0.0)


def _from_history(
    outlook: Outlook, db: apsw.Connection, times: RunTimes, planned_s: float
) -> Outlook:
    shares = read_shares(db, times)
    # More than usual is to do where the recipe has changed: the plan knows of that.
    return Outlook(
        outlook.deadline,
        outlook.begin,
        usual_s=max(times.usual_s, planned_s),
        longest_s=max(*times.seconds, times.usual_s, planned_s),
        runs=len(times.runs),
        categories=tuple(Cut(*pair) for pair in shares.categories.items()),
        stages=tuple(
            Cut(stage, seconds, _CHEAPER.get(stage, ""))
            for stage, seconds in shares.stages.items()
        ),
    )
