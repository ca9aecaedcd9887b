"""Facts: the table with its proof, one field, what changed, what was refused."""

from __future__ import annotations

import re
from html import unescape

from subak.web.pages.fact_grid import FactGrid
from tests.web.pages.looking import Looker
from tests.web.pages.two_mornings import EVIL


def test_facts_table_has_a_row_an_entity_and_a_proof_a_value(looker: Looker) -> None:
    """Each value names a quote that describes it, and leads to its own page."""
    look = looker.look("facts")
    grid = look.shown.values["grid"]
    assert isinstance(grid, FactGrid)
    assert [title for _, title in grid.columns] == ["VAT", "Corporate tax"]
    for entity in ("Germany", "Italy", "Kenya", EVIL):
        assert entity in look.text
    described = re.findall(r'aria-describedby="(proof-[\d-]+)"', look.html)
    assert len(described) == len(set(described)) >= 8
    assert "19 percent" in unescape(look.html)


def test_facts_marks_what_is_disputed_changed_and_not_confirmed(looker: Looker) -> None:
    """Italy's VAT changed and is disputed, Kenya's is not confirmed any more."""
    look = looker.look("facts")
    italy = look.html[look.html.index(">Italy<") :].partition("</td>")[0]
    assert "changed" in italy
    assert "sources differ" in italy
    kenya = look.html[look.html.index(">Kenya<") :].partition("</td>")[0]
    assert "not confirmed" in kenya


def test_fact_shows_value_proof_other_sources_and_history(looker: Looker) -> None:
    """A field's page has its quotes, who says otherwise, and each published value."""
    look = looker.look("fact", category="tax", entity="Italy", field="vat")
    assert look.text.index("23%") < look.text.index("What other sources say")
    assert "Was 22%" in look.text
    published = look.text.partition("Published values")[2]
    assert published.index("23%") < published.index("22%")
    for address in look.links("document"):
        assert looker.follow(address)


def test_fact_proof_leads_to_the_quoted_characters(looker: Looker) -> None:
    """The link of a quote opens the document with just that quote marked."""
    look = looker.look("fact", category="tax", entity="Germany", field="vat")
    address = next(link for link in look.links("document") if "#q" in link)
    document = looker.follow(address)
    quoted = document.shown.values["quoted"]
    assert "19 percent" in str(quoted)


def test_changes_are_told_by_kind(looker: Looker) -> None:
    """What changed, what is not confirmed and what is disputed can be asked apart."""
    whole = looker.look("changes").text
    assert "Italy: VAT" in whole
    assert "was 22%" in whole
    kept = looker.look("changes", kind="kept").text
    assert "Kenya: VAT" in kept
    assert "Italy: VAT" not in kept
    disputed = looker.look("changes", kind="disputed").text
    assert "Elsewhere: 22%" in disputed


def test_refused_tells_reason_and_way_out(looker: Looker) -> None:
    """A value that could not be proved stands with its reason and what to do."""
    look = looker.look("refused")
    assert "Odd" in look.text
    assert "Read the document" in look.text
    for address in look.links("document"):
        assert looker.follow(address)
