"""Pages behind the door: as the dashboard serves them."""

from __future__ import annotations

import asyncio

from tests.web.asking import Answer, open_dashboard
from tests.web.pages.looking import Looker


def _ask(looker: Looker, *paths: str) -> list[Answer]:
    async def scenario() -> list[Answer]:
        async with open_dashboard(looker.folder) as visitor:
            return [await visitor.get(f"/w/job/{path}") for path in paths]

    return asyncio.run(scenario())


def test_every_place_of_the_navigation_is_served(looker: Looker) -> None:
    """Each page is whole HTML under a policy that allows nothing from outside."""
    paths = ("runs", "documents", "facts", "articles", "search?q=tax", "ask", "tasks")
    for answer in _ask(looker, *paths, "settings"):
        assert answer.status == 200
        assert answer.text.rstrip().endswith("</html>")
        assert answer.headers["content-security-policy"].startswith(
            "default-src 'none'"
        )
        assert "pages.css" in answer.text


def test_an_item_called_like_an_address_is_reached(looker: Looker) -> None:
    """A task whose name has slashes and colons is found through its link."""
    look = looker.look("tasks", stage="facts", q="/italy")
    (answer,) = _ask(looker, next(iter(look.links("task"))).removeprefix("/w/job/"))
    assert answer.status == 200
    assert "/italy" in answer.text


def test_what_is_not_there_is_a_page_with_a_way_out(looker: Looker) -> None:
    """An unknown document is 404, told on a page of the dashboard."""
    (answer,) = _ask(looker, f"documents/{'0' * 32}")
    assert answer.status == 404
    assert "What to do" in answer.text


def test_question_is_answered_by_a_form_only(looker: Looker) -> None:
    """A form of ours is answered; the same address without one asks nobody."""

    async def scenario() -> tuple[Answer, Answer]:
        async with open_dashboard(looker.folder) as visitor:
            question = {"q": "What is the corporate tax of Kenya?"}
            sent = await visitor.post("/w/job/ask", question)
            return sent, await visitor.get("/w/job/ask?q=What+is+the+tax%3F")

    sent, looked_at = asyncio.run(scenario())
    assert "30 percent" in sent.text
    assert 'id="reply-h"' not in looked_at.text
