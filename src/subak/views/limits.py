"""Limits: how many calls each endpoint was allowed at once, from when on, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import apsw

from subak.views.chart import HEIGHT, step_path, value_axis
from subak.views.runs import Run
from subak.views.stored_events import iter_events
from subak.views.timescale import Tick, Timescale
from subak.views.wording import clock_face, count, duration, number_of, text_of

_MOST_REASONS = 40


@dataclass(frozen=True, slots=True)
class LimitChange:
    """One change of a limiter.

    Args:
        ts: When, seconds since the epoch.
        reason: Why, in words.
    """

    ts: float
    name: str
    before: int
    limit: int
    reason: str


@dataclass(frozen=True, slots=True)
class LimitStep:
    """A change as people read it: the working time, the numbers, the reason."""

    moment: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class LimitCurve:
    """An endpoint's limit as a step line over working time.

    Args:
        words: Where it began and ended, for people.
        line: Path of the steps, in a box of 1000 by 100.
        area: The same, filled down to the axis.
        steps: The changes; of very many the first and the last ones.
        left_out: Changes between those.
    """

    id: str
    name: str
    words: str
    description: str
    line: str
    area: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    breaks: tuple[Tick, ...]
    steps: tuple[LimitStep, ...]
    left_out: int


def read_limit_changes(db: apsw.Connection, run: str) -> list[LimitChange]:
    """Return the changes of all limiters of a run, in order."""
    found: list[LimitChange] = []
    latest: dict[str, int] = {}
    for stored in iter_events(db, run, kinds=("limiter.changed",)):
        data = stored.event.data
        name, limit = text_of(data.get("name")), int(number_of(data.get("limit")))
        known = int(number_of(data.get("before")))
        before = known or latest.get(name, limit)
        reason = text_of(data.get("reason"))
        found.append(LimitChange(stored.event.ts, name, before, limit, reason))
        latest[name] = limit
    return found


def limit_curves(
    db: apsw.Connection, run: Run, scale: Timescale
) -> tuple[LimitCurve, ...]:
    """Return a curve for each endpoint whose limit changed in a run."""
    if scale.seconds <= 0:
        return ()
    changes: dict[str, list[LimitChange]] = {}
    for change in read_limit_changes(db, run.id):
        changes.setdefault(change.name, []).append(change)
    return tuple(
        _curve(f"limit-{number}", name, mine, scale)
        for number, (name, mine) in enumerate(changes.items(), 1)
    )


def _curve(
    ident: str, name: str, changes: Sequence[LimitChange], scale: Timescale
) -> LimitCurve:
    levels = _levels(changes, scale)
    top, y_ticks = value_axis(max(value for _, value in levels))
    line = step_path(levels, top)
    first, last = changes[0], changes[-1]
    words = (
        f"began with {first.before}, ended with {last.limit},"
        f" {count(len(changes), 'change')}"
    )
    steps = [_step(change, scale) for change in changes]
    half = _MOST_REASONS // 2
    left_out = max(0, len(steps) - 2 * half)
    return LimitCurve(
        id=ident,
        name=name,
        words=words,
        description=f"Calls allowed at once: {words}, over"
        f" {duration(scale.seconds)} of work.",
        line=line,
        area=f"{line}V{HEIGHT}H0Z",
        x_ticks=tuple(scale.ticks()),
        y_ticks=y_ticks,
        breaks=tuple(scale.breaks()),
        steps=tuple([*steps[:half], *steps[-half:]] if left_out else steps),
        left_out=left_out,
    )


def _levels(
    changes: Sequence[LimitChange], scale: Timescale
) -> list[tuple[float, float]]:
    """Return places in percent and what was allowed from there on.

    A run that was taken up again began anew with the ``before`` of its next change.
    """
    levels = [(0.0, float(changes[0].before))]
    for session in scale.sessions:
        mine = [one for one in changes if session.started <= one.ts <= session.ended]
        if mine and mine[0].before != levels[-1][1]:
            levels.append((scale.percent(session.started), float(mine[0].before)))
        levels += [(scale.percent(one.ts), float(one.limit)) for one in mine]
    return levels


def _step(change: LimitChange, scale: Timescale) -> LimitStep:
    return LimitStep(
        moment=clock_face(scale.offset(change.ts)),
        words=f"{change.before} → {change.limit}",
        reason=change.reason,
    )
