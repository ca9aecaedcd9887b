"""Timeline: a lane a stage, a bar a task, marks where something went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from subak.views.costs import StageCosts
from subak.views.parallel import mean_levels, sweep
from subak.views.tasks import FailedAttempt, Task
from subak.views.timescale import Tick, Timescale
from subak.views.wording import count, duration, middle

_MOST_BARS = 400
_FEW_BARS = 60
_MOST_ROWS = 10
_BINS = 200
_MARK_BINS = 80
_LEAST_WIDTH = 0.25
_LABEL = 24
_ROW = 9
_AREA = 44
_GAP = 14
_HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One task: place and width in percent, top in pixels, and its words."""

    x: float
    width: float
    y: int
    is_failed: bool
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that went wrong there: retried, or failed for good."""

    x: float
    y: int
    is_failed: bool
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A stage's part of the timeline; either bars or, of many tasks, an area.

    Args:
        top: Pixels from the top of the timeline.
        area: Path of the number of tasks at work, "" when there are bars.
    """

    stage: str
    words: str
    top: int
    height: int
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    area: str
    is_area: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """All lanes, one below the other, over one axis of working time."""

    lanes: tuple[Lane, ...]
    height: int
    x_ticks: tuple[Tick, ...]
    breaks: tuple[Tick, ...]
    description: str


def make_timeline(
    stages: Sequence[StageCosts],
    tasks: Sequence[Task],
    attempts: Sequence[FailedAttempt],
    scale: Timescale,
) -> Timeline:
    """Return the timeline of tasks that were worked on; cached ones took no time."""
    worked = [task for task in tasks if task.state in ("done", "failed")]
    most = _MOST_BARS if len(worked) <= _MOST_BARS else _FEW_BARS
    lanes: list[Lane] = []
    top = 0
    for stage in stages:
        mine = [task for task in worked if task.stage == stage.stage]
        tries = [one for one in attempts if one.stage == stage.stage]
        lane = _lane(stage, mine, tries, scale, (top, len(mine) <= most))
        lanes.append(lane)
        top += lane.height
    return Timeline(
        lanes=tuple(lanes),
        height=top,
        x_ticks=tuple(scale.ticks()),
        breaks=tuple(scale.breaks()),
        description=_describe(stages, len(worked), scale),
    )


def _lane(
    stage: StageCosts,
    tasks: Sequence[Task],
    attempts: Sequence[FailedAttempt],
    scale: Timescale,
    place: tuple[int, bool],
) -> Lane:
    top, is_small = place
    rows = _pack(tasks, scale) if is_small else []
    is_area = not is_small or max(rows, default=0) >= _MOST_ROWS
    used = _AREA if is_area else _ROW * (max(rows, default=-1) + 1)
    floor = top + _LABEL + used
    bars: tuple[Bar, ...] = ()
    if is_area:
        marks = _binned_marks(tasks, attempts, scale, floor)
    else:
        bars = tuple(_bar(*pair, scale, top) for pair in zip(tasks, rows, strict=True))
        marks = _row_marks(tasks, attempts, rows, scale, top)
    return Lane(
        stage=stage.stage,
        words=_words(stage, tasks if is_area else ()),
        top=top,
        height=_LABEL + used + _GAP,
        bars=bars,
        marks=marks,
        area=_area(tasks, scale) if is_area else "",
        is_area=is_area,
    )


def _pack(tasks: Sequence[Task], scale: Timescale) -> list[int]:
    """Return a row for each task so that none covers another."""
    free: list[float] = []
    rows = []
    for task in tasks:
        x, width = _span(task, scale)
        row = next((n for n, end in enumerate(free) if end <= x), len(free))
        if row == len(free):
            free.append(0.0)
        free[row] = x + width + 0.1
        rows.append(row)
    return rows


def _span(task: Task, scale: Timescale) -> tuple[float, float]:
    x = min(scale.percent(task.started), 100 - _LEAST_WIDTH)
    width = scale.percent(task.ended) - x
    return x, min(max(width, _LEAST_WIDTH), 100 - x)


