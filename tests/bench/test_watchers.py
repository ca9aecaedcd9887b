"""The row of the dashboard, tried with tiny numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.row import Conditions
from bench.rows.watchers import measure
from bench.table_rows import find_row


@pytest.mark.timeout(180)
def test_watchers_measures_pages_and_runs(tmp_path: Path) -> None:
    """A page comes, a run is watched, and each target has its figure."""
    measured = measure(Conditions(tmp_path, is_quick=True))
    assert len(measured.checks) == 3
    assert measured.checks[0].is_met  # bytes do not depend on the machine
    pairs = measured.raw["pairs"]
    assert isinstance(pairs, list)
    (pair,) = pairs
    assert pair["received_bytes"] > 20 * 1_000
    assert pair["server_cpu_s"] > 0
    assert find_row("watchers") is not None
