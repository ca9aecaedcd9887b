"""The tuner against the best static level of a sweep, on a few server models."""

from __future__ import annotations

from statistics import median

import pytest

from bench.simulator.best_static import key_of, load_best
from bench.simulator.client import Outcome
from bench.simulator.job import JobSpec, run_job
from bench.simulator.row import make_row, summarize, to_line, to_summary_line
from bench.simulator.scenarios import SCENARIOS


@pytest.mark.parametrize(
    ("scenario", "least"),
    [
        ("ollama1", 0.99),
        ("llama8", 0.98),
        ("vllm32", 0.95),
        ("conc429", 0.94),
        ("drop10", 0.97),
        ("thrash6", 0.9),
        ("timeout2", 0.98),
        ("pool3", 0.85),
    ],
)
def test_tuner_is_nearly_as_fast_as_the_best_static_level(
    scenario: str, least: float
) -> None:
    """Without any knob it comes close to a level found by trying them all."""
    best = load_best()[key_of(scenario, 50)]
    ratios = []
    for seed in range(3):
        static = run_job(JobSpec(scenario, 50, seed, best.levels))
        tuned = run_job(JobSpec(scenario, 50, seed))
        assert tuned.succeeded == 50
        ratios.append(static.makespan_s / tuned.makespan_s)
    assert median(ratios) >= least


def test_best_static_levels_are_kept_for_all_scenarios() -> None:
    """The sweep covered every server model at every size of job."""
    kept = load_best()
    usual = [name for name, each in SCENARIOS.items() if not each.is_extra]
    assert len(usual) == 17
    wanted = {key_of(name, count) for name in usual for count in (14, 50, 500)}
    assert wanted <= set(kept)


def test_jobs_are_reproducible() -> None:
    """The same seed gives the same job to the last digit."""
    spec = JobSpec("vllm32", 50, 7)
    assert run_job(spec) == run_job(spec)


def test_row_compares_seed_by_seed() -> None:
    """A row holds the median and the worst of the ratios, and counts what is lost."""
    static = [Outcome(makespan_s=10.0, succeeded=5), Outcome(8.0, succeeded=5)]
    tuned = [Outcome(makespan_s=10.0, succeeded=5), Outcome(10.0, succeeded=4)]
    row = make_row("some", (4,), static, tuned, 5)
    assert (row.median, row.worst, row.lost) == (0.9, 0.8, 1)
    summary = summarize([row])
    assert "items lost 1" in to_summary_line(summary)
    assert to_line(row).startswith("some")
