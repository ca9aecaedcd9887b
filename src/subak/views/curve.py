"""render_curve: a server's throughput curve as one self-contained page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from subak.views.chart import value_axis
from subak.views.page import render_page
from subak.views.timescale import Tick
from subak.views.wording import duration

_LEFT, _RIGHT = 6.0, 96.0


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a server did with so many calls at once.

    Args:
        first_token_s: Time to the first token, None where nothing streams.
        seconds: Time of a whole answer.
    """

    parallel: int
    tokens_per_s: float
    first_token_s: float | None
    seconds: float
    calls: int
    errors: int


@dataclass(frozen=True, slots=True)
class CurvePage:
    """What the page tells.

    Args:
        server: Who it is, in words.
        slots: Requests it works on at once, where that is known.
        points: In ascending order of concurrency; at least one.
        knee: The smallest level within 5 % of the best.
        limit: What keeps it from being faster, in words.
        advice: What to change, "" for nothing.
        measured: When, seconds since the epoch.
    """

    model: str
    server: str
    slots: int | None
    points: tuple[CurvePoint, ...]
    knee: int
    limit: str
    advice: str
    measured: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A measured value: places in percent from the left and the top."""

    x: float
    y: float
    title: str
    is_knee: bool


@dataclass(frozen=True, slots=True)
class CurveChart:
    """A value over concurrency, which is drawn in equal steps for each doubling.

    Args:
        lines: Dots of each line, the main one first.
        paths: The same as paths in a box of 1000 by 100.
        marks: Places that mean something, such as the number of slots.
    """

    id: str
    title: str
    unit: str
    description: str
    lines: tuple[tuple[Dot, ...], ...]
    paths: tuple[str, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]


def render_curve(page: CurvePage) -> str:
    """Return the page as HTML."""
    knee = next(point for point in page.points if point.parallel == page.knee)
    return render_page(
        "curve.html.j2",
        page=page,
        knee=knee,
        alone=page.points[0],
        charts=(_speeds(page), _times(page)),
    )


def _speeds(page: CurvePage) -> CurveChart:
    values = [point.tokens_per_s for point in page.points]
    titles = [f"{value:,.1f} tokens/s" for value in values]
    return _chart(
        page,
        ("speed", "Tokens per second", "tokens/s"),
        [(values, titles)],
        f"from {values[0]:,.1f} for one call to {max(values):,.1f} tokens a second"
        " at best",
    )


def _times(page: CurvePage) -> CurveChart:
    whole = [point.seconds for point in page.points]
    lines = [(whole, [f"whole answer in {duration(value)}" for value in whole])]
    first = [point.first_token_s for point in page.points]
    known = [value for value in first if value is not None]
    if len(known) == len(whole):
        titles = [f"first token after {duration(value)}" for value in known]
        lines.append((known, titles))
    return _chart(
        page,
        ("times", "Time of one answer", "s"),
        lines,
        f"a whole answer took {duration(whole[0])} alone"
        f" and {duration(whole[-1])} at {page.points[-1].parallel} at once",
    )


def _chart(
    page: CurvePage,
    names: tuple[str, str, str],
    lines: Sequence[tuple[Sequence[float], Sequence[str]]],
    description: str,
) -> CurveChart:
    most = page.points[-1].parallel
    top, y_ticks = value_axis(max(max(values) for values, _ in lines))
    dots = tuple(
        tuple(
            Dot(
                x=_place(point.parallel, most),
                y=round(100 - 100 * value / top, 2),
                title=f"{point.parallel} at once: {title}",
                is_knee=point.parallel == page.knee,
            )
            for point, value, title in zip(page.points, values, titles, strict=True)
        )
        for values, titles in lines
    )
    marks = [Tick(_place(page.knee, most), "knee")]
    if page.slots and page.slots <= most and page.slots != page.knee:
        marks.append(Tick(_place(page.slots, most), f"{page.slots} slots"))
    return CurveChart(
        id=names[0],
        title=names[1],
        unit=names[2],
        description=f"{names[1]}: {description}.",
        lines=dots,
        paths=tuple(_path(line) for line in dots),
        x_ticks=_ticks([point.parallel for point in page.points], most),
        y_ticks=y_ticks,
        marks=tuple(marks),
    )


def _place(parallel: int, most: int) -> float:
    """Return the place of a level in percent: equal steps for each doubling."""
    share = math.log2(parallel) / math.log2(most) if most > 1 else 0.5
    return round(_LEFT + (_RIGHT - _LEFT) * share, 2)


def _path(dots: Sequence[Dot]) -> str:
    return "M" + "L".join(f"{10 * dot.x:.1f} {dot.y:.2f}" for dot in dots)


def _ticks(levels: Sequence[int], most: int) -> tuple[Tick, ...]:
    """Return the levels, each with its number where there is room for it."""
    kept: list[Tick] = []
    for level in levels:
        place = _place(level, most)
        if not kept or place - kept[-1].at >= 5:
            kept.append(Tick(place, str(level)))
    return tuple(kept)
