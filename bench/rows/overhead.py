"""Client overhead: what subak costs while a server takes 200 ms a call."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from functools import partial
from statistics import median

from bench.calm_runs import CalmRuns, calm_runs
from bench.drive import DriveJob, Driven
from bench.foreign_load import ForeignLoad
from bench.map_run import MapRun, count_good, run_map
from bench.row import Check, Conditions, Measured
from bench.rows_file import Job, row_of
from bench.server.settings import Settings
from bench.server.statistics import Counts
from bench.stand_in import StandIn
from bench.sweep import drive_once

CALL_S = 0.2
# 1,024 calls of 200 ms in flight are 5,120 calls a second: bare aiohttp alone needs a
# whole core for that. Longer calls show what the number in flight costs.
LONG_CALL_S = 2.0
_TIMEOUT_S = 180.0
# As the clients of the peers were measured: the whole answer after 200 ms.
_TOKENS = 40
_WARM_ROUNDS = 3
_FEW = 64


def measure(conditions: Conditions) -> Measured:
    """Measure 1,000 calls at 64, then 8,192 at 1,024."""
    small = _Level(conditions, 64, conditions.pick(1_000, 128))
    large = _Level(conditions, 1_024, conditions.pick(8_192, 1_024), LONG_CALL_S)
    rapid = replace(large, call_s=CALL_S)
    few = replace(small, rows=_FEW)
    count = conditions.pick(5, 1)
    with StandIn() as server:
        watch = partial(ForeignLoad, server.process_id)
        kept = calm_runs(lambda n: small.measure(server, n), count, conditions, watch)
        second = large.measure(server)
        begun = calm_runs(
            # Rows that no other run has asked about.
            lambda n: few.measure(server, 1_000 + n),
            count,
            conditions,
            watch,
        )
        fixed = [_usual(small, server), large.fixed(server), rapid.fixed(server)]
    rounds, starts = kept.runs, begun.runs
    first = sorted(rounds, key=lambda one: one.ratio)[count // 2]
    cpu_s = median(one.run.ran.cpu_s for one in rounds)
    start_s = median(one.run.ran.cpu_s for one in starts)
    net = (cpu_s - start_s) * 1_000 / max(1, small.rows - _FEW)
    checks = (
        first.check("1,000 calls of 200 ms at 64: makespan / ideal", 1.04),
        Check(
            "client CPU for 1,000 calls, start-up excluded",
            "<= 0.45 s",
            f"{net:.2f} s ({cpu_s:.2f} s with start-up)",
            net <= 0.45,
        ),
        second.check("8,192 calls of 2 s at 1,024: makespan / ideal", 1.15),
        fixed[0].check(1.04),
        fixed[1].check(1.15),
    )
    return Measured(
        checks,
        {
            "at_64": [one.raw() for one in rounds],
            "at_1024": second.raw(),
            "fixed": [one.raw() for one in fixed],
            "few": [one.raw() for one in starts],
            "net_cpu_s_per_1000": net,
        },
        notes=_notes(kept, begun, fixed[2].calls_per_s),
        commands=(small.job(server.spec).typed(),),
    )


def _notes(
    kept: CalmRuns[_Run], begun: CalmRuns[_Run], rapid: float
) -> tuple[str, ...]:
    return (
        "The server publishes its slots and each measured run follows a short one "
        "over other rows, so that the tuner starts from what it remembers.",
        f"At 64 the medians of {len(kept.runs)} runs over other rows. 1,000 calls "
        f"without start-up: what {kept.runs[0].level.rows:,} take above what {_FEW} "
        f"take (medians of {len(kept.runs)} and {len(begun.runs)} runs).",
        "Runs during which other processes took over 2 % of the CPU are made "
        f"again: {kept.repeated + begun.repeated} here; in those that count they "
        f"took {max(kept.share, begun.share):.1%} at most.",
        "Makespan: from the first call's arrival at the server to the last "
        "answer's end.",
        "A call is answered in one piece, five server-sent events, after its time.",
        "Journal, events and progress lines (off a terminal) are on.",
        "At a fixed limit (at 64 the middle one of three runs): the same calls "
        "through Model, journal and HTTP client without command and tuner, so "
        "that what the tuner needs to get there can be told from a call's cost.",
        "1,024 in flight is measured with calls of 2 s: with 200 ms it would be "
        "5,120 calls a second, more than bare aiohttp does on one core; subak "
        f"then reaches {rapid:,.0f} calls a second.",
    )


def _usual(level: _Level, server: StandIn) -> _Fixed:
    """Return the middle one of three runs at a fixed limit."""
    count = level.conditions.pick(3, 1)
    watch = partial(ForeignLoad, server.process_id)
    measure = partial(level.fixed, server)
    tries = calm_runs(measure, count, level.conditions, watch)
    return sorted(tries.runs, key=lambda one: one.ratio)[count // 2]


class _Run:
    """One measured run and what the server saw of it."""

    def __init__(self, level: _Level, run: MapRun, counts: Counts, good: int) -> None:
        self.level, self.run, self.counts, self.good = level, run, counts, good

    @property
    def ratio(self) -> float:
        return self.counts.span_s / self.level.ideal_s

    def check(self, what: str, at_most: float) -> Check:
        whole = self.good == self.level.rows
        measured = f"{self.ratio:.3f} ({self.counts.span_s:.2f} s, peak "
        measured += f"{self.counts.peak})" + ("" if whole else ", rows missing")
        is_met = whole and self.ratio <= at_most
        return Check(what, f"<= {at_most}", measured, is_met)

    def raw(self) -> dict[str, object]:
        return {
            "rows": self.level.rows,
            "parallel": self.level.parallel,
            "ideal_s": self.level.ideal_s,
            "ratio": self.ratio,
            "good": self.good,
            "process": asdict(self.run.ran),
            "summary": dict(self.run.summary),
            "server": asdict(self.counts),
        }


class _Fixed:
    """The engine without a tuner at one level, and what the server saw of it."""

    def __init__(self, level: _Level, driven: Driven, counts: Counts) -> None:
        self.level, self.driven, self.counts = level, driven, counts

    @property
    def ratio(self) -> float:
        return self.counts.span_s / self.level.ideal_s

    def check(self, at_most: float) -> Check:
        cpu = self.driven.cpu_s * 1_000 / self.level.rows
        lost = f", {self.driven.failed} lost" if self.driven.failed else ""
        return Check(
            f"engine at a fixed {self.level.parallel:,}: makespan / ideal",
            f"<= {at_most}",
            f"{self.ratio:.3f}, CPU {cpu:.2f} s for 1,000 calls{lost}",
            self.ratio <= at_most and not self.driven.failed,
        )

    @property
    def calls_per_s(self) -> float:
        return self.counts.calls / self.counts.span_s if self.counts.span_s else 0.0

    def raw(self) -> dict[str, object]:
        return {
            "parallel": self.level.parallel,
            "call_s": self.level.call_s,
            "driven": asdict(replace(self.driven, cached=())),
            "server": asdict(self.counts),
        }


@dataclass(frozen=True, slots=True)
class _Level:
    """The same job at one level of concurrency."""

    conditions: Conditions
    parallel: int
    rows: int
    call_s: float = CALL_S

    @property
    def ideal_s(self) -> float:
        return math.ceil(self.rows / self.parallel) * self.call_s

    def job(self, spec: str) -> Job:
        folder = self.conditions.folder / f"at-{self.parallel}"
        return Job(folder, spec, self.rows, max_parallel=self.parallel)

    def measure(self, server: StandIn, number: int = 0) -> _Run:
        """Measure once more; the first time after a short run to remember."""
        if number == 0:
            self._warm_up(server)
        self._serve(server)
        job = replace(self.job(server.spec), first=number * self.rows)
        job.prepare()
        self.conditions.say(f"{self.parallel} at once: {self.rows} calls")
        run = run_map(job, _TIMEOUT_S)
        good = count_good(job.output, job)
        measured = _Run(self, run, server.counts(), good)
        self.conditions.say(f"makespan / ideal {measured.ratio:.3f}")
        return measured

    def _warm_up(self, server: StandIn) -> None:
        self._serve(server)
        rows = self.parallel * _WARM_ROUNDS
        warm = replace(self.job(server.spec), rows=rows, first=500_000)
        warm.prepare()
        self.conditions.say(f"{self.parallel} at once: {rows} calls to warm up")
        run_map(warm, _TIMEOUT_S)

    def fixed(self, server: StandIn, number: int = 0) -> _Fixed:
        self._serve(server)
        self.conditions.say(f"the engine at a fixed {self.parallel}")
        prompts = tuple(row_of(number)["text"] for number in range(self.rows))
        job = DriveJob(server.spec, "", prompts, level=self.parallel)
        name = f"fixed-{self.parallel}-{self.call_s}-{number}"
        folder = self.conditions.folder / name
        driven = drive_once(job, folder, _TIMEOUT_S)
        return _Fixed(self, driven, server.counts())

    def _serve(self, server: StandIn) -> None:
        settings = Settings(
            base_ms=self.call_s * 1_000, tokens_out=_TOKENS, streaming="lump"
        )
        server.configure(replace(settings, publishes_slots=self.parallel))
