"""Course: how a run went on over time, without what it came to.

Reads of each call no more than when it was under way, so that a page of it costs little
however many there were.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from subak.views.call_spans import read_call_spans, read_servers
from subak.views.chart import AreaChart
from subak.views.costs import StageCosts
from subak.views.limits import LimitCurve, limit_curves
from subak.views.machine import Machine, read_machine
from subak.views.runs import Run, get_run, read_sessions
from subak.views.speed_charts import read_limit, speed_charts
from subak.views.tallies import read_tallies
from subak.views.tasks import (
    Task,
    read_attempts,
    read_running,
    read_tasks,
    stage_order,
)
from subak.views.timeline import Timeline, make_timeline
from subak.views.timescale import Timescale, scale_of


@dataclass(frozen=True, slots=True)
class Course:
    """The parts of a run's report that go over time; see Report."""

    run: Run
    timeline: Timeline | None
    charts: tuple[AreaChart, ...]
    limits: tuple[LimitCurve, ...]
    models: tuple[tuple[str, str], ...]
    machine: Machine


def read_course(
    db: apsw.Connection, name: str = "", *, is_alive: bool = False
) -> Course:
    """Return how a run went on, by default the newest.

    Args:
        is_alive: Whether a process holds the workspace.

    Raises:
        UserError: There is no such run.
    """
    run = get_run(db, name)
    scale = scale_of(read_sessions(db, run))
    servers = read_servers(db, run.id)
    names = {word for server in servers for word in server}
    return Course(
        run=run,
        timeline=_timeline(db, run, scale, is_alive=is_alive),
        charts=speed_charts(
            read_call_spans(db, run.id), read_limit(db, run.id, names, scale), scale
        ),
        limits=limit_curves(db, run, scale),
        models=servers,
        machine=read_machine(Path(db.filename).parent),
    )


def _timeline(
    db: apsw.Connection, run: Run, scale: Timescale, *, is_alive: bool
) -> Timeline | None:
    tasks = read_tasks(db, run.id, with_parts=False)
    if scale.seconds <= 0 or all(one.state not in ("done", "failed") for one in tasks):
        return None
    begun = read_running(db, run.id) if run.ended is None else []
    stages = _stages(db, run, tasks, begun, is_dead=not is_alive)
    attempts = [one for one in read_attempts(db, run.id) if one.kind == "task"]
    return make_timeline(stages, tasks, attempts, scale)


def _stages(
    db: apsw.Connection,
    run: Run,
    tasks: Sequence[Task],
    begun: Sequence[Task],
    *,
    is_dead: bool,
) -> tuple[StageCosts, ...]:
    """Return how the tasks of each stage ended, without what its calls cost."""
    places = {(task.stage, task.item) for task in begun}
    states: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for task in tasks:
        if (task.stage, task.item) not in places:
            states[task.stage][task.state] += 1
    for task in () if is_dead else begun:
        states[task.stage]["running"] += 1
    for tally in read_tallies(db, run.id):
        states[tally.stage] += tally.to_counter()
    names = dict.fromkeys((*stage_order(db, run.id), *states))
    return tuple(StageCosts(name, **states[name]) for name in names)
