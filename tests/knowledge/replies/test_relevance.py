"""Lines that answer, and lines that only stand beside the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from subak.knowledge.replies.relevance import Relevance
from subak.knowledge.replies.source_line import SourceLine, read_lines
from subak.knowledge.search.hit import Hit
from tests.knowledge.search.corpus import country

PAGE = country(
    "Germany",
    VAT="The standard rate of value added tax is 19 %.\n\nA reduced rate of 7 % applies"
    " to books.",
    Income="The top rate of personal income tax is 45 %.\n\nThe corporate income tax is"
    " levied at 15 %.",
    Citizenship="Foreigners need eight years of residency for naturalization.",
    Labour="The unemployment rate was 3.5 % in 2024.",
)
FIELDS = (
    ("Standard VAT rate", "value added tax", "VAT", "IVA", "PPN"),
    ("Top income tax rate", "personal income tax", "imposta sul reddito"),
)


def _lines(language: str = "en") -> list[SourceLine]:
    page = replace(PAGE, language=language)
    hit = Hit(page.id, page.url, page.title, 0, len(page.text), page.text, 1.0)
    return read_lines([hit], {page.id: page}.get, 99_999)


def _relevant(
    question: str, fields: Sequence[tuple[str, ...]] = (), language: str = "en"
) -> list[str]:
    asked = Relevance(question, ("Germany",), tuple(fields))
    return [line.text for line in asked.relevant(_lines(language))]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What is the VAT rate in Germany?", "19 %"),
        ("How high is unemployment in Germany?", "3.5 %"),
        ("When did Germany change its corporate income tax?", "15 %"),
        ("How long must one live in Germany to become a citizen?", "eight years"),
        ("What is the reduced rate on books?", "7 %"),
    ],
)
def test_relevance_keeps_the_line_that_answers(question: str, said: str) -> None:
    """Words that only ask are no words of the answer; roots and headings count."""
    assert any(said in line for line in _relevant(question))


@pytest.mark.parametrize(
    "question",
    [
        "What is the wealth tax of Germany?",
        "Is gambling income taxed in Germany?",
        "Who pays inheritance tax in Germany?",
        "What is the population of Germany?",
        "How many lakes does Germany have?",
    ],
)
def test_relevance_finds_nothing_beside_the_question(question: str) -> None:
    """A tax that no line names is not answered with another tax."""
    assert _relevant(question) == []


def test_relevance_tells_two_taxes_apart() -> None:
    """The rare word of the question decides, not the common one."""
    (line,) = _relevant("What is the corporate income tax of Germany?")
    assert "15 %" in line


def test_relevance_compares_languages_by_the_recipes_fields() -> None:
    """A field's words in any language stand for each other; others can't be told."""
    (line, *_) = _relevant("Qual è l'IVA in Germania?", FIELDS)
    assert "19 %" in line
    assert "45 %" not in " ".join(_relevant("Qual è l'IVA in Germania?", FIELDS))
    assert _relevant("Qual è la disoccupazione in Germania?", FIELDS)


def test_relevance_of_a_question_without_words_of_its_own() -> None:
    """What asks for nothing in particular is answered by anything."""
    assert len(_relevant("What about Germany?")) == len(_lines())


def test_relevance_refuses_in_another_language_what_fields_would_tell() -> None:
    """Where the recipe's fields say all that pages tell, what they lack is not told."""
    question = "Qual è la misura della imposta patrimoniale della Germania?"
    open_ended = Relevance(question, ("Germany",), FIELDS)
    assert open_ended.relevant(_lines())
    told = Relevance(question, ("Germany",), FIELDS, frozenset({"factbook"}))
    assert told.relevant(_lines()) == []
