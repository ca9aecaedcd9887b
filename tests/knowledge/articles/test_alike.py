"""Sentences that say the same are brought together, others never."""

from __future__ import annotations

import pytest

from subak.knowledge.articles.alike import first_of_alike, merge_alike, read_wording
from subak.knowledge.articles.finding import Finding
from subak.knowledge.facts.fact import Evidence

PLAIN = "The visa fee for tourists rises to 500,000 rupiah on 1 May."


def _finding(text: str, document: str = "a", entity: str = "") -> Finding:
    evidence = Evidence(document, f"http://{document}.example/", 0, len(text), text)
    return Finding("visa", "Fee", entity, evidence)


def test_merge_alike_keeps_all_sources_of_one_sentence() -> None:
    """The same words in two documents are one finding with two proofs."""
    first, second = _finding(PLAIN), _finding(PLAIN.upper(), "b")
    other = _finding("Bali opens a new arrival hall.", "c")
    assert merge_alike([first, other, second]) == ((first, second), (other,))


def test_merge_alike_drops_what_says_it_again() -> None:
    """Nearly the same words don't prove the sentence, and aren't said twice."""
    again = _finding(PLAIN.replace("fee", "price"), "b")
    assert merge_alike([_finding(PLAIN), again]) == ((_finding(PLAIN),),)


@pytest.mark.parametrize(
    "other",
    [
        PLAIN.replace("500,000", "600,000"),
        PLAIN.replace("rises", "not rises"),
        PLAIN.replace("1 May", "2 May"),
        PLAIN.replace("rises", "may rise"),
        PLAIN.replace("on 1 May", "until 1 May"),
    ],
)
def test_merge_alike_never_joins_other_numbers_or_senses(other: str) -> None:
    """A changed figure, date, negation, time or certainty is another finding."""
    assert len(merge_alike([_finding(PLAIN), _finding(other, "b")])) == 2


def test_merge_alike_keeps_subjects_apart() -> None:
    """The same sentence about two countries is two findings."""
    found = merge_alike([_finding(PLAIN, "a", "Bali"), _finding(PLAIN, "b", "Java")])
    assert len(found) == 2


def test_first_of_alike_names_what_is_new() -> None:
    """Positions of the first of each group, in order."""
    assert first_of_alike([PLAIN, PLAIN, "Other words entirely here.", PLAIN]) == [0, 2]
    assert read_wording(PLAIN).figures == ("500", "000", "1")


def test_merge_alike_proves_a_sentence_only_by_its_own_words() -> None:
    """What was true is no proof of what is, though only a small word differs."""
    now, then = "The rate is 5 percent.", "The rate was 5 percent."
    assert len(merge_alike([_finding(now), _finding(then, "b")])) == 2
