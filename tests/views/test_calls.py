"""Calls put together from their rows."""

from __future__ import annotations

from pathlib import Path

from subak.engine.store import open_reader
from subak.views.calls import Call, read_calls
from tests.views.sample import BASE, MODEL, RUN, URL, SampleJournal


def _calls(journal: SampleJournal) -> list[Call]:
    return read_calls(open_reader(journal.save()), RUN)


def test_call_pairs_sent_with_done(tmp_path: Path) -> None:
    """What was sent and what came back become one call."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.call("k1", "facts", "germany", at=1, seconds=2, slot=3, tokens=(9, 8, 7))
    (call,) = _calls(journal)
    assert call == Call(
        key="k1",
        stage="facts",
        item="germany",
        started=BASE + 1,
        ended=BASE + 3,
        state="answered",
        slot=3,
        endpoint=URL,
        model=MODEL,
        tokens_in=9,
        tokens_out=8,
        tokens_cached=7,
        first_token_s=0.5,
        finish="stop",
    )


def test_call_that_failed_makes_the_next_a_retry(tmp_path: Path) -> None:
    """The same request after a failure is a retry, not a repetition."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.failed("k1", "facts", "germany", "Overloaded", at=1)
    journal.call("k1", "facts", "germany", at=3)
    first, second = _calls(journal)
    assert (first.state, first.error, first.seconds) == ("failed", "Overloaded", 1.0)
    assert not first.is_retry
    assert second.is_retry
    assert not second.is_repeat


def test_call_answered_before_is_a_repetition(tmp_path: Path) -> None:
    """A request that was already answered counts as repeated when sent again."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.call("k1", "facts", "germany", at=1)
    journal.call("k1", "facts", "germany", at=3)
    first, second = _calls(journal)
    assert not first.is_repeat
    assert second.is_repeat


def test_call_answered_by_an_earlier_run_is_a_repetition(tmp_path: Path) -> None:
    """The call table remembers what earlier runs were answered."""
    journal = SampleJournal(tmp_path)
    journal.begin("earlier", at=-100)
    journal.call("k1", "facts", "germany", at=-90)
    journal.begin()
    journal.sent("k1", "facts", "germany", at=1)
    journal.sent("k2", "facts", "france", at=1)
    first, second = _calls(journal)
    assert first.is_repeat
    assert not second.is_repeat


def test_call_flagged_by_the_model_is_a_repetition(tmp_path: Path) -> None:
    """The flag of the event counts where the old answer was replaced."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.call("k1", "facts", "germany", at=1, repeated=True)
    (call,) = _calls(journal)
    assert call.is_repeat


def test_call_without_an_end_stays_open(tmp_path: Path) -> None:
    """A call whose process was killed has no length."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.sent("k1", "facts", "germany", at=1)
    (call,) = _calls(journal)
    assert (call.state, call.ended, call.seconds) == ("open", None, 0.0)
