"""Refused: values that were proposed and could not be proved, and what to do."""

from __future__ import annotations

import shlex

from subak.views.facts import read_refused
from subak.views.paged import last_if_beyond, paged
from subak.web.page import Asked, Page, Shown
from subak.web.pages.known_recipe import known_recipe

_SIZE = 50


def read_refused_page(asked: Asked) -> Shown:
    """Read a page of the refusals."""
    facts = read_refused(asked.db)
    values = {
        "facts": facts,
        "refused": last_if_beyond(
            lambda page: paged(facts.refused, page, _SIZE), asked.number("page")
        ),
        "recipe": known_recipe(asked),
        "typed": shlex.quote,
    }
    return Shown("refused.html.j2", values)


REFUSED = Page("refused", "facts/refused", "Refused", read_refused_page, under="facts")
