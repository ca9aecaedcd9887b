"""LiveRun: reading only what is new gives what reading everything gives."""

from __future__ import annotations

from pathlib import Path

from subak.engine.store import open_reader
from subak.views.live_run import LiveRun
from subak.views.runs import get_run
from subak.views.status import read_status
from tests.views.sample import BASE, URL, SampleJournal, write_synthetic_run


def _live(folder: Path, *, run: str = "") -> LiveRun:
    db = open_reader(folder / ".subak" / "journal.db")
    live = LiveRun(get_run(db, run))
    live.look(db)
    db.close()
    return live


def _look(live: LiveRun, folder: Path) -> None:
    db = open_reader(folder / ".subak" / "journal.db")
    live.look(db)
    db.close()


def test_one_look_says_what_the_status_says(tmp_path: Path) -> None:
    """Tasks, calls and tokens of each stage are those of the exact reader."""
    journal = write_synthetic_run(tmp_path, items=90, calls_per_item=2)
    live = _live(tmp_path)
    db = open_reader(tmp_path / ".subak" / "journal.db")
    status = read_status(db, journal.run, is_alive=False)
    db.close()
    shown = {stage.name: stage for stage in live.stages if stage.ended}
    assert set(shown) == {stage.stage for stage in status.stages}
    for stage in status.stages:
        mine = shown[stage.stage]
        found = (mine.states["done"], mine.states["cached"], mine.failed)
        assert found == (stage.done, stage.cached, stage.failed)
        assert (mine.calls, mine.tokens_out) == (stage.calls, stage.tokens_out)
    summary = status.summary
    assert live.count("done") == summary.tasks.done
    assert live.count("failed") == summary.tasks.failed
    assert live.calls_sent == summary.calls.sent
    assert live.tokens_out == summary.tokens.tokens_out
    assert live.proved == summary.facts.proved
    failures = {(one.stage, one.item): one.hint for one in live.failures(1000)}
    assert failures == {(one.stage, one.item): one.hint for one in summary.failures}
    assert live.status(is_alive=False) == "partial"
    seconds = sum(one.seconds for one in live.sessions(0.0, is_alive=False))
    assert abs(seconds - summary.seconds) < 1


def test_looks_add_up(tmp_path: Path) -> None:
    """Each look takes in what came since the one before, and nothing twice."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("fetch", "italy", at=1, labels={"category": "tax"})
    journal.begun("facts", "italy", at=2)
    journal.sent("aa" * 16, "facts", "italy", at=2)
    journal.save()
    live = _live(tmp_path)
    assert [(one.name, one.ended, one.running) for one in live.stages] == [
        ("fetch", 1, 0),
        ("facts", 0, 1),
    ]
    assert len(live.under_way) == 1
    assert live.categories["tax"].running == {"facts": 1}

    journal.call("aa" * 16, "facts", "italy", at=2, seconds=4, tokens=(100, 60, 0))
    journal.task("facts", "italy", at=2, seconds=4, labels={"category": "tax"})
    journal.task("facts", "kenya", "failed", at=3, seconds=1)
    journal.attempt("facts", "kenya", "InvalidAnswer", "no JSON", at=4, hint="do x")
    journal.save()
    _look(live, tmp_path)
    _look(live, tmp_path)
    facts = next(one for one in live.stages if one.name == "facts")
    assert (facts.states["done"], facts.failed) == (1, 1)
    assert (facts.calls, facts.tokens_out, live.tokens_in) == (1, 60, 100)
    (failure,) = live.failures(10)
    assert (failure.item, failure.error, failure.hint) == ("kenya", "no JSON", "do x")
    assert live.last_answer == BASE + 6


def test_item_that_was_done_counts_as_done_when_the_run_goes_on(tmp_path: Path) -> None:
    """A resumed run finds its own work in the journal; that was not cached before."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("facts", "italy", at=1)
    journal.task("facts", "kenya", "failed", at=1)
    journal.event(100, "run.resumed")
    journal.task("facts", "italy", "cached", at=101)
    journal.task("facts", "kenya", at=102)
    journal.save()
    live = _live(tmp_path)
    (facts,) = live.stages
    assert dict(+facts.states) == {"done": 2}
    assert live.failures(10) == []
    first, last = live.sessions(BASE + 110, is_alive=True)
    assert (first.started, last.started, last.ended) == (BASE, BASE + 100, BASE + 110)
    assert first.ended < BASE + 10


def test_source_that_gave_nothing_is_a_failure(tmp_path: Path) -> None:
    """It has no task of its own; the next start asks it again."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.event(1, "task.failed", "sources", "feed-1", error="TimedOut")
    journal.save()
    live = _live(tmp_path)
    assert live.count("failed") == 1
    assert [one.item for one in live.failures(5)] == ["feed-1"]
    journal.event(50, "run.resumed")
    journal.save()
    _look(live, tmp_path)
    assert live.count("failed") == 0
    assert live.failures(5) == []


def test_state_is_stopping_while_it_drains_and_interrupted_when_dead(
    tmp_path: Path,
) -> None:
    """What the journal says is checked against whether anybody is at work."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.save()
    live = _live(tmp_path)
    assert live.status(is_alive=True) == "running"
    journal.event(5, "run.draining")
    journal.save()
    _look(live, tmp_path)
    assert live.status(is_alive=True) == "stopping"
    assert live.status(is_alive=False) == "interrupted"


def test_limits_count_for_servers_that_were_asked(tmp_path: Path) -> None:
    """What is allowed at once is the sum over the servers in use."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.event(1, "limiter.changed", name=URL, limit=2, before=1, reason="rose")
    journal.event(2, "limiter.changed", name="browser", limit=9)
    journal.event(3, "limiter.changed", name=URL, limit=4, before=2, reason="rose")
    journal.call("aa" * 16, "facts", "italy", at=1)
    journal.save()
    live = _live(tmp_path)
    assert live.limit_steps == [(BASE + 1, 2), (BASE + 3, 4)]
    assert live.limit_words == "2 → 4: rose"


def test_time_left_goes_by_the_run_before(tmp_path: Path) -> None:
    """Half of what the last run had to do, done in 10 s, leaves about 10 s."""
    journal = SampleJournal(tmp_path)
    journal.begin("20261121-060000-aa11", at=-86_400)
    for n in range(10):
        journal.task("facts", f"item-{n}", at=-86_400 + n)
    journal.end(-86_000)
    journal.begin(at=0)
    for n in range(5):
        journal.task("facts", f"item-{n}", at=n, seconds=2)
    journal.save()
    live = _live(tmp_path)
    (facts,) = live.stages
    assert (facts.ended, facts.total) == (5, 10)
    assert live.seconds_left(10.0) == 10.0
