"""Events of a run: what was kept and what rows of calls tell, in order of time."""

from __future__ import annotations

from pathlib import Path

import apsw

from subak.engine.store import open_reader
from subak.views.stored_events import EventTail, iter_events
from tests.views.sample import BASE, MODEL, RUN, URL, SampleJournal


def _told(events: object) -> list[tuple[str, float]]:
    assert hasattr(events, "__iter__")
    return [(one.event.kind, round(one.event.ts - BASE, 3)) for one in events]


def _save(journal: SampleJournal) -> apsw.Connection:
    return open_reader(journal.save())


def test_events_of_calls_are_told_by_their_rows(tmp_path: Path) -> None:
    """Sendings, first tokens, answers and failures stand among the kept events."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.call("aa" * 16, "facts", "germany", at=1, seconds=4, slot=3)
    journal.failed("bb" * 16, "facts", "france", "TimedOut", at=2.5, seconds=1)
    journal.sent("cc" * 16, "facts", "spain", at=6)
    journal.event(4, "note", message="between")
    events = list(iter_events(_save(journal), RUN))
    assert _told(events) == [
        ("run.started", 0.0),
        ("call.sent", 1.0),
        ("call.first_token", 2.0),
        ("call.sent", 2.5),
        ("call.failed", 3.5),
        ("note", 4.0),
        ("call.done", 5.0),
        ("call.sent", 6.0),
    ]
    sent = events[1].event
    assert (sent.run, sent.stage, sent.item) == (RUN, "facts", "germany")
    assert sent.data == {
        "key": "aa" * 16,
        "model": MODEL,
        "endpoint": URL,
        "url": f"{URL}/v1/chat/completions",
        "slot": 3,
        "repeated": False,
    }
    assert events[6].event.data["tokens_out"] == 40


def test_events_of_some_kinds_leave_the_others_out(tmp_path: Path) -> None:
    """Kinds choose among kept events and those of calls alike."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.call("aa" * 16, "facts", "germany", at=1)
    journal.event(4, "note", message="after")
    db = _save(journal)
    assert _told(iter_events(db, RUN, kinds=("call.done", "note"))) == [
        ("call.done", 2.0),
        ("note", 4.0),
    ]
    assert _told(iter_events(db, RUN, kinds=("note",))) == [("note", 4.0)]


def test_event_tail_tells_each_thing_once(tmp_path: Path) -> None:
    """A call that was under way at one look is not sent again at the next."""
    key = "aa" * 16
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.sent(key, "facts", "germany", at=1)
    db = _save(journal)
    tail = EventTail(db, RUN)
    assert _told(tail.new()) == [("run.started", 0.0), ("call.sent", 1.0)]
    assert _told(tail.new()) == []
    journal.failed(key, "facts", "germany", "TimedOut", at=1, seconds=2)
    journal.sent(key, "facts", "germany", at=4)
    journal.event(4.5, "note", message="new")
    journal.save()
    assert _told(tail.new()) == [
        ("call.failed", 3.0),
        ("call.sent", 4.0),
        ("note", 4.5),
    ]
    journal.call(key, "facts", "germany", at=4, seconds=4)
    journal.call("bb" * 16, "facts", "france", at=5, seconds=4)
    journal.save()
    assert _told(tail.new(("call.sent", "call.done"))) == [
        ("call.sent", 5.0),
        ("call.done", 8.0),
        ("call.done", 9.0),
    ]
    assert _told(tail.new()) == []


def test_events_of_a_run_are_its_own(tmp_path: Path) -> None:
    """Another run's calls are not told."""
    journal = SampleJournal(tmp_path)
    journal.begin("earlier", at=-100)
    journal.call("aa" * 16, "facts", "germany", at=-90)
    journal.sent("bb" * 16, "facts", "germany", at=-80)
    journal.begin()
    assert _told(iter_events(_save(journal), RUN)) == [("run.started", 0.0)]
