"""How long whole runs of a recipe took on this machine, and what took how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import apsw

_MOST_RUNS = 5
# Of runs of a part nothing can be learned about the whole.
_WHOLE_RUNS = """
WITH told AS (SELECT rowid AS place, id, ended - started AS span,
    iif(json_valid(summary), summary, '{}') AS summary,
    iif(json_valid(options), options, '{}') AS options
    FROM run WHERE recipe = ? AND status IN ('done', 'partial') AND ended IS NOT NULL)
SELECT id, coalesce(json_extract(summary, '$.seconds'), span) FROM told
WHERE coalesce(json_extract(options, '$.only'), '') = ''
    AND coalesce(json_extract(options, '$.items'), '') = ''
    AND json_extract(options, '$.limit') IS NULL
    AND NOT EXISTS (SELECT 1 FROM event
                    WHERE event.run = told.id AND event.kind = 'deadline.left')
ORDER BY place DESC LIMIT ?
"""
_CATEGORIES = """
SELECT scope.stage, task_row.item, json_extract(scope.labels, '$.category')
FROM task_row JOIN scope ON scope.id = task_row.scope WHERE scope.run = ?
"""
_SECONDS = """
SELECT owner.stage, call.item, sum(max(call.seconds, 0.0))
FROM call JOIN owner ON owner.id = call.owner WHERE owner.run = ?
GROUP BY owner.stage, call.item
"""


@dataclass(frozen=True, slots=True)
class RunTimes:
    """The newest whole runs of a recipe.

    Args:
        runs: Their ids, the newest first.
        seconds: How long each took.
    """

    runs: tuple[str, ...]
    seconds: tuple[float, ...]

    @property
    def usual_s(self) -> float:
        """Return what a run takes as a rule: the median, as one odd day is no rule."""
        return median(self.seconds)


@dataclass(frozen=True, slots=True)
class Shares:
    """What parts of the work took of a run's time, about, in seconds.

    Each part has the share of the time that it has of all calls' time.
    """

    categories: dict[str, float]
    stages: dict[str, float]


def read_run_times(db: apsw.Connection, recipe: str) -> RunTimes | None:
    """Return how long the newest runs took, None where there was none.

    Runs of a part, and those that left something at their deadline, don't count.
    """
    rows = list(db.execute(_WHOLE_RUNS, (recipe, _MOST_RUNS)))
    if not rows:
        return None
    return RunTimes(tuple(row[0] for row in rows), tuple(row[1] for row in rows))


def read_shares(db: apsw.Connection, times: RunTimes) -> Shares:
    """Return what each category and stage took, averaged over the runs."""
    categories: defaultdict[str, float] = defaultdict(float)
    stages: defaultdict[str, float] = defaultdict(float)
    for run, seconds in zip(times.runs, times.seconds, strict=True):
        calls = list(db.execute(_SECONDS, (run,)))
        total = sum(row[2] for row in calls)
        if total <= 0:
            continue
        scale = seconds / total / len(times.runs)
        category_of = _category_of(db, run)
        for stage, item, spent in calls:
            stages[stage] += spent * scale
            if category := category_of.get((stage, item)):
                categories[category] += spent * scale
    return Shares(_largest_first(categories), _largest_first(stages))


def _category_of(db: apsw.Connection, run: str) -> dict[tuple[str, str], str]:
    rows = db.execute(_CATEGORIES, (run,))
    return {(stage, item): category for stage, item, category in rows if category}


def _largest_first(seconds: dict[str, float]) -> dict[str, float]:
    ordered: Sequence[tuple[str, float]] = sorted(
        seconds.items(), key=lambda pair: (-pair[1], pair[0])
    )
    return dict(ordered)
