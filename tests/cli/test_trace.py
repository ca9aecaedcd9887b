"""`subak trace`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subak.cli.trace import trace
from subak.errors import UserError
from subak.views.wording import time_of_day
from tests.views.sample import BASE, RUN, SampleJournal

KEY = "3fa9c1d2" * 8


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with a retried call and a second item."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("fetch", "germany", at=0, seconds=1)
    journal.task("facts", "germany", at=1, seconds=4, attempts=2)
    journal.failed(KEY, "facts", "germany", "Overloaded", at=1, slot=2)
    journal.attempt("facts", "germany", "Overloaded", "HTTP 429", at=2)
    journal.call(KEY, "facts", "germany", at=3, seconds=2, slot=1)
    journal.task("facts", "france", "cached", at=1)
    journal.end(6)
    journal.save()
    return tmp_path


def _trace(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(
        trace, [*words, "--dir", str(folder)], catch_exceptions=False
    )


def test_trace_tells_the_whole_story(folder: Path) -> None:
    """Stages, tasks, calls and failures, in the order they happened."""
    at = [time_of_day(BASE + n) for n in range(3)]
    assert _trace(folder).stdout == (
        f"intel  {RUN}  done\n"
        "\n"
        "fetch  1 task\n"
        f"  {at[0]} done    germany  1.0 s\n"
        "\n"
        "facts  2 tasks\n"
        f"  {at[1]} done    germany  4.0 s  2 attempts\n"
        f"      call {KEY[:12]} slot 2: Overloaded\n"
        f"      call {KEY[:12]} slot 1: 2.0 s, 200 in, 40 out, retried\n"
        "      Overloaded (call attempt 1): it was Overloaded\n"
        "      Overloaded (task attempt 1): HTTP 429\n"
        f"  {at[1]} cached  france\n"
    )


def test_trace_limit_says_how_many_are_left_out(folder: Path) -> None:
    """A long stage is cut, and it says so."""
    assert "  and 1 more (--limit 0 shows all)\n" in _trace(folder, "-n", "1").stdout


@pytest.mark.parametrize("name", ["france", "FRANCE", "facts/fr*", "ranc"])
def test_trace_of_an_item_shows_only_that(folder: Path, name: str) -> None:
    """An item is found by its name, a pattern or a part of it."""
    shown = _trace(folder, name).stdout
    assert "france" in shown
    assert "germany" not in shown


def test_trace_of_a_call_shows_prompt_and_answer(folder: Path) -> None:
    """The trace id of a log line leads to the whole exchange."""
    shown = _trace(folder, KEY[:12]).stdout
    assert "--- answer ---" in shown
    found = json.loads(_trace(folder, KEY[:12], "--json").stdout)
    assert found["key"] == KEY


def test_trace_json_is_one_object(folder: Path) -> None:
    """Programs get every task with its calls and failures."""
    found = json.loads(_trace(folder, RUN, "--json").stdout)
    assert found["version"] == 1
    facts = found["tasks"][1]
    assert [call["state"] for call in facts["calls"]] == ["failed", "answered"]
    assert facts["failures"][1]["message"] == "HTTP 429"


def test_trace_of_nothing_known_says_where_names_are(folder: Path) -> None:
    """A name that is no run, item or call is answered with where to find them."""
    with pytest.raises(UserError, match="no run, item or call 'atlantis'") as caught:
        _trace(folder, "atlantis")
    assert "subak trace" in caught.value.hint
