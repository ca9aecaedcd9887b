"""run_crawl: one `subak run` on a recipe of the farm, and what it cost."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peer_runs import ROOT
from bench.process import Child, Ran
from bench.process_tree import ProcessTree
from bench.row import CannotMeasureError

_FINE = frozenset({0, 3})


@dataclass(frozen=True, slots=True)
class Cost:
    """What a crawl cost.

    Args:
        cpu_s: Of all its processes.
        root_cpu_s: Of its first process alone.
        peak_mb: Most memory of its first process.
        workers_mb: Most memory of all others together.
        memory_mb: What its first process held every half second.
    """

    wall_s: float
    cpu_s: float
    root_cpu_s: float
    peak_mb: float
    workers_mb: float
    memory_mb: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class CrawlRun:
    """One run of a crawler.

    Args:
        code: Its exit code.
        summary: The object of --json.
        output: What it wrote to stdout.
        errors: The end of what it wrote to stderr.
    """

    cost: Cost
    code: int
    summary: Mapping[str, object]
    output: str
    errors: str

    def number(self, *path: str) -> float:
        """Return a number of the summary, 0 where there is none."""
        value: object = self.summary
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return float(value) if isinstance(value, int | float) else 0.0


def crawl_command(folder: Path, only: str = "fetch", days: int = 0) -> list[str]:
    """Return the command as it is run here; ``days`` from now if that is asked."""
    if days:
        return [sys.executable, "-m", "bench.later_run", str(folder), only, str(days)]
    words = ["run", str(folder), "--only", only, "--model", "echo", "--json"]
    return [sys.executable, "-m", "subak", *words]


def typed(only: str = "fetch") -> str:
    """Return the command as one would type it."""
    return shlex.join(["subak", "run", "farm", "--only", only, "--json"])


def environment(folder: Path) -> Mapping[str, str]:
    """Return variables that keep everything inside the folder."""
    return {"XDG_CACHE_HOME": str(folder / "cache"), "NO_COLOR": "1"}


def run_crawl(
    folder: Path, *, only: str = "fetch", days: int = 0, timeout_s: float
) -> CrawlRun:
    """Run the recipe in a folder to its end.

    Args:
        days: How many days from now it seems to be.

    Raises:
        CannotMeasureError: It did not end as it should.
    """
    command = crawl_command(folder, only, days)
    run = run_measured(
        command, timeout_s=timeout_s, folder=ROOT, extra=environment(folder)
    )
    if run.code not in _FINE:
        said = " | ".join(run.errors.strip().splitlines()[-6:])
        raise CannotMeasureError(f"subak run ended with {run.code}: {said}")
    return run


def run_measured(
    command: Sequence[str],
    *,
    timeout_s: float,
    folder: Path | None = None,
    extra: Mapping[str, str] | None = None,
) -> CrawlRun:
    """Run any command to its end, all its processes counted."""
    with Child(command, folder=folder, environment=extra) as child:
        tree = ProcessTree(child.process_id)
        ran = child.wait(timeout_s, tree.look)
    cost = Cost(
        wall_s=ran.wall_s,
        # Short runs end between two looks: the kernel's sum is then the larger.
        cpu_s=max(tree.cpu_s, ran.cpu_s),
        root_cpu_s=tree.root_cpu_s,
        peak_mb=tree.root_peak_mb,
        workers_mb=tree.others_peak_mb,
        memory_mb=ran.memory_mb,
    )
    return CrawlRun(cost, ran.code, _summary(ran), ran.output, ran.errors)


def _summary(ran: Ran) -> Mapping[str, object]:
    try:
        value = json.loads(ran.output)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
