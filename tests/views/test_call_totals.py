"""The totals of a run's calls are those of the list of its calls."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from subak.engine.store import open_reader
from subak.views.call_totals import read_call_totals
from subak.views.calls import read_calls
from subak.views.parallel import Parallel, measure_parallel
from subak.views.runs import get_run, read_sessions
from subak.views.summary import count_calls, count_tokens
from tests.views.sample import RUN, SampleJournal


def _check(journal: SampleJournal) -> int:
    """Compare the totals with the list's; return how many calls there are."""
    db = open_reader(journal.save())
    sessions = read_sessions(db, get_run(db, RUN))
    calls, totals = read_calls(db, RUN), read_call_totals(db, RUN, sessions)
    counts, tokens = count_calls(calls), count_tokens(calls)
    parallel = measure_parallel(calls, sessions)
    assert (totals.sent, totals.succeeded) == (counts.sent, counts.succeeded)
    assert (totals.retried, totals.repeated) == (counts.retried, counts.repeated)
    assert totals.rejected == counts.rejected
    assert (totals.tokens_in, totals.tokens_out, totals.tokens_cached) == (
        tokens.tokens_in,
        tokens.tokens_out,
        tokens.tokens_cached,
    )
    assert totals.parallel.peak == parallel.peak
    for name in ("mean", "serial_seconds", "speedup"):
        told, expected = getattr(totals.parallel, name), getattr(parallel, name)
        assert told == pytest.approx(expected, abs=2e-3)
    return len(calls)


@pytest.mark.parametrize("seed", range(6))
def test_totals_are_those_of_the_list(tmp_path: Path, seed: int) -> None:
    """Failures, retries, repetitions, overlaps and open calls in any mixture."""
    rng = random.Random(seed)
    journal = SampleJournal(tmp_path)
    journal.begin()
    for number in range(60):
        key, at = f"{rng.randrange(25):032x}", rng.uniform(0, 20)
        if rng.random() < 0.3:
            error = rng.choice(("Overloaded", "TimedOut"))
            journal.failed(key, "map", f"r{number}", error, at=at)
        else:
            tokens = (rng.randrange(99), rng.randrange(99), rng.randrange(9))
            seconds = rng.uniform(0, 4)
            journal.call(
                key, "map", f"r{number}", at=at, seconds=seconds, tokens=tokens
            )
    journal.sent(f"{99:032x}", "map", "open", at=21)
    journal.event(25, "note", message="the last sign of the session")
    assert _check(journal) == 61


def test_run_without_calls_has_no_totals(tmp_path: Path) -> None:
    """Nothing was sent, nothing ran at once."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    assert _check(journal) == 0
    db = open_reader(journal.save())
    assert read_call_totals(db, RUN, []).parallel == Parallel()
