"""AreaChart: a series over time as numbers a template can draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from subak.views.timescale import Tick, Timescale
from subak.views.wording import clock_face, duration

WIDTH = 1000
HEIGHT = 100
_TABLE_ROWS = 24


@dataclass(frozen=True, slots=True)
class AreaChart:
    """A filled line over working time.

    Args:
        id: Prefix of the element ids.
        words: Mean and peak, for people.
        area: Path of the filled shape, in a box of WIDTH by HEIGHT.
        edge: Path of its upper edge.
        limit: Path of a limiting step line, "" for none.
        x_ticks: Times, in percent of the width.
        y_ticks: Values, in percent of the height from the top.
        rows: The same as a table: time and value.
    """

    id: str
    title: str
    words: str
    description: str
    unit: str
    area: str
    edge: str
    limit: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    breaks: tuple[Tick, ...]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """What a chart is to show.

    Args:
        values: Mean value in each of equally wide bins over the whole axis.
        limit: Places in percent and the value that holds from there on.
    """

    id: str
    title: str
    words: str
    unit: str
    values: Sequence[float]
    limit: Sequence[tuple[float, float]] = ()


def area_chart(series: Series, scale: Timescale) -> AreaChart:
    """Return the chart of a series."""
    highest = max([*series.values, *(value for _, value in series.limit)], default=0.0)
    top, y_ticks = value_axis(highest)
    edge = _edge(series.values, top)
    return AreaChart(
        id=series.id,
        title=series.title,
        words=series.words,
        description=f"{series.title}: {series.words}, over"
        f" {duration(scale.seconds)} of work.",
        unit=series.unit,
        area=f"{edge}L{WIDTH} {HEIGHT}L0 {HEIGHT}Z" if edge else "",
        edge=edge,
        limit=step_path(series.limit, top),
        x_ticks=tuple(scale.ticks()),
        y_ticks=y_ticks,
        breaks=tuple(scale.breaks()),
        rows=tuple(_rows(series.values, scale)),
    )


def value_axis(highest: float) -> tuple[float, tuple[Tick, ...]]:
    """Return the value at the top of an axis from 0, and about three round values."""
    step = _round_up(highest / 3) if highest > 0 else 1.0
    top = max(step * math.ceil(highest / step), step)
    marks = range(1, round(top / step) + 1)
    return top, tuple(
        Tick(100 - 100 * n * step / top, _number(n * step)) for n in marks
    )


def _edge(values: Sequence[float], top: float) -> str:
    """Return steps, one a bin, leaving out points that change nothing."""
    path, last = "", -1
    for place, value in enumerate(values):
        height = round(HEIGHT - HEIGHT * value / top)
        if height != last:
            x = round(WIDTH * place / len(values))
            path += f"H{x}V{height}" if path else f"M{x} {height}"
            last = height
    return f"{path}H{WIDTH}" if path else ""


def step_path(steps: Sequence[tuple[float, float]], top: float) -> str:
    """Return a step line, in a box of WIDTH by HEIGHT.

    Args:
        steps: Places in percent of the width and the value that holds from there on.
        top: Value at the upper edge.
    """
    path = ""
    for percent, value in steps:
        x, height = round(percent * WIDTH / 100), round(HEIGHT - HEIGHT * value / top)
        path += f"H{x}V{height}" if path else f"M{x} {height}"
    return f"{path}H{WIDTH}" if path else ""


def _rows(values: Sequence[float], scale: Timescale) -> list[tuple[str, str]]:
    if not values:
        return []
    size = math.ceil(len(values) / _TABLE_ROWS)
    rows = []
    for first in range(0, len(values), size):
        part = values[first : first + size]
        moment = scale.seconds * first / len(values)
        rows.append((_moment(moment, scale), _number(sum(part) / len(part))))
    return rows


def _moment(seconds: float, scale: Timescale) -> str:
    return f"{seconds:.1f} s" if scale.seconds < _TABLE_ROWS else clock_face(seconds)


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5, 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= value * 0.999)


def _number(value: float) -> str:
    if value >= 9.95 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.1f}"
