"""Labelled sets: read whole, or every mistake told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.errors import RecipeError, UserError
from subak.evaluation.document_file import read_document
from subak.evaluation.holding import numbers_in
from subak.evaluation.labelled_set import SHIPPED, find_set, load_set
from subak.knowledge.facts.fact import FieldValue
from tests.evaluation.small_set import GOLD, SCHEMA, write_set

# "sixteen percent", "ventitré per cento": in words nobody here reads.
_SPELLED = {("kenya.html", "vat_standard"), ("albania.md", "income_tax_top")}


def test_set_is_read_with_its_schema(tmp_path: Path) -> None:
    """Cases come in the order of the file, typed by the schema."""
    found = load_set(write_set(tmp_path / "mine"))
    assert (found.name, found.title) == ("mine", "Two small countries")
    first, second = found.cases
    assert (first.name, first.entity, first.is_long) == ("norland.md", "Norland", False)
    assert first.gold["vat"].accepts(18)
    assert first.traps == {"vat": (25.0,)}
    assert first.previous == {"vat": 16.0}
    assert second.is_long
    assert second.gold["vat"].may_be_missing


def test_every_mistake_of_a_set_is_told_at_once(tmp_path: Path) -> None:
    """A wrong kind, a missing gold, an unknown field and a missing file: one error."""
    gold = {
        "documents": [
            {"file": "norland.md", "gold": {"vat": "18", "compani": 1}},
            {"file": "gone.md", "gold": {"vat": 1, "company": 2}},
            {"file": "gone.md", "gold": {"vat": 1, "company": 2}},
        ]
    }
    with pytest.raises(RecipeError, match="labelled set") as caught:
        load_set(write_set(tmp_path / "mine", gold))
    told = {(each.path, each.message) for each in caught.value.problems}
    assert told == {
        ("norland.md: gold.compani", "no such field"),
        ("norland.md: gold.vat", "must be a number"),
        ("norland.md: gold.company", "is missing"),
        ("documents[1].file", "there is no documents/gone.md"),
        ("documents[2].file", "'gone.md' stands twice"),
    }


def test_shape_of_the_gold_file_is_checked(tmp_path: Path) -> None:
    """Unknown keys and missing ones are told by their path."""
    gold = {"documents": [{"file": "norland.md", "golden": {}}]}
    with pytest.raises(RecipeError, match=r"documents\[0\]\.gold") as caught:
        load_set(write_set(tmp_path / "mine", gold))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("x = [", "not valid TOML"),
        (f'name = "x"\n{SCHEMA}', "one .*facts"),
        (SCHEMA.replace('"percent"', '"percents"'), "percents"),
    ],
)
def test_wrong_schema_is_told(tmp_path: Path, schema: str, message: str) -> None:
    """A schema is one section of a recipe, checked as recipes are."""
    with pytest.raises(UserError, match=message):
        load_set(write_set(tmp_path / "mine", GOLD, schema))


def test_unknown_set_names_those_that_ship() -> None:
    """Whoever mistypes a name is told what there is."""
    with pytest.raises(UserError, match="no labelled set 'taxes'") as caught:
        find_set("taxes")
    assert "tax" in caught.value.hint


def test_shipped_set_has_what_was_promised() -> None:
    """Three languages, long documents, every kind of trap; files and gold agree."""
    found = load_set(find_set("tax"))
    assert len(found.cases) >= 18
    assert {case.language for case in found.cases} == {"en", "it", "id"}
    assert sum(case.is_long for case in found.cases) >= 4
    listed = {case.name for case in found.cases}
    assert listed == {each.name for each in (SHIPPED / "tax" / "documents").iterdir()}


def test_shipped_gold_and_traps_stand_in_their_documents() -> None:
    """A gold number the document doesn't hold would be a mistake of the set.

    Of several right ones some are sums of what stands there, but not all.
    """
    missing: list[tuple[str, str]] = []
    for case in load_set(find_set("tax")).cases:
        held = numbers_in([read_document(case.path).text])
        for name, gold in case.gold.items():
            numbers = {each for each in gold.accepted if each and _is_number(each)}
            is_there = not numbers or bool(numbers & held)
            is_there = is_there or (case.name, name) in _SPELLED
            traps = set(case.traps.get(name, ()))
            if not is_there or not traps <= held:
                missing.append((case.name, name))
    assert missing == []


def _is_number(value: FieldValue) -> bool:
    return isinstance(value, float)
