"""The tuner in simulation: 17 server models, 50 seeds, virtual time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from bench.process import run
from bench.row import CannotMeasureError, Check, Conditions, Measured

_TIMEOUT_S = 1_800.0


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked at one number of items."""

    items: int
    typical: float
    worst: float


TARGETS = (Target(14, 0.96, 0.88), Target(50, 0.98, 0.92), Target(500, 0.99, 0.95))


def measure(conditions: Conditions) -> Measured:
    """Run the simulator once for each number of items."""
    seeds = conditions.pick(50, 2)
    targets = TARGETS if not conditions.is_quick else TARGETS[:1]
    checks: list[Check] = []
    raw: dict[str, object] = {"seeds": seeds}
    for target in targets:
        conditions.say(f"{target.items} items, {seeds} seeds")
        report = _simulate(conditions, target.items, seeds)
        checks += to_checks(target, _summary(report))
        raw[str(target.items)] = report
    counts = ",".join(str(target.items) for target in targets)
    return Measured(
        tuple(checks),
        raw,
        notes=(
            "Makespan of the best fixed limit, found by a sweep over all levels, / "
            "makespan of the tuner; the median over the seeds for each server model, "
            "then the median and the lowest over the models.",
        ),
        commands=(f"python -m bench.simulator --n {counts} --seeds {seeds}",),
    )


def to_checks(target: Target, summary: Mapping[str, object]) -> tuple[Check, ...]:
    """Hold a summary against its target."""
    typical, worst = (
        float(str(summary[name])) for name in ("median_of_medians", "worst_median")
    )
    lost = int(str(summary["lost"]))
    name = f"simulated, 17 server models, N={target.items}"
    return (
        Check(
            f"{name}: median of medians",
            f">= {target.typical}",
            f"{typical:.3f}" + (f", {lost} lost" if lost else ""),
            typical >= target.typical and lost == 0,
        ),
        Check(
            f"{name}: worst median",
            f">= {target.worst}",
            f"{worst:.3f} ({summary['worst_scenario']})",
            worst >= target.worst,
        ),
    )


def _simulate(conditions: Conditions, items: int, seeds: int) -> Mapping[str, object]:
    file = conditions.folder / f"{items}.json"
    command = [sys.executable, "-m", "bench.simulator", "--n", str(items)]
    command += ["--seeds", str(seeds), "--json", str(file)]
    command += ["--processes", str(os.cpu_count() or 1)]
    ran = run(command, timeout_s=_TIMEOUT_S)
    if ran.code != 0:
        said = " | ".join(ran.errors.strip().splitlines()[-3:])
        raise CannotMeasureError(f"the simulator ended with {ran.code}: {said}")
    for line in ran.output.splitlines():
        conditions.say(line)
    job: Mapping[str, object] = json.loads(file.read_text("utf-8"))["jobs"][0]
    return job


def _summary(report: Mapping[str, object]) -> Mapping[str, object]:
    summary = report.get("summary")
    return summary if isinstance(summary, dict) else {}
