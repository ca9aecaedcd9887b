"""Measures as Prometheus reads them."""

from __future__ import annotations

import math

from prometheus_client.parser import text_string_to_metric_families

from subak.extras.prometheus import render
from subak.views.measure import Measure, Sample


def _parsed(text: bytes) -> dict[str, list[tuple[str, dict[str, str], float]]]:
    families = text_string_to_metric_families(text.decode())
    return {
        family.name: [
            (one.name, dict(one.labels), float(one.value)) for one in family.samples
        ]
        for family in families
    }


def test_counter_gets_its_ending() -> None:
    """The names end as Prometheus wants it, with HELP and TYPE."""
    samples = (Sample(("intel", "done"), 3),)
    text = render(
        [Measure("subak_runs", "Runs.", "counter", ("recipe", "status"), samples)]
    )
    assert b"# HELP subak_runs_total Runs." in text
    assert b"# TYPE subak_runs_total counter" in text
    assert b'subak_runs_total{recipe="intel",status="done"} 3.0' in text


def test_histogram_has_its_buckets_sum_and_count() -> None:
    """Buckets are cumulative, the last one counts all."""
    sample = Sample(("facts",), 7.5, ((0.5, 1), (5.0, 3), (math.inf, 4)))
    text = render(
        [Measure("subak_s_seconds", "Time.", "histogram", ("stage",), (sample,))]
    )
    (samples,) = _parsed(text).values()
    by_bound = [labels["le"] for name, labels, _ in samples if name.endswith("_bucket")]
    assert by_bound == ["0.5", "5.0", "+Inf"]
    ends = {name: value for name, _, value in samples if "bucket" not in name}
    assert ends == {"subak_s_seconds_count": 4.0, "subak_s_seconds_sum": 7.5}


def test_hostile_label_stays_one_label() -> None:
    """A name with quotes, backslashes and line breaks comes back as it was."""
    name = 'a"} 1\nevil_total 9\\n'
    text = render(
        [Measure("subak_x", "X.", "gauge", ("recipe",), (Sample((name,), 2),))]
    )
    assert _parsed(text) == {"subak_x": [("subak_x", {"recipe": name}, 2.0)]}


def test_measure_without_samples_is_no_error() -> None:
    """A workspace may have had no calls yet."""
    assert b"# TYPE subak_x gauge" in render(
        [Measure("subak_x", "X.", "gauge", (), ())]
    )
