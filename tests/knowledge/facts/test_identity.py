"""Who a document is about."""

from __future__ import annotations

import pytest

from subak.knowledge.documents.document import Document
from subak.knowledge.facts.identity import entity_of, find_country


@pytest.mark.parametrize(
    ("title", "entity"),
    [
        ("Taxation in Germany", "Germany"),
        ("Tassazione in Germania", "Germany"),
        ("Pajak di Jepang - panduan", "Japan"),
        ("Papua New Guinea: visas", "Papua New Guinea"),
        ("Democratic Republic of the Congo", "Democratic Republic of the Congo"),
        ("Turkey in brief", "Türkiye"),
        ("Visas for Bolivia", "Bolivia"),
    ],
)
def test_entity_is_the_country_of_the_title(title: str, entity: str) -> None:
    """Names in three languages, the longest first."""
    assert entity_of(Document("d", "u", title, "")) == entity


def test_entity_of_the_source_wins() -> None:
    """What the recipe says is never overruled by a title."""
    document = Document("d", "u", "Taxation in Germany", "", entity="Hamburg")
    assert entity_of(document) == "Hamburg"


@pytest.mark.parametrize("title", ["Germany and France compared", "Opening hours", ""])
def test_entity_without_one_country_is_the_title(title: str) -> None:
    """Two countries or none leave the title."""
    assert entity_of(Document("d", "u", title, "")) == title


def test_entity_of_another_kind_is_the_title() -> None:
    """A recipe about other things doesn't look for countries."""
    document = Document("d", "u", "A walk in Italy", "")
    assert entity_of(document, "title") == "A walk in Italy"


def test_find_country_whole_wants_nothing_but_the_name() -> None:
    """A cell names a country only if it holds nothing else."""
    assert find_country("| **France** ", whole=True) == "France"
    assert find_country("French fries of France", whole=True) == ""
