"""Measure: a figure as Prometheus knows it, with its name, kind, labels and samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MeasureKind = Literal["counter", "gauge", "histogram"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a measure.

    Args:
        labels: The labels' values, in the measure's order.
        value: Of a histogram the sum of what was observed.
        buckets: Of a histogram: upper bound and how many were at most that, the last
            one infinite.
    """

    labels: tuple[str, ...]
    value: float
    buckets: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure.

    Args:
        name: With its unit; of a counter without ``_total``.
        help: What it says, in a sentence.
        labels: Names of what tells its samples apart.
    """

    name: str
    help: str
    kind: MeasureKind
    labels: tuple[str, ...]
    samples: Sequence[Sample]
