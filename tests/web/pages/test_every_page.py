"""What holds for every page: it renders, its links lead somewhere, nothing runs."""

from __future__ import annotations

import pytest

from subak.errors import UserError
from subak.web.pages.contents import PAGES
from tests.web.pages.looking import Look, Looker
from tests.web.pages.two_mornings import EVIL, HOSTILE

_STARTS = (
    *("runs", "documents", "facts", "changes", "refused", "articles"),
    *("search", "ask", "tasks", "settings", "compare"),
)
_MOST = 220


@pytest.fixture(scope="module")
def crawled(looker: Looker) -> dict[str, Look]:
    """Follow every link from the pages of the navigation on, each address once."""
    found = {f"/{name}": looker.look(name) for name in _STARTS}
    waiting = [link for look in found.values() for link in look.links()]
    while waiting and len(found) < _MOST:
        address = waiting.pop()
        if address in found or address == "/w/job/":
            continue
        found[address] = look = looker.follow(address)
        waiting += look.links()
    return found


def test_links_lead_to_pages_and_to_places_that_are_there(
    crawled: dict[str, Look],
) -> None:
    """From any page, every link answers, and every anchor is on the page it names."""
    assert {look.name for look in crawled.values()} == {page.name for page in PAGES}


def test_foreign_text_is_text_on_every_page(crawled: dict[str, Look]) -> None:
    """What a page and a recipe say with markup is shown, never taken for markup."""
    shown = [look for look in crawled.values() if EVIL in look.text]
    assert {look.name for look in shown} >= {"facts", "document", "task", "tasks"}
    assert all(EVIL not in look.html for look in shown)
    assert any(HOSTILE in look.text for look in shown)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("run", {"run": "nobody"}),
        ("course", {"run": "nobody"}),
        ("compare", {"later": "nobody"}),
        ("document", {"document": "0" * 32}),
        ("document_diff", {"document": "0" * 32}),
        ("fact", {"category": "tax", "entity": "Nowhere", "field": "vat"}),
        ("article", {"slug": "nothing"}),
        ("task", {"run": "nobody"}),
        ("call", {"call": "ffff"}),
    ],
)
def test_what_is_not_there_is_told_with_a_way_out(
    looker: Looker, name: str, values: dict[str, str]
) -> None:
    """An unknown name is an error that says what to do next."""
    with pytest.raises(UserError) as told:
        looker.look(name, **values)
    assert told.value.hint


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999", "²"])
def test_any_page_number_is_answered(looker: Looker, page: str) -> None:
    """A number beyond the list shows its last page, one that is none the first."""
    for name in ("runs", "documents", "facts", "changes", "refused", "tasks"):
        assert looker.look(name, page=page).text == looker.look(name).text
