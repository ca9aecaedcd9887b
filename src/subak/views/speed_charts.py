"""speed_charts: calls at once and tokens a second over the working time of a run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import repeat

import apsw

from subak.views.call_spans import CallSpans
from subak.views.chart import AreaChart, Series, area_chart
from subak.views.parallel import mean_levels, most_at_once
from subak.views.stored_events import iter_events
from subak.views.timescale import Timescale
from subak.views.wording import number_of, text_of

_BINS = 120
_LIMITS = ("limiter.changed", "limiter.level")


def speed_charts(
    spans: CallSpans, limit: Sequence[tuple[float, float]], scale: Timescale
) -> tuple[AreaChart, ...]:
    """Return both charts; none of a run without calls.

    Args:
        limit: How many calls were allowed at once, see ``read_limit``.
    """
    if not spans.started or scale.seconds <= 0:
        return ()
    edges = [scale.seconds * n / _BINS for n in range(_BINS + 1)]
    begins, ends = scale.offsets(spans.started), scale.offsets(spans.ended)
    flights = zip(begins, ends, repeat(1.0))
    peak = most_at_once(spans.started, spans.ended)
    in_flight = Series(
        id="flight",
        title="Calls at once",
        words=f"{spans.mean(scale.sessions):.1f} on average, {peak} at most",
        unit="calls",
        values=mean_levels(flights, edges),
        limit=limit,
    )
    pace = mean_levels(_speeds(spans, begins, ends), edges)
    speed = Series(
        id="speed",
        title="Tokens per second",
        words=f"{sum(pace) / _BINS:,.0f} on average, {max(pace):,.0f} at most",
        unit="tokens/s",
        values=pace,
    )
    return area_chart(in_flight, scale), area_chart(speed, scale)


def read_limit(
    db: apsw.Connection, run: str, names: Collection[str], scale: Timescale
) -> list[tuple[float, float]]:
    """Return how many calls were allowed at once, from when on, in percent.

    Args:
        names: The models and endpoints that count.
    """
    limits: dict[str, float] = {}
    steps: list[tuple[float, float]] = []
    for stored in iter_events(db, run, kinds=_LIMITS):
        name = text_of(stored.event.data.get("name"))
        limit = number_of(stored.event.data.get("limit"))
        if name not in names or limits.get(name) == limit:
            continue
        limits[name] = limit
        steps.append((scale.percent(stored.event.ts), sum(limits.values())))
    return steps


def _speeds(
    spans: CallSpans, begins: Sequence[float], ends: Sequence[float]
) -> Iterator[tuple[float, float, float]]:
    """Yield when the tokens of each call came, and how many a second."""
    columns = zip(begins, ends, spans.first_token_s, spans.tokens_out, strict=True)
    for begin, end, first_token_s, tokens in columns:
        first = begin + (first_token_s or 0.0)
        if tokens and end > first:
            yield first, end, tokens / (end - first)
