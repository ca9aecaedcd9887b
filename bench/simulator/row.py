"""Row and summarize: the tuner compared with the best static level, by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from bench.simulator.client import Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario at one number of items.

    Args:
        median: Makespan of the best static level over that of the tuner, same items,
            same server noise; median over the seeds.
        worst: The same of the worst seed.
    """

    scenario: str
    count: int
    levels: tuple[int, ...]
    static_s: float
    median: float
    worst: float
    lost: int
    refused_per_item: float
    peak: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All scenarios at one number of items."""

    count: int
    median_of_medians: float
    mean_of_medians: float
    worst_median: float
    worst_scenario: str
    lost: int


def make_row(
    scenario: str,
    levels: tuple[int, ...],
    static: Sequence[Outcome],
    tuned: Sequence[Outcome],
    count: int,
) -> Row:
    """Compare outcomes of the same seeds."""
    pairs = zip(static, tuned, strict=True)
    ratios = [fixed.makespan_s / free.makespan_s for fixed, free in pairs]
    return Row(
        scenario,
        count,
        levels,
        round(fmean(each.makespan_s for each in static), 1),
        round(median(ratios), 4),
        round(min(ratios), 4),
        sum(count - each.succeeded for each in tuned),
        round(fmean(each.refused for each in tuned) / count, 3),
        max(each.peak for each in tuned),
    )


def summarize(rows: Sequence[Row]) -> Summary:
    """Sum up the rows of one number of items."""
    worst = min(rows, key=lambda row: row.median)
    return Summary(
        rows[0].count,
        round(median(row.median for row in rows), 4),
        round(fmean(row.median for row in rows), 4),
        worst.median,
        worst.scenario,
        sum(row.lost for row in rows),
    )


def to_line(row: Row) -> str:
    """Return a row of the table."""
    levels = "+".join(map(str, row.levels))
    return (
        f"{row.scenario:<11} {row.count:>5}  {row.median:>6.3f} {row.worst:>6.3f}"
        f"  {levels:>7} {row.static_s:>8.1f} s  {row.refused_per_item:>7.3f}"
        f" {row.peak:>5} {row.lost:>5}"
    )


HEADING = (
    f"{'server':<11} {'items':>5}  {'median':>6} {'worst':>6}"
    f"  {'static':>7} {'takes':>10}  {'refused':>7} {'peak':>5} {'lost':>5}"
)


def to_summary_line(summary: Summary) -> str:
    """Return the last line of a table."""
    return (
        f"N={summary.count}: median of medians {summary.median_of_medians:.3f}, "
        f"worst median {summary.worst_median:.3f} ({summary.worst_scenario}), "
        f"mean {summary.mean_of_medians:.3f}, items lost {summary.lost}"
    )
