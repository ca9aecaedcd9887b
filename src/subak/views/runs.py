"""The runs a journal holds, and the spans of time somebody was working on them.

Rows give the order, for clocks jump.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass

import apsw

from subak.errors import UserError

# The last sign of life before a moment; nothing is sorted or held.
_LAST_SIGN = """
SELECT max(ts) FROM (
    SELECT max(ts) AS ts FROM event WHERE run = ?1 AND ts < ?2
    UNION ALL SELECT max(started + seconds) FROM call
        WHERE owner IN (SELECT id FROM owner WHERE run = ?1)
        AND started + seconds < ?2
    UNION ALL SELECT max(started + seconds) FROM task
        WHERE run = ?1 AND started + seconds < ?2
    UNION ALL SELECT max(started) FROM begun WHERE run = ?1 AND started < ?2
    UNION ALL SELECT max(started + seconds) FROM attempt
        WHERE run = ?1 AND started > 0 AND started + seconds < ?2)
"""
_COLUMNS = "id, recipe, started, ended, status, options"


@dataclass(frozen=True, slots=True)
class Run:
    """One recorded run.

    Args:
        options: What it was started with, as JSON text.
    """

    id: str
    recipe: str
    started: float
    ended: float | None
    status: str
    options: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A span in which a run was being worked on; a resumed run has several."""

    started: float
    ended: float

    @property
    def seconds(self) -> float:
        """Return how long it took."""
        return max(self.ended - self.started, 0.0)


def list_runs(db: apsw.Connection, *, recipe: str = "", limit: int = 50) -> list[Run]:
    """Return the newest runs first, of one recipe or of all."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM run WHERE ?1 = '' OR recipe = ?1"
        " ORDER BY rowid DESC LIMIT ?2",
        (recipe, limit),
    )
    return [Run(*row) for row in rows]


def get_run(db: apsw.Connection, name: str = "") -> Run:
    """Return the run with that id or unique beginning of an id, or the newest.

    Raises:
        UserError: There is no such run, or more than one.
    """
    if not name:
        return _newest(db)
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM run WHERE substr(id, 1, length(?1)) = ?1"
        " ORDER BY id = ?1 DESC, rowid DESC LIMIT 3",
        (name,),
    )
    found = [Run(*row) for row in rows]
    if not found:
        raise _unknown(db, name)
    if len(found) > 1 and found[0].id != name:
        raise UserError(
            f"more than one run begins with '{name}'",
            hint="give more of the id; `subak status --all` lists the runs",
        )
    return found[0]


def find_newest(db: apsw.Connection) -> Run | None:
    """Return the newest run, None where there is none."""
    return next(iter(list_runs(db, limit=1)), None)


def find_previous(db: apsw.Connection, run: Run) -> Run | None:
    """Return the run of the same recipe before this one, if there is one."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM run WHERE recipe = ? AND rowid <"
        " (SELECT rowid FROM run WHERE id = ?) ORDER BY rowid DESC LIMIT 1",
        (run.recipe, run.id),
    ).fetchone()
    return Run(*row) if row else None


def read_sessions(db: apsw.Connection, run: Run) -> list[Session]:
    """Return when somebody worked on the run, in order, at least one span."""
    starts = [
        row[0]
        for row in db.execute(
            "SELECT ts FROM event WHERE run = ? AND kind IN"
            " ('run.started', 'run.resumed') ORDER BY id",
            (run.id,),
        )
    ] or [run.started]
    sessions = []
    by_time = sorted(starts)  # a clock may have been set back between two of them
    for start in starts:
        following = next((one for one in by_time if one > start), math.inf)
        last = db.execute(_LAST_SIGN, (run.id, following)).get
        sessions.append(Session(start, max(start, start if last is None else last)))
    return sessions


def _newest(db: apsw.Connection) -> Run:
    runs = list_runs(db, limit=1)
    if not runs:
        raise UserError(
            "no run is recorded yet",
            hint="`subak run RECIPE`, or `subak demo` to see one",
        )
    return runs[0]


def _unknown(db: apsw.Connection, name: str) -> UserError:
    known = [run.id for run in list_runs(db)]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}? " if close else ""
    return UserError(
        f"no run '{name}'", hint=f"{hint}`subak status --all` lists the runs"
    )
