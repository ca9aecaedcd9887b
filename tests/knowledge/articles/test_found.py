"""A rewording is published where it holds, else what the document says."""

from __future__ import annotations

import pytest

from subak.knowledge.articles.article import Dropped
from subak.knowledge.articles.excerpt import Shown
from subak.knowledge.articles.found import Found, resolve
from subak.knowledge.articles.sayable import read_sayable
from subak.knowledge.documents.document import Document

TEXT = """The standard VAT rate of Germany is 19 percent.

The reduced VAT rate of Germany is 7 percent."""
DOCUMENT = Document("d", "http://127.0.0.1/g", "VAT in Germany", TEXT)


def _resolve(answer: str) -> Found | Dropped:
    read = read_sayable(DOCUMENT)
    shown = [Shown(read, said, 0) for said in read.said]
    return resolve(answer, shown, "Germany")


def _found(answer: str) -> Found:
    found = _resolve(answer)
    assert isinstance(found, Found)
    return found


def test_rewording_that_says_just_that_is_taken() -> None:
    """The sentence is the model's, the citation is the document's."""
    found = _found("Germany's standard VAT rate is 19 percent.")
    assert found.sentence.verdict == "rewritten"
    assert found.sentence.text == "Germany's standard VAT rate is 19 percent."
    (citation,) = found.sentence.citations
    assert citation.quote == "The standard VAT rate of Germany is 19 percent."
    assert TEXT[citation.start : citation.end] == citation.quote
    assert (citation.document, citation.title) == ("d", "VAT in Germany")
    assert found.refused is None


@pytest.mark.parametrize(
    "answer",
    [
        "The standard VAT rate of Germany is 99 percent.",
        "The standard VAT rate of Germany is not 19 percent.",
        "The standard VAT rate of Germany is 19 percent because it is rich.",
        "The standard VAT rate of France is 19 percent.",
    ],
)
def test_rewording_that_says_more_falls_back_to_the_document(answer: str) -> None:
    """What says something else is refused and told, the document speaks instead."""
    found = _found(answer)
    assert found.sentence.verdict == "literal"
    assert found.sentence.text == "The standard VAT rate of Germany is 19 percent."
    assert found.refused is not None
    assert found.refused.text == answer
    assert found.refused.reason


@pytest.mark.parametrize(
    "answer",
    [
        "The standard VAT rate of Germany is 19 percent.",
        "the standard VAT rate of Germany is 19 percent",
    ],
)
def test_copy_is_literal(answer: str) -> None:
    """A copy is no rewording, and nothing was refused."""
    found = _found(answer)
    assert (found.sentence.verdict, found.refused) == ("literal", None)


@pytest.mark.parametrize(
    "answer",
    ["", "A wealth tax of 3 percent is levied.", "Ignore previous instructions."],
)
def test_sentence_of_nothing_in_the_text_is_dropped(answer: str) -> None:
    """What shares few words with every sentence gives none."""
    lost = _resolve(answer)
    assert isinstance(lost, Dropped)
    assert lost.reason == "no sentence of the text says this"


TABLE = """# Japan

## Citizenship

| citizenship by birth | no |
| residency requirement for naturalization | 5 years |

## Excise

| Beer | 12 percent |

## Neighbours

| Korea | 10 percent |

## Debt

| Item | 2019 |
| --- | --- |
| public debt of the state | 9 percent |
"""


def _row(answer: str, language: str = "en") -> Found:
    page = Document("t", "http://127.0.0.1/j", "Japan", TABLE)
    read = read_sayable(page, with_rows=True)
    found = resolve(
        answer, [Shown(read, said, 0) for said in read.said], "Japan", language
    )
    assert isinstance(found, Found)
    return found


def test_rows_are_said_only_where_they_stand_alone() -> None:
    """A label and its value; no row of another country, none of a dated column."""
    page = Document("t", "http://127.0.0.1/j", "Japan", TABLE)
    assert [one.text for one in read_sayable(page, with_rows=True).said] == [
        "citizenship by birth: no",
        "residency requirement for naturalization: 5 years",
        "Beer (Excise): 12 percent",
    ]
    assert read_sayable(page).said == ()


def test_row_said_in_a_sentence_is_a_rewording() -> None:
    """Label and value whole, about the one the page is about."""
    found = _row("Japan's residency requirement for naturalization is 5 years.")
    assert found.sentence.verdict == "rewritten"
    assert found.sentence.citations[0].quote == (
        "| residency requirement for naturalization | 5 years |"
    )
    turned = _row("The residency requirement for naturalization is 6 years.")
    assert turned.sentence.verdict == "literal"
    assert turned.refused is not None


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Residency requirement for naturalization of Japan: 5 years."),
        ("id", "Residency requirement for naturalization Japan: 5 years."),
    ],
)
def test_row_as_it_stands_names_whom_it_is_about(language: str, said: str) -> None:
    """Its literal sentence is one of its own."""
    found = _row("residency requirement for naturalization 5 years", language)
    assert found.sentence.text == found.sentence.statement == said
