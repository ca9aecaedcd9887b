"""LiveTail: the rows a run has added since the last look, each read once.

The first look goes by the run's indexes, later ones by the ids of rows, so that they
cost what is new and not what is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import apsw

from subak.engine.events import Event
from subak.views.tasks import FailedAttempt

# A plus keeps the planner from an index: from the run's on later looks, from the
# ids' on the first, when another run's rows may lie before.
_TASKS = (
    "SELECT id, scope, item, state, started, seconds FROM task_row"
    " WHERE {first}id > ?2 AND {later}scope IN (SELECT id FROM scope WHERE run = ?1)"
    " ORDER BY id"
)
_CALLS = (
    "SELECT id, owner, started, seconds, first_token_s, tokens_in, tokens_out FROM call"
    " WHERE {first}id > ?2 AND {later}owner IN (SELECT id FROM owner WHERE run = ?1)"
)
_ATTEMPTS = (
    "SELECT id, started, seconds, model, endpoint, ts, stage, item, key, kind, number,"
    " error, message, place, hint, retryable, detail FROM attempt"
    " WHERE {first}id > ?2 AND {later}run = ?1 ORDER BY id"
)
_EVENTS = (
    "SELECT id, ts, kind, stage, item, data FROM event"
    " WHERE {first}id > ?2 AND {later}run = ?1 AND kind IN ({kinds}) ORDER BY id"
)
_SCOPE = "SELECT stage, json_extract(labels, '$.category') FROM scope WHERE id = ?"
_OWNER = "SELECT stage, model, endpoint FROM owner WHERE id = ?"


@dataclass(frozen=True, slots=True)
class NewTask:
    """How a task ended; ``category`` is "" where its item has none."""

    stage: str
    category: str
    item: str
    state: str
    started: float
    ended: float


class NewCall(NamedTuple):
    """A call that was answered or failed; a tuple, for there are very many."""

    stage: str
    server: tuple[str, str]
    started: float
    seconds: float
    first_token_s: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    is_failed: bool = False


class LiveTail:
    """Reads what is new of one run; each method remembers how far it came.

    Assumes: the connection reads one state of the journal for a whole look.
    """

    def __init__(self, run: str) -> None:
        self._run = run
        self._seen: dict[str, int] = {}
        self._scopes: dict[int, tuple[str, str]] = {}
        self._owners: dict[int, tuple[str, tuple[str, str]]] = {}

    def tasks(self, db: apsw.Connection) -> Iterator[NewTask]:
        """Yield the tasks that have ended."""
        for number, scope, item, state, started, seconds in self._rows(db, _TASKS):
            if scope not in self._scopes:
                stage, category = db.execute(_SCOPE, (scope,)).get
                self._scopes[scope] = stage, str(category or "")
            stage, category = self._scopes[scope]
            self._seen[_TASKS] = number
            ended = started + seconds
            yield NewTask(stage, category, item, state, started, ended)

    def calls(self, db: apsw.Connection) -> Iterator[NewCall]:
        """Yield the calls that were answered."""
        newest, owners = self._seen.get(_CALLS, 0), self._owners
        for number, owner, started, seconds, first, read, made in self._rows(
            db, _CALLS
        ):
            if owner not in owners:
                stage, model, endpoint = db.execute(_OWNER, (owner,)).get
                owners[owner] = stage, (model, endpoint or model)
            if number > newest:
                newest = number
            yield NewCall(*owners[owner], started, seconds, first, read, made)
        self._seen[_CALLS] = newest

    def attempts(
        self, db: apsw.Connection
    ) -> Iterator[tuple[FailedAttempt, NewCall | None]]:
        """Yield the attempts that failed, those of calls with the call."""
        for row in self._rows(db, _ATTEMPTS):
            self._seen[_ATTEMPTS] = row[0]
            started, seconds, model, endpoint = row[1:5]
            attempt = FailedAttempt(*row[5:])
            call = None
            if attempt.kind == "call":
                server = (model, endpoint or model)
                begun = started or attempt.ts
                call = NewCall(attempt.stage, server, begun, seconds, is_failed=True)
            yield attempt, call

    def events(self, db: apsw.Connection, kinds: Sequence[str]) -> Iterator[Event]:
        """Yield the events of these kinds; always ask for the same ones."""
        marks = ", ".join(f"'{kind}'" for kind in kinds)
        for number, ts, kind, stage, item, data in self._rows(db, _EVENTS, marks):
            self._seen[_EVENTS] = number
            yield Event(ts, kind, self._run, stage, item, json.loads(data))

    def _rows(
        self, db: apsw.Connection, query: str, kinds: str = ""
    ) -> Iterator[tuple[Any, ...]]:
        after = self._seen.get(query, 0)
        first, later = ("", "+") if after else ("+", "")
        text = query.format(first=first, later=later, kinds=kinds)
        return db.execute(text, (self._run, after))
