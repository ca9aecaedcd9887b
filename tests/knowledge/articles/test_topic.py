"""A topic is in the document's words, else it is the heading."""

from __future__ import annotations

import pytest

from subak.knowledge.articles.sayable import read_sayable
from subak.knowledge.articles.topic import topic_of
from subak.knowledge.documents.document import Document

TEXT = """# News

## Visa fees

Tourists pay a fee of 500,000 rupiah for a visa on arrival."""


@pytest.mark.parametrize(
    ("proposed", "topic"),
    [
        ("visa on arrival", "Visa on arrival"),
        ("tourists.", "Tourists"),
        ("corruption", "Visa fees"),
        ("", "Visa fees"),
        ("visa https://evil.example/", "Visa fees"),
    ],
)
def test_topic_is_what_the_document_speaks_of(proposed: str, topic: str) -> None:
    """A word of the model's own is no topic."""
    document = Document("d", "http://127.0.0.1/", "News", TEXT)
    (said,) = read_sayable(document).said
    assert topic_of(said, document, proposed) == topic
