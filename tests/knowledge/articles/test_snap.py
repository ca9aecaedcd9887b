"""A quote finds the sentence it was taken from, or none."""

from __future__ import annotations

import pytest

from subak.knowledge.articles.sayable import Said, read_sayable
from subak.knowledge.articles.snap import nearest, snap
from subak.knowledge.documents.document import Document

TEXT = """The standard VAT rate of Germany is 19 percent.

The reduced VAT rate of Germany is 7 percent on books.

Corporate income is taxed at 15 percent plus a surcharge."""


def _said() -> tuple[Said, ...]:
    return read_sayable(Document("d", "http://127.0.0.1/", "Germany", TEXT)).said


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("The standard VAT rate of Germany", 0),
        ("the reduced vat rate of germany is", 1),
        ("Corporate income is taxed at 15 %", 2),
        ("rate of Germany is 7 percent", 1),
        ("Corporate income is taxed in Germany at a rate", None),
        ("VAT", None),
        ("The moon is made of green cheese", None),
        ("", None),
    ],
)
def test_snap_finds_the_longest_common_run(quote: str, place: int | None) -> None:
    """Case and marks don't matter; a quote of other words finds nothing."""
    said = _said()
    assert snap(quote, said) == (None if place is None else said[place])


def test_nearest_wants_most_words_in_common() -> None:
    """A rewording is near its sentence; another statement is near none."""
    said = _said()
    assert nearest("Germany's standard VAT rate is 19 percent.", said) == said[0]
    assert nearest("The economy grew by 3 percent last year.", said) is None
