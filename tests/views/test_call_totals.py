"""The totals of a run's calls are those of the list of its calls."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from subak.engine.store import open_reader
from subak.views.call_totals import CallTotals, read_call_totals
from subak.views.calls import Call, read_calls
from subak.views.parallel import Parallel, sweep
from subak.views.runs import Session, get_run, read_sessions
from tests.views.sample import RUN, SampleJournal


def _totals(journal: SampleJournal) -> CallTotals:
    db = open_reader(journal.save())
    return read_call_totals(db, RUN, read_sessions(db, get_run(db, RUN)))


def _check(journal: SampleJournal) -> int:
    """Compare the totals with the list's; return how many calls there are."""
    totals = _totals(journal)
    db = open_reader(journal.save())
    calls = read_calls(db, RUN)
    answered = [call for call in calls if call.state == "answered"]
    assert (totals.sent, totals.succeeded) == (len(calls), len(answered))
    assert totals.retried == sum(call.is_retry for call in calls)
    assert totals.repeated == sum(call.is_repeat for call in calls)
    assert totals.rejected == sum(call.error == "Overloaded" for call in calls)
    assert (totals.tokens_in, totals.tokens_out, totals.tokens_cached) == (
        sum(call.tokens_in for call in calls),
        sum(call.tokens_out for call in calls),
        sum(call.tokens_cached for call in calls),
    )
    parallel = _measured(calls, read_sessions(db, get_run(db, RUN)))
    assert totals.parallel.peak == parallel.peak
    for name in ("mean", "serial_seconds", "speedup"):
        told, expected = getattr(totals.parallel, name), getattr(parallel, name)
        assert told == pytest.approx(expected, abs=2e-3)
    return len(calls)


def _measured(calls: Sequence[Call], sessions: Sequence[Session]) -> Parallel:
    """Return what all intervals, held at once, come to."""
    spans = [(call.started, call.ended) for call in calls if call.ended is not None]
    if not spans:
        return Parallel()
    serial = sum(end - start for start, end in spans)
    peak, busy = sweep(spans)
    whole = 0.0
    for session in sessions:
        inside = [one for one in spans if session.started <= one[0] <= session.ended]
        if inside:
            whole += max(end for _, end in inside) - min(start for start, _ in inside)
    return Parallel(peak, serial / whole, serial, serial / busy)


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


def test_parallel_of_two_overlapping_calls(tmp_path: Path) -> None:
    """Two calls of 4 s that share 2 s take 6 s: speed-up 8/6, at most 2 at once."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.call("a1", "facts", "x", at=0, seconds=4)
    journal.call("a2", "facts", "y", at=2, seconds=4)
    assert _totals(journal).parallel == Parallel(2, 1.333, 8.0, 1.333)


def test_parallel_mean_counts_pauses_but_not_between_sessions(tmp_path: Path) -> None:
    """Waiting for other stages lowers the mean; a night's rest does not."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.call("a1", "facts", "x", at=0, seconds=2)
    journal.call("a2", "facts", "y", at=6, seconds=2)
    journal.event(1000, "run.resumed", recipe="intel")
    journal.call("a3", "facts", "z", at=1000, seconds=2)
    assert _totals(journal).parallel == Parallel(1, 0.6, 6.0, 1.0)


def test_parallel_of_open_calls_alone_is_nothing(tmp_path: Path) -> None:
    """A call under way has no length, and so no speed-up to show."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.sent("a1", "facts", "x", at=0)
    assert _totals(journal).parallel == Parallel()
