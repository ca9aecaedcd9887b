"""Watchers: what the dashboard costs: its first page, and a run that is watched."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median

from bench.dashboard_process import DashboardProcess, Painted
from bench.map_run import count_good, run_map
from bench.row import CannotMeasureError, Check, Conditions, Measured
from bench.rows_file import Job
from bench.server.settings import Settings
from bench.stand_in import StandIn
from tests.views.sample import write_synthetic_run

_CALL_S = 0.2
_PARALLEL = 64
_WATCHERS = 20
_TIMEOUT_S = 180.0
_TOKENS = 40
# Four tasks and sixteen calls an item: 5,000 tasks, 20,000 calls.
_ITEMS = 1_300
_CALLS_PER_ITEM = 16
_MOST_BYTES = 300_000
_MOST_S = 0.150
_MOST_SHARE = 0.02
_SETTLE_S = 2.0


@dataclass(frozen=True, slots=True)
class _Pair:
    """The same job alone and watched: seconds from the first call to the last answer.

    Args:
        server_cpu_s: What the dashboard took of the processor meanwhile.
    """

    alone_s: float
    watched_s: float
    server_cpu_s: float
    received_bytes: int

    @property
    def share(self) -> float:
        """Return how much longer the watched one took, as a share of the other."""
        return self.watched_s / self.alone_s - 1


def measure(conditions: Conditions) -> Measured:
    """Ask for the first page of a large run; then run the same job with watchers."""
    paints = _paint(conditions)
    pairs = _watch(conditions)
    share = median(pair.share for pair in pairs)
    wall_s = median(paint.wall_s for paint in paints)
    size = max(paint.size_bytes for paint in paints)
    checks = (
        Check(
            "first page of a run of 5,000 tasks and 20,000 calls: bytes",
            f"<= {_MOST_BYTES:,}",
            f"{size:,}",
            size <= _MOST_BYTES,
        ),
        Check(
            "the same: time",
            f"<= {_MOST_S * 1000:.0f} ms",
            f"{wall_s * 1000:.0f} ms",
            wall_s <= _MOST_S,
        ),
        Check(
            f"{_WATCHERS} watchers: the run takes longer by",
            f"<= {_MOST_SHARE:.0%}",
            f"{share:.1%}",
            share <= _MOST_SHARE,
        ),
    )
    return Measured(
        checks,
        {
            "paints": [asdict(paint) for paint in paints],
            "pairs": [asdict(pair) for pair in pairs],
        },
        notes=(
            "First page: asked of a server that has started, looked at its workspaces "
            "once and shown another one, whose templates it has therefore read; the "
            f"median of {len(paints)} servers.",
            f"Watched: {len(pairs)} pairs of the same `subak map` job, alone and with "
            f"{_WATCHERS} streams open, in turn; the median of the differences. The "
            "server took "
            f"{median(pair.server_cpu_s for pair in pairs):.2f} s of the processor.",
        ),
        commands=("subak serve", "subak map ..."),
    )


def _paint(conditions: Conditions) -> list[Painted]:
    folder = conditions.folder / "paint"
    write_synthetic_run(folder / "small", items=5)
    items = conditions.pick(_ITEMS, 40)
    write_synthetic_run(folder / "large", items=items, calls_per_item=_CALLS_PER_ITEM)
    paints = []
    for _ in range(conditions.pick(5, 1)):
        with DashboardProcess(folder) as server:
            server.paint("/w/small/")
            time.sleep(_SETTLE_S)
            paints.append(server.paint("/w/large/"))
    conditions.say(f"first page {paints[-1].wall_s * 1000:.0f} ms")
    return paints


def _watch(conditions: Conditions) -> list[_Pair]:
    rows = conditions.pick(1_600, 64)
    pairs = []
    with StandIn() as server:
        folder = conditions.folder / "watched"
        job = Job(folder, server.spec, rows, max_parallel=_PARALLEL)
        _run(server, replace(job, rows=_PARALLEL * 3, first=900_000))  # to warm up
        for number in range(conditions.pick(5, 1)):
            first = 2 * number * rows
            alone = _run(server, replace(job, first=first))
            with (
                DashboardProcess(folder) as dashboard,
                dashboard.watch(f"/w/{folder.name}/stream", _WATCHERS) as watchers,
            ):
                before = dashboard.cpu_s
                watched = _run(server, replace(job, first=first + rows))
                cpu_s = dashboard.cpu_s - before
            pairs.append(_Pair(alone, watched, cpu_s, watchers.received_bytes))
            conditions.say(f"watched: {pairs[-1].share:+.1%}, server {cpu_s:.2f} CPU-s")
    return pairs


def _run(server: StandIn, job: Job) -> float:
    """Run a job and return the seconds from its first call to its last answer."""
    server.configure(
        Settings(
            base_ms=_CALL_S * 1_000,
            tokens_out=_TOKENS,
            streaming="lump",
            publishes_slots=job.max_parallel or 1,
        )
    )
    job.prepare()
    Path(job.output).unlink(missing_ok=True)
    run_map(job, _TIMEOUT_S)
    if (good := count_good(job.output, job)) != job.rows:
        raise CannotMeasureError(f"{good} of {job.rows} rows came")
    return server.counts().span_s
