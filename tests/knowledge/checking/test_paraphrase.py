"""The labelled set of pairs: little that is true is lost, nothing untrue passes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.knowledge.checking.support import check
from subak.knowledge.text.language import language_of

_FILE = Path(__file__).parent / "data" / "support_pairs.jsonl"
PAIRS: list[dict[str, str]] = [
    json.loads(line) for line in _FILE.read_text("utf-8").splitlines()
]
TRUE = ("plain", "paraphrase")
KINDS = sorted({pair["kind"] for pair in PAIRS} - {*TRUE})
LEAST_PLAIN = 0.95
LEAST_FREE = 0.7


def share(kind: str) -> float:
    """Return the share of the pairs of a kind that the check lets through."""
    pairs = [pair for pair in PAIRS if pair["kind"] == kind]
    return sum(supported(pair) for pair in pairs) / len(pairs)


def supported(pair: dict[str, str], names: Sequence[str] = ()) -> bool:
    """Check one pair."""
    return check(pair["sentence"], pair["source"], names=names).supported


def test_pairs_are_many_and_of_every_kind() -> None:
    """The set has over 200 pairs; names, numbers, time and quantity among them."""
    assert len(PAIRS) >= 200
    assert {"number", "name", "negation", "roles", "time", "modality"} <= {*KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_check_lets_no_untrue_pair_through(kind: str) -> None:
    """Whatever is wrong with a sentence, it does not pass."""
    assert [pair for pair in PAIRS if pair["kind"] == kind and supported(pair)] == []


def test_check_accepts_plain_and_free_wordings() -> None:
    """Plain restatements pass, and most free paraphrases."""
    assert share("plain") >= LEAST_PLAIN
    assert share("paraphrase") >= LEAST_FREE


@pytest.mark.parametrize("pair", [one for one in PAIRS if one["kind"] in TRUE][::3])
def test_check_knows_that_a_sentence_supports_itself(pair: dict[str, str]) -> None:
    """Every source is its own support."""
    assert check(pair["source"], pair["source"], names=()).supported


SAME = (
    ("Dual nationality is forbidden.", "Dual citizenship is prohibited."),
    ("Half of the firms pay the tax.", "50 percent of companies pay the tax."),
    ("The term is 24 months.", "The term is two years."),
    ("Visa-free entry is possible.", "Entry without a visa is possible."),
    ("Canadian tourists pay 5 euros.", "Tourists from Canada pay €5."),
    ("Rates rose in 2021.", "In 2021, rates increased."),
    ("You have to be at least 18.", "You must be 18 or older."),
)


@pytest.mark.parametrize(("sentence", "source"), SAME)
def test_check_knows_other_words_for_the_same(sentence: str, source: str) -> None:
    """Synonyms, shares, lengths of time, bounds and adjectives of countries meet."""
    support = check(sentence, source, names=())
    assert support.supported, support.reason


DIFFERENT = (
    ("Dual citizenship is allowed.", "Dual citizenship is prohibited."),
    ("Only citizens may vote.", "Citizens may only vote."),
    ("The rate rose by 5 percent.", "The rate rose to 5 percent."),
    ("The rate rose from 5 to 4 percent.", "The rate rose from 4 to 5 percent."),
    ("The bank owns the court.", "The court owns the bank."),
    ("Imports surpass exports.", "Exports exceed imports."),
    ("The tax applies until 2020.", "The tax applies since 2020."),
    ("The fee must be paid.", "The fee need not be paid."),
    ("Tourists from Thailand visit Canada.", "Tourists from Canada visit Thailand."),
    ("At least 18 years are required.", "At most 18 years are required."),
    ("The court appointed the judge.", "The court appoints the judge."),
    ("Employees receive 5 percent.", "Employees pay 5 percent."),
    ("The state takes land.", "The state grants land."),
    ("The judge is appointed by the court.", "The judge appoints the court."),
)


@pytest.mark.parametrize(("sentence", "source"), DIFFERENT)
def test_check_tells_apart_what_shares_its_words(sentence: str, source: str) -> None:
    """Direction, bounds, denial, duty, time and doer decide, not the words alone."""
    assert not check(sentence, source, names=()).supported


ENGLISH = [
    pair
    for pair in PAIRS
    if pair["kind"] in TRUE
    and language_of(f"{pair['source']} {pair['sentence']}").code == "en"
]
ADDED = (
    *("not", "never", "only", "all", "most", "some", "sometimes", "formerly", "must"),
    *("unless", "almost", "about", "twice", "foreign", "reportedly", "without", "or"),
)


@settings(max_examples=80, deadline=None)
@given(
    pair=st.sampled_from(ENGLISH),
    word=st.sampled_from(ADDED),
    place=st.integers(min_value=1, max_value=12),
)
def test_check_refuses_a_word_put_into_any_true_sentence(
    pair: dict[str, str], word: str, place: int
) -> None:
    """What is true is not true any more with a word that says something put in."""
    words = pair["sentence"].rstrip(".").split()
    if word in pair["sentence"].lower() or word in pair["source"].lower():
        return
    words.insert(min(place, len(words)), word)
    assert not check(f"{' '.join(words)}.", pair["source"], names=()).supported