def _bar(task: Task, row: int, scale: Timescale, top: int) -> Bar:
    x, width = _span(task, scale)
    tries = f", {task.attempts} attempts" if task.attempts > 1 else ""
    words = f"{task.state} in {duration(task.seconds)}{tries}"
    return Bar(
        x=round(x, 2),
        width=round(width, 2),
        y=top + _LABEL + row * _ROW,
        is_failed=task.state == "failed",
        title=f"{middle(task.item, 60)}: {words}",
    )


def _row_marks(
    tasks: Sequence[Task],
    attempts: Sequence[FailedAttempt],
    rows: Sequence[int],
    scale: Timescale,
    top: int,
) -> tuple[Mark, ...]:
    place = {task.item: row for task, row in zip(tasks, rows, strict=True)}
    last = {task.item: task.ended for task in tasks if task.state == "failed"}
    found = []
    for one in attempts:
        if one.item not in place:
            continue
        is_failed = one.item in last and one.ts >= last[one.item] - 0.001
        found.append(
            Mark(
                x=round(scale.percent(one.ts), 2),
                y=top + _LABEL + place[one.item] * _ROW,
                is_failed=is_failed or (one.item in last and not one.is_retryable),
                title=f"{middle(one.item, 60)}: {one.kind} attempt {one.number},"
                f" {one.error}",
            )
        )
    return tuple(found)


def _binned_marks(
    tasks: Sequence[Task],
    attempts: Sequence[FailedAttempt],
    scale: Timescale,
    floor: int,
) -> tuple[Mark, ...]:
    moments = [(one.ts, False) for one in attempts]
    moments += [(task.ended, True) for task in tasks if task.state == "failed"]
    bins: dict[tuple[int, bool], int] = {}
    for ts, is_failed in moments:
        place = min(int(scale.percent(ts) * _MARK_BINS / 100), _MARK_BINS - 1)
        bins[place, is_failed] = bins.get((place, is_failed), 0) + 1
    return tuple(
        Mark(
            x=round((place + (0.75 if is_failed else 0.25)) * 100 / _MARK_BINS, 2),
            y=floor,
            is_failed=is_failed,
            title=count(number, "failure" if is_failed else "attempt to repeat"),
        )
        for (place, is_failed), number in sorted(bins.items())
    )


def _levels(tasks: Sequence[Task], scale: Timescale) -> list[float]:
    edges = [scale.seconds * n / _BINS for n in range(_BINS + 1)]
    spans = [
        (scale.offset(task.started), scale.offset(task.ended), 1.0) for task in tasks
    ]
    return mean_levels(spans, edges)


def _area(tasks: Sequence[Task], scale: Timescale) -> str:
    levels = _levels(tasks, scale)
    top = max(levels, default=0.0) or 1.0
    path, last = f"M0 {_HEIGHT}", _HEIGHT
    for place, level in enumerate(levels):
        height = round(_HEIGHT - _HEIGHT * level / top)
        if height != last:
            path += f"H{round(1000 * place / _BINS)}V{height}"
            last = height
    return f"{path}H1000V{_HEIGHT}Z"


def _words(stage: StageCosts, tasks: Sequence[Task]) -> str:
    """Return how the stage's tasks ended, and of given tasks how many overlapped."""
    pairs = (
        (stage.done, "done"),
        (stage.cached, "cached"),
        (stage.failed, "failed"),
        (stage.skipped, "skipped"),
        (stage.running, "not ended"),
    )
    words = [f"{count(number)} {word}" for number, word in pairs if number]
    peak, _ = sweep((task.started, task.ended) for task in tasks)
    return ", ".join([*words, *([f"up to {peak} at once"] if peak else [])])


def _describe(stages: Sequence[StageCosts], worked: int, scale: Timescale) -> str:
    return (
        f"{count(worked, 'task')} of {count(len(stages), 'stage')}"
        f" over {duration(scale.seconds)} of work; one lane a stage."
    )
