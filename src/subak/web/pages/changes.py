"""Changes: what is not as it was at the publication before."""

from __future__ import annotations

from collections import Counter

from subak.knowledge.settling.settlement import Settled
from subak.outputs.values import show_value
from subak.views.facts import read_facts
from subak.views.paged import last_if_beyond, paged
from subak.web.page import Asked, Page, Shown
from subak.web.pages.known_recipe import known_recipe

KINDS = {
    "changed": "changed",
    "new": "new",
    "kept": "not confirmed",
    "disputed": "sources differ",
}
_SIZE = 50


def read_changes(asked: Asked) -> Shown:
    """Read a page of the changes, of one kind where asked so."""
    recipe = known_recipe(asked)
    facts = read_facts(asked.db, fields_of=recipe.fields_of)
    kind = asked.query.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = tuple(one for one in facts.changed if kind in ("", *_kinds(one)))
    values = {
        "facts": facts,
        "changes": last_if_beyond(
            lambda page: paged(found, page, _SIZE), asked.number("page")
        ),
        "kind": kind,
        "kinds": KINDS,
        "counts": Counter(each for one in facts.changed for each in _kinds(one)),
        "recipe": recipe,
        "show": show_value,
    }
    return Shown("changes.html.j2", values)


def _kinds(one: Settled) -> tuple[str, ...]:
    status = () if one.status == "same" else (one.status,)
    return (*status, "disputed") if one.is_disputed else status


CHANGES = Page("changes", "facts/changes", "What changed", read_changes, under="facts")
