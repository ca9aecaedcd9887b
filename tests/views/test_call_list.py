"""The calls of a run page by page, and one call with what went on around it."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from subak.engine.store import open_reader
from subak.errors import UserError
from subak.views.call_list import list_calls
from subak.views.call_story import read_call_story
from tests.views.sample import RUN, URL, SampleJournal

ANSWERED, TWICE, FAILED, OPEN = ("a" * 64, "b" * 64, "bc" * 32, "c" * 64)


@pytest.fixture
def db(tmp_path: Path) -> apsw.Connection:
    """Return a journal with calls that ended in every way."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.event(0.0, "limiter.changed", name=URL, limit=2, reason="a beginning")
    journal.event(5.0, "limiter.changed", name=URL, limit=4, reason="it still rose")
    journal.call(ANSWERED, "facts", "germany", at=1.0, seconds=3.0)
    journal.call(TWICE, "facts", "italy", at=2.0, seconds=9.0)
    journal.failed(FAILED, "facts", "kenya", "TimedOut", at=6.0, seconds=2.0)
    journal.sent(OPEN, "draft", "tax", at=7.0)
    return open_reader(journal.save())


def test_list_calls_holds_answered_failed_and_open_ones(db: apsw.Connection) -> None:
    """Each call stands once with its state, the newest first."""
    rows = list_calls(db, RUN).rows
    assert [(row.key, row.state) for row in rows] == [
        *((OPEN, "open"), (FAILED, "failed")),
        *((TWICE, "answered"), (ANSWERED, "answered")),
    ]
    assert rows[1].error == "TimedOut"


def test_list_calls_tells_the_slowest_of_a_page(db: apsw.Connection) -> None:
    """In order of time taken, page by page."""
    found = list_calls(db, RUN, order="slowest", size=1)
    assert (found.rows[0].key, found.total, found.pages) == (TWICE, 4, 4)
    assert list_calls(db, RUN, order="slowest", size=1, page=2).rows[0].key == ANSWERED


def test_list_calls_of_one_task(db: apsw.Connection) -> None:
    """Only what was sent for a stage and an item."""
    rows = list_calls(db, RUN, place=("facts", "italy")).rows
    assert [row.key for row in rows] == [TWICE]


def test_call_story_tells_the_tuner_at_that_time(db: apsw.Connection) -> None:
    """What was allowed when it was sent, not later; who was under way beside it."""
    story = read_call_story(db, TWICE)
    assert story.limit is not None
    assert (story.limit.limit, story.limit.reason) == (2, "a beginning")
    assert story.beside == 2
    assert story.exchange is not None
    assert story.exchange.turns[1].text.startswith("Text about italy")


def test_call_story_of_a_call_that_only_failed(db: apsw.Connection) -> None:
    """It has no answer, but its failures, and its place in the run."""
    story = read_call_story(db, FAILED[:10])
    assert story.exchange is None
    assert (story.key, story.item) == (FAILED, "kenya")
    assert [failure.error for failure in story.failures] == ["TimedOut"]
    assert story.limit is not None
    assert story.limit.limit == 4


def test_call_story_of_a_call_under_way(db: apsw.Connection) -> None:
    """It has no end yet, but its place, and what was allowed when it was sent."""
    story = read_call_story(db, OPEN)
    assert story.is_open
    assert (story.stage, story.item, story.exchange) == ("draft", "tax", None)
    assert story.limit is not None
    assert story.limit.limit == 4


def test_call_story_of_an_unclear_beginning_asks_for_more(db: apsw.Connection) -> None:
    """A beginning that fits several calls, answered or not, is refused."""
    with pytest.raises(UserError, match="more than one"):
        read_call_story(db, "b")


def test_call_story_of_no_call_says_where_to_look(db: apsw.Connection) -> None:
    """An unknown id is an error with a way out."""
    with pytest.raises(UserError) as told:
        read_call_story(db, "ffff")
    assert "subak trace" in told.value.hint
