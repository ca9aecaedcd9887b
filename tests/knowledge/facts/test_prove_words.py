"""Prove for yes and no, listed values, texts and dates."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

DUAL = Field("dual", "Dual citizenship", "boolean", words=("doppia cittadinanza",))
BIRTH = Field("birth", "Citizenship by birth", "boolean")
LEGAL = Field("legal", "Legal system", "text")
CAPITAL = Field("capital", "Capital", "text")
SYSTEM = Field(
    "system", "Legal system", "enum", values=("civil law", "common law", "mixed")
)
SINCE = Field("since", "Independence", "date")


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("- citizenship by birth: no", BIRTH, False),
        ("| citizenship by birth | yes |", BIRTH, True),
        ("### Citizenship\n\n| by birth | no |", BIRTH, False),
        ("Dual citizenship\nyes, but requires permission", DUAL, True),
        ("Dual citizenship\nyes, but only if dual citizenship is paid", DUAL, True),
        ("dual citizenship recognized: no", DUAL, False),
        ("Germany does not recognise dual citizenship.", DUAL, False),
        ("Dual citizenship isn't allowed.", DUAL, False),
        ("Dual citizenship is prohibited.", DUAL, False),
        ("Since 2024, dual citizenship is permitted.", DUAL, True),
        ("La doppia cittadinanza è ammessa.", DUAL, True),
        ("La doppia cittadinanza non è ammessa.", DUAL, False),
    ],
)
def test_prove_reads_explicit_yes_and_no(text: str, field: Field, value: bool) -> None:
    """Labels, cells and clauses that allow or forbid."""
    fact = find_proved(prove_text(text, {field.name: value}, field))
    assert fact is not None
    assert fact.value is value
    denied = prove_text(text, {field.name: not value}, field)
    assert "the text says" in denied.refused[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "dual citizenship recognized: not specified",
        "Dual citizenship is a topic of debate.",
        "Dual citizenship is only allowed for children.",
        "Is dual citizenship allowed?",
        "Dual citizenship is not prohibited.",
        "citizenship by birth: no",
        "Nothing of the kind.",
    ],
)
@pytest.mark.parametrize("proposed", [True, False])
def test_prove_never_infers_yes_or_no(text: str, proposed: bool) -> None:
    """Conditions, questions, double negations and silence prove nothing."""
    assert prove_text(text, {"dual": proposed}, DUAL).facts == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Legal system: Civil Law with local customs", "civil law"),
        ("## Legal system\n\nmixed system of two laws", "mixed"),
    ],
)
def test_prove_finds_a_listed_value_verbatim(text: str, value: str) -> None:
    """A value of an enum stands in the text, whatever its case."""
    fact = find_proved(prove_text(text, {"system": value}, SYSTEM))
    assert fact is not None
    assert fact.value == value


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("Legal system: uncommon lawyers", "common law"),
        ("Legal system: not common law", "common law"),
        ("Legal system: civil law", "common law"),
        ("Legal system: civil law", "sharia"),
        ("Weather: mixed", "mixed"),
    ],
)
def test_prove_refuses_a_listed_value_that_is_not_stated(
    text: str, proposed: str
) -> None:
    """Parts of words, negated values and other topics don't count."""
    record = prove_text(text, {"system": proposed}, SYSTEM)
    assert record.facts == ()
    assert record.refused


def test_prove_publishes_the_documents_words() -> None:
    """The longest common run is the value; a paraphrase is refused."""
    text = "## Legal system\n\ncivil law system based on the Dutch model; reviewed"
    fact = find_proved(
        prove_text(text, {"legal": "Civil law system based upon"}, LEGAL)
    )
    assert fact is not None
    assert fact.value == "civil law system based"
    assert prove_text(text, {"legal": "a code like that of Rome"}, LEGAL).facts == ()


def test_prove_takes_the_labelled_text_first() -> None:
    """Berlin below "Capital" wins over BERLIN in a list of towns that says capital."""
    text = "- 3.5 million BERLIN (capital)\n\n### Capital\n\n| name | Berlin |"
    fact = find_proved(prove_text(text, {"capital": "Berlin"}, CAPITAL))
    assert fact is not None
    assert fact.value == "Berlin"
    assert fact.evidence[1].quote == "### Capital"


@pytest.mark.parametrize(
    ("text", "proposed", "value"),
    [
        ("Independence: 17 August 1945", "1945-08-17", "1945-08-17"),
        ("Independence: 17 August 1945", "17/08/1945", "1945-08-17"),
        ("Independence: 17 August 1945", "1945", "1945"),
        ("Independence: in 1945", "1945", "1945"),
    ],
)
def test_prove_finds_dates_in_any_form(text: str, proposed: str, value: str) -> None:
    """Dates are compared by meaning, and may be stated less precisely."""
    fact = find_proved(prove_text(text, {"since": proposed}, SINCE))
    assert fact is not None
    assert fact.value == value


@pytest.mark.parametrize("proposed", ["1945-08-18", "1945-08-17", "soon"])
def test_prove_refuses_dates_the_text_does_not_give(proposed: str) -> None:
    """A day the text doesn't state is invented."""
    assert (
        prove_text("Independence: August 1945", {"since": proposed}, SINCE).facts == ()
    )
