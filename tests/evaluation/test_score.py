"""Score: what counts as right, wrong, missed, old."""

from __future__ import annotations

from pathlib import Path

from subak.evaluation.bill import Bill
from subak.evaluation.labelled_set import load_set
from subak.evaluation.reading import Asserted, Reading, Refused
from subak.evaluation.score import Score, score
from subak.knowledge.facts.fact import Evidence
from tests.evaluation.small_set import DOCUMENTS, write_set

_FOUND = Evidence("d", "u", 11, 31, DOCUMENTS["norland.md"][11:31])


def _score(folder: Path, **readings: Reading) -> Score:
    found = load_set(write_set(folder / "mine"))
    files = {"norland": "norland.md", "sudland": "sudland.txt"}
    named = {files[name]: reading for name, reading in readings.items()}
    return score(found.cases, named, DOCUMENTS, {"vat": 20.0})


def test_right_values_and_rightly_nothing_count_the_same(tmp_path: Path) -> None:
    """Two values and two silences are four right items."""
    found = _score(
        tmp_path,
        norland=Reading((Asserted("vat", 18, "agreed", (_FOUND,)),), bill=Bill(1, 100)),
        sudland=Reading((Asserted("company", 22),), bill=Bill(2, 50)),
    )
    assert (found.accuracy, found.published, found.wrong, found.missed) == (1, 2, 0, 0)
    assert found.bill == Bill(3, 150)
    assert found.unheld == 0


def test_wrong_values_are_told_by_where_they_come_from(tmp_path: Path) -> None:
    """The old record, a worked example and the document's traps are told apart."""
    old = _score(tmp_path / "a", norland=Reading((Asserted("vat", 16),)))
    example = _score(tmp_path / "b", norland=Reading((Asserted("vat", 20),)))
    trap = _score(tmp_path / "c", norland=Reading((Asserted("vat", 25),)))
    assert [(one.wrong, one.old, one.traps) for one in (old, example, trap)] == [
        (1, 1, 0),
        (1, 1, 0),
        (1, 0, 1),
    ]


def test_refused_value_is_missed_and_not_wrong(tmp_path: Path) -> None:
    """Nothing is published of it."""
    reading = Reading(refused=(Refused("vat", "17", "not there"),))
    found = _score(tmp_path, norland=reading)
    assert (found.missed, found.refused, found.published) == (1, 1, 0)
    assert found.wrong_share == 0


def test_span_without_its_value_is_counted(tmp_path: Path) -> None:
    """A level promises a proof; the span is read again."""
    wrong = Evidence("d", "u", 0, 9, "# Norland")
    found = _score(
        tmp_path, norland=Reading((Asserted("vat", 18, "evidence", (wrong,)),))
    )
    assert (found.right, found.unheld) == (2, 1)


def test_part_of_a_score_keeps_its_own_bills(tmp_path: Path) -> None:
    """Long documents, or one field, are counted apart."""
    found = _score(
        tmp_path,
        norland=Reading(bill=Bill(1, 10)),
        sudland=Reading(bill=Bill(1, 90)),
    )
    assert found.only(long=True).bill.tokens_in == 90
    assert found.only(long=False).missed == 1
    assert len(found.only(field="vat").items) == 2
    assert Score((), ()).accuracy == 0
