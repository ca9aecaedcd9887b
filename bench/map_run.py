"""run_map: one run of `subak map` in a process of its own, and what it said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.process import Ran, run
from bench.row import CannotMeasureError
from bench.rows_file import Job

_FINE = frozenset({0, 3})


@dataclass(frozen=True, slots=True)
class MapRun:
    """What one run cost and told.

    Args:
        ran: Its process.
        summary: The object of --json.
    """

    ran: Ran
    summary: Mapping[str, object]

    def number(self, *path: str) -> float:
        """Return a number of the summary, 0 where there is none."""
        value: object = self.summary
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return float(value) if isinstance(value, int | float) else 0.0


def run_map(job: Job, timeout_s: float) -> MapRun:
    """Run a prepared job to its end.

    Raises:
        CannotMeasureError: It did not end as it should.
    """
    ran = run(
        job.command(),
        timeout_s=timeout_s,
        folder=job.folder,
        environment=job.environment,
    )
    return MapRun(ran, summary_of(ran))


def summary_of(ran: Ran) -> Mapping[str, object]:
    """Return the object a run ended with.

    Raises:
        CannotMeasureError: It ended without, or not as it should.
    """
    if ran.code not in _FINE:
        said = ran.errors.strip().splitlines()[-4:]
        raise CannotMeasureError(f"subak map ended with {ran.code}: {' | '.join(said)}")
    try:
        value = json.loads(ran.output)
    except ValueError as error:
        raise CannotMeasureError(f"no JSON object at the end: {error}") from error
    return value if isinstance(value, dict) else {}


def iter_answers(path: Path) -> Iterator[Mapping[str, object]]:
    """Yield the rows of an output file."""
    with path.open("rb") as file:
        for line in file:
            value = json.loads(line)
            if isinstance(value, dict):
                yield value


def count_good(path: Path, job: Job) -> int:
    """Return how many rows are there, in order, without an error."""
    good = 0
    for number, answer in enumerate(iter_answers(path), start=job.first):
        is_in_place = answer.get("id") == f"item-{number:06d}"
        good += is_in_place and not answer.get("error") and bool(answer.get("output"))
    return good
