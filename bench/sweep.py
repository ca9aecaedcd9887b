"""Sweep: the tuner against every fixed limit, on one server."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean

import msgspec

from bench.drive import TUNED, DriveJob, Driven
from bench.process import run
from bench.row import CannotMeasureError


@dataclass(frozen=True, slots=True)
class Swept:
    """How the tuner did beside the fixed limits.

    Args:
        tuned: Its runs.
        fixed: The runs at each level.
    """

    tuned: tuple[Driven, ...]
    fixed: tuple[tuple[int, tuple[Driven, ...]], ...]

    @property
    def best(self) -> tuple[int, float]:
        """Return the best level without a failure, and its mean makespan."""
        levels = {
            level: mean(one.seconds for one in runs)
            for level, runs in self.fixed
            if not any(one.failed for one in runs)
        }
        if not levels:
            raise CannotMeasureError("items failed at every fixed level")
        found = min(levels, key=lambda level: levels[level])
        return found, levels[found]

    @property
    def ratio(self) -> float:
        """Return the best level's mean makespan / the tuner's."""
        return self.best[1] / mean(one.seconds for one in self.tuned)

    @property
    def failed(self) -> int:
        """Return how many items the tuner's runs lost."""
        return sum(one.failed for one in self.tuned)

    def raw(self) -> dict[str, object]:
        """Return everything, JSON-able."""
        return {
            "tuned": [asdict(one) for one in self.tuned],
            "fixed": {
                str(level): [asdict(one) for one in runs] for level, runs in self.fixed
            },
            "best_level": self.best[0],
            "ratio": self.ratio,
        }


def drive_once(job: DriveJob, folder: Path, timeout_s: float) -> Driven:
    """Drive a job in a process of its own.

    Raises:
        CannotMeasureError: It did not come to its end.
    """
    folder.mkdir(parents=True)
    own = replace(job, journal=str(folder / "journal.db"))
    file = folder / "job.json"
    file.write_bytes(msgspec.json.encode(own))
    command = [sys.executable, "-m", "bench.drive", str(file)]
    cache = {"XDG_CACHE_HOME": str(folder / "cache")} if own.slots is None else {}
    ran = run(command, timeout_s=timeout_s, environment=cache)
    if ran.code != 0:
        said = " | ".join(ran.errors.strip().splitlines()[-3:])
        raise CannotMeasureError(f"a run ended with {ran.code}: {said}")
    return msgspec.json.decode(ran.output, type=Driven)


def order_of_runs(levels: Sequence[int], *, is_tuned_twice: bool) -> list[int]:
    """Return levels and tuner runs so that a drift of the machine meets both alike."""
    if is_tuned_twice:
        return [TUNED, *levels, TUNED]
    middle = len(levels) // 2
    return [*levels[:middle], TUNED, *levels[middle:]]
