"""Which lines can answer a question at all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from subak.knowledge.documents.document import Document
from subak.knowledge.replies.question import Question
from subak.knowledge.replies.source_line import read_lines
from subak.knowledge.search.hit import Hit
from tests.knowledge.search.corpus import GERMANY, ITALY


def _answerable(
    question: str, pages: Sequence[Document] = (ITALY, GERMANY)
) -> set[str]:
    hits = [
        Hit(page.id, page.url, page.title, 0, len(page.text), page.text, 1.0)
        for page in pages
    ]
    lines = read_lines(hits, {page.id: page for page in pages}.get, 99_999)
    return {line.document.entity for line in Question(question).answerable(lines)}


@pytest.mark.parametrize(
    ("question", "entities"),
    [
        ("Is dual citizenship recognized?", {"Italy", "Germany"}),
        ("Is dual citizenship recognized in Italy?", {"Italy"}),
        ("Si può avere la doppia cittadinanza in Germania?", {"Germany"}),
        ("What is the capital of Spain?", set()),
        ("Qual è la capitale della Spagna?", set()),
        ("Who is the king of Atlantis?", set()),
        ("What changed in Germany in 2024?", {"Germany"}),
        ("What is the suffrage of Italy in 2031?", set()),
        ("What is the time difference of Rome?", {"Italy", "Germany"}),
    ],
)
def test_question_takes_only_lines_about_what_it_names(
    question: str, entities: set[str]
) -> None:
    """Another country, another year, a name nobody knows: no line answers."""
    assert _answerable(question) == entities
