"""Countries by name, adjective, flag and code. Figures are invented; the documents are
about Germany."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.nation import nations_in, nations_of_titles
from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

TOLL = Field("toll", "Road toll", "percent", words=("road toll", "pedaggio"))


def _table(*titles: str) -> str:
    head = " | ".join(titles)
    rule = "|".join("---" for _ in titles)
    return f"| {head} |\n|{rule}|\n| Road toll | 7 % | 9 % |\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the Polish toll and the French one", ["Poland", "France"]),
        ("to polish a car", []),
        ("l'aliquota austriaca", ["Austria"]),
        ("paid in Swiss francs or US dollars", []),
        ("in franchi svizzeri", []),
        ("\U0001f1eb\U0001f1f7 toll", ["France"]),
    ],
)
def test_nations_are_told_from_moneys_and_common_words(
    text: str, names: list[str]
) -> None:
    """Adjectives and flags name a country, currencies don't."""
    assert [each.name for each in nations_in(text)] == names


def test_nations_of_titles_take_codes_only_side_by_side() -> None:
    """One code alone may be a word: "IT", "NO"."""
    none: frozenset[str] = frozenset()
    assert nations_of_titles(("Tax", "IT", "Rate")) == (none, none, none)
    both = (none, frozenset({"Italy"}), frozenset({"France"}))
    assert nations_of_titles(("Tax", "IT", "FR")) == both


@pytest.mark.parametrize(
    "titles",
    [
        ("Charge", "France", "Germany"),
        ("Charge", "FR", "DE"),
        ("Charge", "\U0001f1eb\U0001f1f7", "\U0001f1e9\U0001f1ea"),
        ("Charge", "French rate", "German rate"),
    ],
)
def test_columns_of_other_countries_are_refused(titles: tuple[str, ...]) -> None:
    """The value stands in the column of the document's own country."""
    assert find_proved(prove_text(_table(*titles), {"toll": 7}, TOLL)) is None
    assert find_proved(prove_text(_table(*titles), {"toll": 9}, TOLL)) is not None


def test_columns_without_a_country_are_kept() -> None:
    """Titles that name no country say nothing about one."""
    table = _table("Charge", "Rate", "Share in traffic")
    assert find_proved(prove_text(table, {"toll": 7}, TOLL)) is not None


@pytest.mark.parametrize("label", ["France", "France (since 2020)", "French toll"])
def test_rows_of_other_countries_are_refused(label: str) -> None:
    """A row's label may say more than the name."""
    text = f"## Road toll\n\n| Place | Rate |\n|---|---|\n| {label} | 7 % |\n"
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is None


def test_adjectives_in_sentences_tell_the_country() -> None:
    """The last one named before the value counts."""
    foreign = "Drivers know that the Austrian road toll is 7 %."
    own = "Unlike the Austrian one, the German road toll is 7 %."
    assert find_proved(prove_text(foreign, {"toll": 7}, TOLL)) is None
    assert find_proved(prove_text(own, {"toll": 7}, TOLL)) is not None
