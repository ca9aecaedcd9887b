"""Pages that only say that there is no such page are no documents."""

from __future__ import annotations

import pytest

from subak.sources.not_found import looks_not_found


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Not found", "# 404\n\nSorry, this page does not exist."),
        ("404 - Site", "Try the search."),
        ("Error 404", "Oops."),
        ("Site", "# Page not found\n\nIt may have moved."),
        ("Site", "# Seite nicht gefunden"),
        ("Página no encontrada", "Lo sentimos."),
        ("Halaman tidak ditemukan", "Maaf."),
        ("Site", "The article you asked for is no longer available."),
    ],
)
def test_looks_not_found_says_so(title: str, text: str) -> None:
    """Title or first line say it, in some languages."""
    assert looks_not_found(title, text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Page not found: a history of error pages", "The first one was. " * 60),
        ("Peugeot 404", "A car made from 1960 to 1975."),
        ("Minutes of 4 May", "The treasurer was not at the meeting."),
        ("Room 404 opens", "The museum shows it from Monday."),
        ("Lost cat", "It was last seen near the harbour.\n\nNot found yet."),
    ],
)
def test_looks_not_found_leaves_pages_about_it(title: str, text: str) -> None:
    """A page with something to say stays."""
    assert not looks_not_found(title, text)
