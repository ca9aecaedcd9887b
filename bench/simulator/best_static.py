"""BestStatic and StaticLevels: the static levels that were fastest in a sweep.

What was found is kept in a file beside this one.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from bench.simulator.client import Outcome
from bench.simulator.job import JobSpec
from bench.simulator.scenarios import SCENARIOS

LEVELS = (
    *(1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 32),
    *(48, 64, 96, 128, 192, 256, 320),
)
POOL_LEVELS = tuple(itertools.product((4, 5), (8, 9), (0, 1, 2, 3)))
SWEEP_SEEDS = 20
FILE = Path(__file__).with_name("best_static.json")
_ALIKE = {"rpm_hdr": "rpm_ra", "tpm_hdr": "tpm_ra"}  # to a client without a tuner
_FEWEST_LEVELS = 4

RunAll = Callable[[Iterable[JobSpec]], Sequence[Outcome]]


@dataclass(frozen=True, slots=True)
class BestStatic:
    """The fastest static level.

    Args:
        levels: One an endpoint.
        makespan_s: Mean over the seeds.
        seeds: Seeds of the sweep, from 0.
    """

    levels: tuple[int, ...]
    makespan_s: float
    seeds: int


def load_best() -> dict[str, BestStatic]:
    """Read the levels kept, by "scenario/count"."""
    if not FILE.exists():
        return {}
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        key: BestStatic(tuple(row["levels"]), row["makespan_s"], row["seeds"])
        for key, row in rows.items()
    }


def key_of(scenario: str, count: int) -> str:
    """Return the key under which the best level for a job is kept."""
    return f"{_ALIKE.get(scenario, scenario)}/{count}"


class StaticLevels:
    """Find the best static level of a job: in the file, or by a sweep.

    Args:
        anew: Sweep all that is asked for, once, whatever the file says.
    """

    def __init__(self, run_all: RunAll, *, anew: bool = False) -> None:
        self._run_all = run_all
        self._known = {} if anew else load_best()

    def expected_s(self, scenario: str, count: int) -> float:
        """Return the rough duration that places the throttling of a scenario."""
        like = SCENARIOS[scenario].like
        return 0.0 if like is None else self.best(like, count).makespan_s

    def best(self, scenario: str, count: int) -> BestStatic:
        """Return the level with the lowest mean makespan at which no item fails."""
        key = key_of(scenario, count)
        if key not in self._known:
            self._known[key] = self._sweep(scenario, count)
            _save({**load_best(), key: self._known[key]})
        return self._known[key]

    def _sweep(self, scenario: str, count: int) -> BestStatic:
        tried = _levels(scenario, count)
        expected_s = self.expected_s(scenario, count)
        specs = [
            JobSpec(scenario, count, seed, levels, expected_s)
            for levels in tried
            for seed in range(SWEEP_SEEDS)
        ]
        outcomes = self._run_all(specs)
        best: BestStatic | None = None
        for number, levels in enumerate(tried):
            rows = outcomes[number * SWEEP_SEEDS : (number + 1) * SWEEP_SEEDS]
            mean = fmean(row.makespan_s for row in rows)
            if any(row.failed for row in rows):
                continue
            if best is None or mean < best.makespan_s:
                best = BestStatic(levels, round(mean, 3), SWEEP_SEEDS)
        if best is None:
            raise RuntimeError(f"every static level loses items of {scenario}/{count}")
        return best


def _save(best: dict[str, BestStatic]) -> None:
    rows = {key: asdict(row) for key, row in sorted(best.items())}
    lines = ",\n".join(f'"{key}": {json.dumps(row)}' for key, row in rows.items())
    FILE.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def _levels(scenario: str, count: int) -> Sequence[tuple[int, ...]]:
    if scenario == "pool3":
        return POOL_LEVELS
    most = min(SCENARIOS[scenario].most, max(count, _FEWEST_LEVELS))
    return [(level,) for level in LEVELS if level <= most]
