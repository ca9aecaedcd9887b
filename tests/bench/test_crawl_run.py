"""What a crawl costs, and what is counted after a kill."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from bench.crawl_run import run_measured
from bench.later_run import LaterClock
from bench.rows.fetch_kill import Tally
from subak.engine.clock import SystemClock

_BURN = (
    "import time\nwhile time.process_time() < 0.5: pass\n"
    "time.sleep(0.5)\nprint(flush=True)\ntime.sleep(0.5)\n"
)
# It ends without waiting for the end of the one that works.
_ORPHAN = (
    "import subprocess, sys\n"
    f"one = subprocess.Popen([sys.executable, '-c', {_BURN!r}], stdout=-1)\n"
    "one.stdout.readline()\n"
)


def test_measured_run_counts_children_that_nobody_waits_for() -> None:
    """The CPU time of a worker is in the sum, its memory is told apart."""
    run = run_measured([sys.executable, "-c", _ORPHAN], timeout_s=20.0)
    assert run.code == 0
    assert run.cost.cpu_s >= 0.5
    assert run.cost.root_cpu_s < 0.4
    assert run.cost.peak_mb > 1.0
    assert run.cost.workers_mb > 1.0


def test_measured_run_reads_the_object_at_the_end() -> None:
    """Numbers are found by their path; what is not there is 0."""
    told = 'print(\'{"fetch": {"pages": 7}}\')'
    run = run_measured([sys.executable, "-c", told], timeout_s=20.0)
    assert run.number("fetch", "pages") == 7
    assert run.number("fetch", "nothing") == 0


def test_later_clock_is_days_ahead_and_runs_as_fast() -> None:
    """Only the time of day differs."""
    clock, plain = LaterClock(2), SystemClock()
    assert clock.now() - plain.now() == pytest.approx(172_800, abs=5)
    assert clock.monotonic() == pytest.approx(plain.monotonic(), abs=5)


def test_tally_tells_needless_requests_from_lost_ones() -> None:
    """A page that was under way at a kill may be asked for again, others may not."""
    tally = Tally()
    tally.count_life(Counter({"kept": 1, "lost": 1}), frozenset({"kept"}))
    assert (tally.under_way, tally.again, tally.repeated) == (1, 0, 0)
    asked = Counter({"kept": 2, "lost": 2, "fresh": 1})
    tally.count_life(asked, frozenset({"kept", "lost", "fresh"}))
    assert (tally.under_way, tally.again, tally.repeated) == (1, 2, 1)
