"""python -m bench.simulator: goodput of the tuner / best static level, by server."""

from __future__ import annotations

import argparse
import json
import multiprocessing
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from multiprocessing.pool import Pool
from pathlib import Path
from typing import get_args

from bench.simulator.best_static import RunAll, StaticLevels
from bench.simulator.client import Outcome, Sight
from bench.simulator.job import JobSpec, run_job
from bench.simulator.row import (
    HEADING,
    Row,
    make_row,
    summarize,
    to_line,
    to_summary_line,
)
from bench.simulator.scenarios import SCENARIOS

_CHUNK = 2


def main() -> None:
    """Measure and print."""
    options = _options()
    report = []
    with multiprocessing.Pool(options.processes) as pool:
        for count in (int(part) for part in options.n.split(",")):
            rows = _measure(count, options, pool)
            counted = [row for row in rows if not SCENARIOS[row.scenario].is_extra]
            summary = summarize(counted or rows)
            print(to_summary_line(summary), flush=True)
            report.append(
                {
                    "summary": asdict(summary),
                    "seeds": options.seeds,
                    "rows": [asdict(row) for row in rows],
                }
            )
    if options.json:
        text = json.dumps({"version": 1, "jobs": report}, indent=1)
        Path(options.json).write_text(text + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    usual = [name for name, each in SCENARIOS.items() if not each.is_extra]
    parser = argparse.ArgumentParser(prog="python -m bench.simulator")
    parser.add_argument("--n", default="14,50,500", help="items a job")
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--servers", default=",".join(usual))
    parser.add_argument("--sight", choices=get_args(Sight), default="tokens")
    parser.add_argument("--published", action="store_true", help="slots are known")
    parser.add_argument("--after", help="memory of a run on this server, or 'same'")
    parser.add_argument("--sweep", action="store_true", help="find static levels anew")
    parser.add_argument("--json", help="write the figures to this file")
    return parser.parse_args()


def _measure(count: int, options: argparse.Namespace, pool: Pool) -> Sequence[Row]:
    def run_all(specs: Iterable[JobSpec]) -> Sequence[Outcome]:
        return pool.map(run_job, list(specs), chunksize=_CHUNK)

    print(HEADING, flush=True)
    levels = StaticLevels(run_all, anew=options.sweep)
    rows = []
    for name in options.servers.split(","):
        row = _compare(name, count, options, levels, run_all)
        print(to_line(row), flush=True)
        rows.append(row)
    return rows


def _compare(
    name: str,
    count: int,
    options: argparse.Namespace,
    levels: StaticLevels,
    run_all: RunAll,
) -> Row:
    best = levels.best(name, count)
    static = [
        JobSpec(name, count, seed, best.levels, levels.expected_s(name, count))
        for seed in range(options.first_seed, options.first_seed + options.seeds)
    ]
    tuned = [
        replace(
            spec,
            levels=None,
            sight=options.sight,
            publishes=options.published,
            after=name if options.after == "same" else options.after,
        )
        for spec in static
    ]
    outcomes = run_all([*static, *tuned])
    half = len(static)
    return make_row(name, best.levels, outcomes[:half], outcomes[half:], count)


if __name__ == "__main__":
    main()
