"""Why an item was done again, or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.engine.store import open_reader
from subak.errors import UserError
from subak.views.why import Why, differences, explain
from tests.views.sample import RUN, SampleJournal

OLD = {"version": "1", "input": "a" * 32, "model": "openai:small"}


def _explain(journal: SampleJournal, wanted: str) -> Why:
    return explain(open_reader(journal.save()), wanted)


def _two_runs(folder: Path) -> SampleJournal:
    journal = SampleJournal(folder)
    journal.begin("first", at=-100)
    journal.task("facts", "germany", at=-99, parts=OLD)
    journal.task("facts", "france", "failed", at=-99, parts=OLD)
    journal.task("facts", "italy", at=-99, parts=OLD)
    journal.end(-90)
    journal.begin()
    return journal


def test_why_names_the_parts_that_changed(tmp_path: Path) -> None:
    """A new model and a new input are both named, in words."""
    journal = _two_runs(tmp_path)
    new = {"version": "1", "input": "b" * 32, "model": "openai:large"}
    journal.task("facts", "germany", at=1, parts=new)
    found = _explain(journal, "germany")
    assert (found.run, found.previous) == (RUN, "first")
    assert found.reasons[0].changed == ("input", "model")
    assert found.reasons[0].because == (
        "the input changed: what came in from the stage before differs",
        "the model changed: openai:small -> openai:large",
    )


@pytest.mark.parametrize(
    ("item", "because"),
    [
        ("france", "nothing changed, but the time before it failed"),
        ("italy", "nothing changed, but it was asked for anew (`--refresh`)"),
        ("spain", "no earlier run had this item"),
    ],
)
def test_why_says_when_no_part_changed(tmp_path: Path, item: str, because: str) -> None:
    """Work without a change has another reason, and it is told."""
    journal = _two_runs(tmp_path)
    journal.task("facts", item, at=1, parts=OLD)
    assert _explain(journal, item).reasons[0].because == (because,)


def test_why_cached_says_nothing_changed(tmp_path: Path) -> None:
    """A cached task says that the journal had it."""
    journal = _two_runs(tmp_path)
    journal.task("facts", "germany", "cached", at=1, parts=OLD)
    reason = _explain(journal, "germany").reasons[0]
    assert reason.because == (
        "nothing it depends on changed; the journal had the result",
    )


def test_why_of_the_first_run_says_so(tmp_path: Path) -> None:
    """Without an earlier run there is nothing to compare with."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("facts", "germany", at=1)
    reason = _explain(journal, "germany").reasons[0]
    assert reason.because == ("this is the first run of the recipe in this workspace",)


def test_why_shows_refusals_and_failures(tmp_path: Path) -> None:
    """What was refused and what failed stands with its reason."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("facts", "germany", "failed", at=1)
    journal.attempt("facts", "germany", "InvalidAnswer", "not JSON", at=1, hint="h")
    journal.event(2, "fact.refused", "facts", "germany", field="vat", reason="no quote")
    reason = _explain(journal, "germany").reasons[0]
    assert (reason.error, reason.hint) == ("InvalidAnswer: not JSON", "h")
    assert [(fact.field, fact.reason) for fact in reason.refused] == [
        ("vat", "no quote")
    ]


@pytest.mark.parametrize(
    "wanted", ["germany", "GERMANY", "facts/germany", "tax", "german"]
)
def test_why_finds_an_item_by_what_people_type(tmp_path: Path, wanted: str) -> None:
    """Name, stage and name, label or a part of the name all lead there."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("facts", "germany", at=1, labels={"category": "tax"})
    journal.task("facts", "france", at=1)
    assert [reason.item for reason in _explain(journal, wanted).reasons] == ["germany"]


def test_why_of_an_unknown_item_names_the_close_one(tmp_path: Path) -> None:
    """A mistyped item is answered with the item that was meant."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("facts", "germany", at=1)
    with pytest.raises(UserError, match="no item 'gremany'") as caught:
        _explain(journal, "gremany")
    assert "did you mean 'germany'" in caught.value.hint


def test_differences_hide_hashes_behind_words() -> None:
    """A hash is named as changed; a readable value is shown before and after."""
    old = {"prompt": "a" * 32, "version": "1", "gone": "x"}
    new = {"prompt": "b" * 32, "version": "2", "schema": "c" * 32}
    assert differences(old, new) == {
        "gone": "gone is gone: x",
        "prompt": "the prompt changed",
        "schema": "schema is new: cccccccc…",
        "version": "the stage itself changed: version 1 -> 2",
    }
