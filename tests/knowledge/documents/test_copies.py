"""Copies: composed texts, of which it is known which are copies."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.documents.copies import COMMON_FROM, Bearer, find_original, marks

OWN = "press.example"
WORDS = ("visa", "permit", "office", "rate", "levy", "border", "form", "holder")


def paragraph(rng: random.Random, words: int = 14) -> str:
    """Return a paragraph of its own."""
    return " ".join(rng.choice(WORDS) for _ in range(words)) + f" {rng.random():.9f}."


def text(*paragraphs: str) -> str:
    """Return a document's text."""
    return "\n\n".join(paragraphs)


def bearers(*others: tuple[str, str, bool]) -> dict[int, list[Bearer]]:
    """Return who has which mark, for (host, text, same category) in order."""
    found: dict[int, list[Bearer]] = {}
    for number, (host, body, is_candidate) in enumerate(others, 1):
        for mark in marks(body):
            found.setdefault(mark, []).append(Bearer(number, host, is_candidate))
    return found


@given(st.integers(0, 2**32), st.integers(5, 12))
def test_find_original_press_release_with_another_ending(seed: int, size: int) -> None:
    """A release carried with one paragraph of one's own is a copy; others are not."""
    rng = random.Random(seed)
    release = [paragraph(rng) for _ in range(size)]
    others = [text(*(paragraph(rng) for _ in range(size))) for _ in range(5)]
    carried = text(*release[:-1], paragraph(rng))
    known = bearers(
        *((f"h{n}.example", body, True) for n, body in enumerate(others)),
        ("first.example", text(*release), True),
        ("later.example", text(*release), True),
    )
    assert find_original(marks(carried), OWN, known) == 6
    fresh = text(release[0], *(paragraph(rng) for _ in range(size)))
    assert find_original(marks(fresh), OWN, known) == 0


@given(st.integers(0, 2**32))
def test_find_original_loses_nothing_a_longer_document_adds(seed: int) -> None:
    """An article that holds a whole teaser is no copy of the teaser."""
    rng = random.Random(seed)
    teaser = [paragraph(rng) for _ in range(3)]
    article = text(*teaser, *(paragraph(rng) for _ in range(3)))
    known = bearers(("other.example", text(*teaser), True))
    assert find_original(marks(article), OWN, known) == 0
    known = bearers(("other.example", article, True))
    assert find_original(marks(text(*teaser)), OWN, known) == 1


def test_find_original_of_another_category_is_none() -> None:
    """A document is only ever left out in favour of one that serves the same."""
    body = text(*(paragraph(random.Random(n)) for n in range(6)))
    known = bearers(("other.example", body, False))
    assert find_original(marks(body), OWN, known) == 0


def test_find_original_pages_of_one_site_must_be_wholly_alike() -> None:
    """Pages made from one template differ in little, and that little matters."""
    shared = [paragraph(random.Random(n)) for n in range(8)]
    known = bearers((OWN, text(*shared, "VAT: 19 %"), True))
    assert find_original(marks(text(*shared, "VAT: 20 %")), OWN, known) == 0
    assert find_original(marks(text(*shared, "VAT: 19 %")), OWN, known) == 1


def test_find_original_does_not_count_what_a_whole_site_says() -> None:
    """A notice on every page of a site makes no page a copy."""
    notice = [paragraph(random.Random(n)) for n in range(8)]
    others = [
        ("cms.example", text(*notice, paragraph(random.Random(n))), True)
        for n in range(100, 100 + COMMON_FROM)
    ]
    newcomer = text(*notice, paragraph(random.Random(7_000)))
    assert find_original(marks(newcomer), OWN, bearers(*others)) == 0
    assert find_original(marks(newcomer), OWN, bearers(*others[:-1])) == 1


def test_find_original_needs_text_to_judge() -> None:
    """Two short pages with the same sentence are two pages."""
    short = "The office is closed on public holidays and on Sundays."
    assert find_original(marks(short), OWN, bearers(("o.example", short, True))) == 0
    assert find_original(marks(""), OWN, bearers()) == 0


def test_marks_fold_blanks_and_skip_small_print() -> None:
    """Blanks and paragraphs don't matter; a short line counts if it has a figure."""
    long = "One sentence that is certainly longer than forty characters."
    assert marks(f"{long} {long}x") == marks(f"{long.replace(' ', '  ')}\n\n{long}x")
    assert marks("Read more") == {}
    assert set(marks("VAT: 19 %").values()) == {9}
