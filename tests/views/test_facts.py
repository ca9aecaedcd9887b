"""The values that stand now, read as publishing settles them."""

from __future__ import annotations

import json
from pathlib import Path

import apsw
import pytest

from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.views.comparison import compare_runs
from subak.views.facts import fact_json, read_facts, read_refused
from tests.web.pages.two_mornings import live_two_mornings


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Return a folder where the job ran twice, and the ids of both runs."""
    folder = tmp_path_factory.mktemp("facts")
    return folder, [summary.run for summary in live_two_mornings(folder)]


@pytest.fixture
def db(workspace: tuple[Path, list[str]]) -> apsw.Connection:
    """Return the journal of that workspace."""
    return open_reader(Workspace(workspace[0]).journal)


def test_facts_are_those_that_were_published(
    workspace: tuple[Path, list[str]], db: apsw.Connection
) -> None:
    """Value, status, history and disputes equal the rows of the run's own files."""
    written = json.loads((workspace[0] / "out" / "facts.json").read_bytes())["facts"]
    read = [fact_json(one) for one in read_facts(db).settled]
    names = ("entity", "field", "value", "unit", "status", "since", "was", "was_seen")
    assert [[row[name] for name in names] for row in read] == [
        [row[name] for name in names] for row in written
    ]
    assert [len(row["others"]) for row in written] == [
        len(one.others) for one in read_facts(db).settled
    ]


def test_facts_of_a_category_are_a_part_of_all(db: apsw.Connection) -> None:
    """Asked for one category the values, the refusals and the names are the same."""
    whole, part = read_facts(db), read_facts(db, category="tax")
    assert part.settled == whole.settled
    assert part.categories == whole.categories
    none = read_facts(db, category="visa")
    assert (none.settled, none.refused_in_all) == ((), whole.refused_in_all)


def test_refused_alone_are_those_of_the_whole(db: apsw.Connection) -> None:
    """Reading only the refusals finds each of them."""
    found = read_refused(db)
    assert found.refused == read_facts(db).refused
    assert [one.entity for one in found.refused] == ["Odd"]


def test_facts_of_an_earlier_run_have_no_history(
    workspace: tuple[Path, list[str]], db: apsw.Connection
) -> None:
    """What was published since says nothing about a run before."""
    earlier = read_facts(db, workspace[1][0])
    assert not earlier.has_history
    values = {one.key: one.fact.value for one in earlier.settled}
    assert values["Italy", "vat"] == 22
    assert values["Kenya", "vat"] == 16


def test_comparison_of_a_run_with_itself_finds_nothing(
    workspace: tuple[Path, list[str]], db: apsw.Connection
) -> None:
    """The same run twice differs in no value, either way round."""
    first, second = workspace[1]
    assert compare_runs(db, second, second).changes == ()
    forth = {one.kind for one in compare_runs(db, first, second).changes}
    back = {one.kind for one in compare_runs(db, second, first).changes}
    assert (forth, back) == ({"changed", "gone"}, {"changed", "new"})
