"""Faults: a server that refuses, fails, hangs, talks nonsense and restarts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from bench.map_run import MapRun, count_good, summary_of
from bench.process import Child
from bench.row import Check, Conditions, Measured
from bench.rows_file import Job
from bench.server.settings import Settings
from bench.server.statistics import Counts
from bench.stand_in import StandIn

SETTINGS = Settings(
    token_ms=10.0,
    tokens_out=30,
    slots=16,
    refused=0.05,
    failed=0.05,
    hung=0.02,
    broken=0.05,
    retry_after="mixed",
)
_DOWN_S = 2.0
_LOOK_S = 0.25
_TIMEOUT_S = 600.0


def measure(conditions: Conditions) -> Measured:
    """Run one job through all of it; restart the server at a third and two thirds."""
    rows = conditions.pick(600, 60)
    with StandIn(SETTINGS) as server:
        job = Job(conditions.folder, server.spec, rows, has_schema=True)
        job.prepare()
        conditions.say(f"{rows} rows, two restarts")
        with Child(
            job.command(), folder=job.folder, environment=job.environment
        ) as child:
            restarts = Restarts(server, rows, conditions.say)
            ran = child.wait(_TIMEOUT_S, restarts.look)
        run = MapRun(ran, summary_of(ran))
        counts = server.counts()
    good = count_good(job.output, job)
    return Measured(
        _checks(run, counts, rows, good),
        {
            "rows": rows,
            "good": good,
            "restarts": restarts.made,
            "process": asdict(run.ran),
            "summary": dict(run.summary),
            "server": asdict(counts),
        },
        notes=(
            "5 % of attempts 429 (half of them with Retry-After), 5 % 500, 2 % never "
            "answered, 5 % malformed JSON; the server goes away for "
            f"{_DOWN_S:.0f} s after a third and two thirds of the rows. Answers are "
            "held to a JSON Schema.",
            f"Met on the way: {_told(counts)}; {run.ran.wall_s:.0f} s in all.",
        ),
        commands=(job.typed(),),
    )


class Restarts:
    """Restarts the server when a third, then two thirds of the items are good."""

    def __init__(self, server: StandIn, rows: int, say: Callable[[str], None]) -> None:
        self.made = 0
        self._server, self._rows, self._say = server, rows, say
        self._next_look = 0.0

    def look(self, since_s: float) -> None:
        """Look whether it is time."""
        if self.made >= 2 or since_s < self._next_look:
            return
        self._next_look = since_s + _LOOK_S
        try:
            good = self._server.counts().items_good
        except OSError:  # it is away
            return
        if good * 3 >= self._rows * (self.made + 1):
            self.made += 1
            self._say(f"restart {self.made} of 2 at {since_s:.1f} s")
            self._server.restart(_DOWN_S)
            self._next_look = since_s + 2 * _DOWN_S


def _checks(run: MapRun, counts: Counts, rows: int, good: int) -> tuple[Check, ...]:
    failed = rows - good
    told = int(run.number("calls", "repeated"))
    return (
        Check(
            "faults and two restarts: items that succeed",
            "all",
            f"{good:,} of {rows:,}",
            failed == 0,
        ),
        Check(
            "faults and two restarts: repeated calls",
            "0",
            f"{counts.repeat_calls} at the server, {told} told by --json",
            counts.repeat_calls == 0 and told == 0,
        ),
    )


def _told(counts: Counts) -> str:
    faults = ", ".join(f"{count} {name}" for name, count in counts.by_fault.items())
    return f"{counts.calls} calls, {faults or 'no faults'}"
