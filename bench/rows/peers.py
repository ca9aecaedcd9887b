"""Side by side: five jobs through subak, the old scripts' design and three peers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bench.peer_runs import OURS, Assignment, PeerRun, find_runners, peer_versions
from bench.row import Check, Conditions, Measured
from bench.rows.real_time import MODELS
from bench.rows_file import Job
from bench.server.settings import Settings
from bench.stand_in import StandIn

_TIMEOUT_S = 240.0
_POLL_S = 0.02
_CONCURRENCY = 16
_ROUND = Settings(base_ms=200.0, tokens_out=4, publishes_slots=64)
_FAULTS = Settings(
    token_ms=5.0,
    tokens_out=30,
    slots=32,
    refused=0.05,
    failed=0.05,
    broken=0.05,
    retry_after="mixed",
)
_KILLED = Settings(base_ms=300.0, tokens_out=6, publishes_slots=16)

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Bench:
    """One runner at one job."""

    conditions: Conditions
    server: StandIn
    runner: str

    def assignment(
        self, name: str, rows: int, concurrency: int, *, has_schema: bool = False
    ) -> Assignment:
        folder = self.conditions.folder / f"{name}-{self.runner.replace(' ', '-')}"
        cap = concurrency if self.runner == OURS else None
        job = Job(folder, self.server.spec, rows, 0, has_schema, cap)
        job.prepare()
        return Assignment(self.runner, job, self.server.url, concurrency)

    def figures(self, run: PeerRun, rows: int) -> dict[str, float]:
        counts = self.server.counts()
        return {
            "makespan_s": counts.span_s,
            "wall_s": run.ran.wall_s,
            "cpu_s": run.ran.cpu_s,
            "memory_mb": run.ran.peak_mb,
            "lost": rows - run.good,
            "calls": counts.calls,
            "code": run.ran.code,
        }


def measure(conditions: Conditions) -> Measured:
    """Give every job to every runner."""
    runners = find_runners()
    table: dict[str, dict[str, Figures]] = {}
    with StandIn() as server:
        for name, do in JOBS.items():
            table[name] = {}
            for runner in runners:
                found = do(_Bench(conditions, server, runner))
                table[name][runner] = found
                lost, wall = found["lost"], found["wall_s"]
                conditions.say(f"{name}: {runner} {wall:.1f} s, {lost:.0f} lost")
    return Measured(
        _checks(table),
        {"jobs": table, "versions": peer_versions()},
        notes=(
            "Every runner but the old scripts (four threads by design) is given the "
            f"concurrency of the job; on the 1-slot and knee-32 servers {_CONCURRENCY} "
            "(a guess, as a user would make one), while subak finds its own.",
            "Faults here: 5 % 429, 5 % 500, 5 % malformed JSON; nothing hangs and "
            "nothing restarts, so that each runner comes to an end.",
            "Repeated after a kill: calls in all, less the rows.",
        ),
        commands=("python -m bench peers",),
    )


def _round(bench: _Bench) -> Figures:
    """1,000 calls of 200 ms at 64; subak remembers a short run, as the others can't."""
    rows = bench.conditions.pick(1_000, 64)
    bench.server.configure(_ROUND)
    assignment = bench.assignment("round", rows, 64)
    if bench.runner == OURS:
        warm = replace(assignment.job, rows=192, first=500_000)
        warm.prepare()
        replace(assignment, job=warm).run(_TIMEOUT_S)
        assignment.job.prepare()
        bench.server.configure(_ROUND)
    return bench.figures(assignment.run(_TIMEOUT_S), rows)


def _faults(bench: _Bench) -> Figures:
    rows = bench.conditions.pick(400, 40)
    bench.server.configure(_FAULTS)
    assignment = bench.assignment("faults", rows, 32, has_schema=True)
    return bench.figures(assignment.run(_TIMEOUT_S), rows)


def _killed(bench: _Bench) -> Figures:
    """Kill half-way through 200 calls, run again, run a third time."""
    rows = bench.conditions.pick(200, 40)
    bench.server.configure(_KILLED)
    assignment = bench.assignment("killed", rows, _CONCURRENCY)
    with assignment.start() as child:
        deadline = time.monotonic() + _TIMEOUT_S
        while bench.server.counts().calls < rows // 2 and child.look() is None:
            if time.monotonic() > deadline:
                break
            time.sleep(_POLL_S)
        child.kill()
    rerun = assignment.run(_TIMEOUT_S)
    after = bench.server.counts().calls
    assignment.run(_TIMEOUT_S)
    again = bench.server.counts().calls - after
    figures = bench.figures(rerun, rows)
    return {**figures, "repeated": after - rows, "calls_unchanged_again": again}


def _model(name: str, rows: int) -> Callable[[_Bench], Figures]:
    def do(bench: _Bench) -> Figures:
        count = bench.conditions.pick(rows, 24)
        bench.server.configure(MODELS[name].settings)
        assignment = bench.assignment(name.replace(" ", "-"), count, _CONCURRENCY)
        if bench.runner == OURS:
            free = replace(assignment.job, max_parallel=None)
            assignment = replace(assignment, job=free)
        return bench.figures(assignment.run(_TIMEOUT_S), count)

    return do


JOBS: Mapping[str, Callable[[_Bench], Figures]] = {
    "1,000 calls of 200 ms at 64": _round,
    "faults, 400 rows at 32": _faults,
    "kill -9 half-way, 200 rows at 16": _killed,
    "1 slot, 80 rows": _model("1 slot", 80),
    "knee 32, 100 rows": _model("knee 32", 100),
}


def _checks(table: Mapping[str, Mapping[str, Figures]]) -> tuple[Check, ...]:
    """Nothing of ours may be lost, and no answered call of ours repeated."""
    lost = sum(found[OURS]["lost"] for found in table.values())
    again = sum(
        found[OURS].get("calls_unchanged_again", 0.0) for found in table.values()
    )
    return (
        Check(
            "the peers' jobs: rows subak loses",
            "0",
            f"{lost:.0f}",
            lost == 0,
        ),
        Check(
            "the peers' jobs: calls of an unchanged third run",
            "0",
            f"{again:.0f}",
            again == 0,
        ),
    )
