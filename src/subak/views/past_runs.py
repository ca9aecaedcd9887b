"""PastRun: a run as it went down in history, page by page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import apsw

from subak.views.paged import PAGE_SIZE, Paged
from subak.views.runs import Run
from subak.views.summary import run_summary

_COUNT = "SELECT count(*) FROM run WHERE ?1 = '' OR recipe = ?1"
_ROWS = (
    "SELECT id, recipe, started, ended, status, options, summary FROM run"
    " WHERE ?1 = '' OR recipe = ?1 ORDER BY rowid DESC LIMIT ?2 OFFSET ?3"
)
_SUMMARY = "SELECT summary FROM run WHERE id = ?"


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run and what it came to.

    Args:
        seconds: Of work; None where the run wrote no summary, being killed or stopped.
        tasks: How many by state.
        calls: How many were sent, succeeded, retried, repeated, rejected.
        tokens: "in", "out" and "cached".
        facts: How many were proved, refused, changed, kept, disputed.
        failures: Items that could not be done.
    """

    run: Run
    seconds: float | None = None
    tasks: Mapping[str, int] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, int] = field(default_factory=dict)
    failures: int = 0

    @property
    def is_told(self) -> bool:
        """Tell whether the figures are known."""
        return self.seconds is not None

    def to_json(self) -> dict[str, object]:
        """Return the run with the names of the outer contract."""
        return {
            "run": self.run.id,
            "recipe": self.run.recipe,
            "status": self.run.status,
            "started": self.run.started,
            "ended": self.run.ended,
            "seconds": self.seconds,
            "tasks": dict(self.tasks),
            "calls": dict(self.calls),
            "tokens": dict(self.tokens),
            "facts": dict(self.facts),
            "failures": self.failures,
        }


def list_past_runs(
    db: apsw.Connection, *, recipe: str = "", page: int = 1, size: int = PAGE_SIZE
) -> Paged[PastRun]:
    """Return a page of the runs, the newest first, each as it ended."""
    total = int(db.execute(_COUNT, (recipe,)).get)
    rows = db.execute(_ROWS, (recipe, size, (page - 1) * size))
    found = [_told(Run(*row[:-1]), str(row[-1])) for row in rows]
    return Paged(tuple(found), total, page, size)


def read_past_run(db: apsw.Connection, run: Run) -> PastRun:
    """Return a run as it ended, counted anew where it wrote no summary."""
    return _of(run, read_summary(db, run))


def read_summary(db: apsw.Connection, run: Run) -> Mapping[str, object]:
    """Return the summary a run ended with, see ``RunSummary.to_json``.

    Counted anew where it wrote none, which takes a while for a run of many calls.
    """
    text = str(db.execute(_SUMMARY, (run.id,)).get or "")
    return _stored(text) or run_summary(db, run.id).to_json()


def _told(run: Run, text: str) -> PastRun:
    found = _stored(text)
    return _of(run, found) if found else PastRun(run)


def _stored(text: str) -> Mapping[str, object]:
    """Return a summary of today's shape, an empty one for any other text."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) and "failures" in found else {}


def _of(run: Run, summary: Mapping[str, object]) -> PastRun:
    failures, seconds = summary.get("failures"), summary.get("seconds")
    return PastRun(
        run=run,
        seconds=float(seconds) if isinstance(seconds, int | float) else 0.0,
        tasks=_numbers(summary.get("tasks")),
        calls=_numbers(summary.get("calls")),
        tokens=_numbers(summary.get("tokens")),
        facts=_numbers(summary.get("facts")),
        failures=len(failures) if isinstance(failures, list | tuple) else 0,
    )


def _numbers(found: object) -> dict[str, int]:
    if not isinstance(found, dict):
        return {}
    return {str(name): int(value) for name, value in found.items()}
