"""render: measures as the text that Prometheus reads, by its own library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, Protocol

from subak.errors import MissingExtra

if TYPE_CHECKING:
    from prometheus_client.core import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Sampled(Protocol):
    """One value of a measure; a histogram's value is its sum."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the labels' values."""
        ...

    @property
    def value(self) -> float:
        """Return the value."""
        ...

    @property
    def buckets(self) -> tuple[tuple[float, int], ...]:
        """Return upper bounds with how many were at most that."""
        ...


class Measured(Protocol):
    """A figure with its samples."""

    @property
    def name(self) -> str:
        """Return its name; of a counter without ``_total``."""
        ...

    @property
    def help(self) -> str:
        """Return what it says."""
        ...

    @property
    def kind(self) -> Literal["counter", "gauge", "histogram"]:
        """Return how it is to be read."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the labels' names."""
        ...

    @property
    def samples(self) -> Sequence[Sampled]:
        """Return its values."""
        ...


def check_prometheus() -> None:
    """Tell at once when nothing could be rendered.

    Raises:
        MissingExtra: The library isn't installed.
    """
    if find_spec("prometheus_client") is None:
        raise MissingExtra("prometheus", "writing metrics")


def render(measures: Iterable[Measured]) -> bytes:
    """Return measures in the text format, each with its HELP and TYPE.

    Raises:
        MissingExtra: The library isn't installed.
    """
    check_prometheus()
    from prometheus_client import CollectorRegistry, generate_latest

    # A registry of its own: what else this process may measure is not ours to tell.
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected([_metric(measure) for measure in measures]))
    return generate_latest(registry)


class _Collected:
    """Hands out metrics that were made before."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        """Yield them."""
        yield from self._metrics


def _metric(measure: Measured) -> Metric:
    from prometheus_client.core import (
        CounterMetricFamily,
        GaugeMetricFamily,
        HistogramMetricFamily,
    )

    names = (measure.name, measure.help)
    if measure.kind == "histogram":
        histogram = HistogramMetricFamily(*names, labels=measure.labels)
        for one in measure.samples:
            bounds = [(_bound(bound), float(count)) for bound, count in one.buckets]
            histogram.add_metric(one.labels, bounds, one.value)
        return histogram
    kind = CounterMetricFamily if measure.kind == "counter" else GaugeMetricFamily
    family = kind(*names, labels=measure.labels)
    for one in measure.samples:
        family.add_metric(one.labels, one.value)
    return family


def _bound(bound: float) -> str:
    return "+Inf" if bound == float("inf") else repr(float(bound))
