"""The site says what is not confirmed, what changed and where sources differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from subak.knowledge.results import Results
from tests.outputs.settled_results import second_day
from tests.outputs.test_website import write_site


def _texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(one.text(separator=" ").split()) for one in page.css(selector)]


def _entity(pages: dict[str, LexborHTMLParser], name: str) -> LexborHTMLParser:
    return next(page for path, page in pages.items() if f"entities/{name}" in path)


def test_a_kept_value_is_marked_with_its_date(results: Results, tmp_path: Path) -> None:
    """It is never shown like a proved one, and still leads to its old quote."""
    france = _entity(write_site(second_day(results), tmp_path), "france")
    values = _texts(france, ".value.kept")
    assert values == ["181,917 EUR not confirmed", "19.6% not confirmed"]
    notes = _texts(france, ".answer .note")
    assert any("Last proved on 2026-11-20" in note for note in notes)
    assert any("Taken from an earlier file, without a quote" in note for note in notes)


def test_a_changed_value_says_what_it_was(results: Results, tmp_path: Path) -> None:
    """The old value stands beside the new one, with its end."""
    germany = _entity(write_site(second_day(results), tmp_path), "germany")
    assert "19% changed" in _texts(germany, ".value")
    assert "Was 16% until 2026-06-30." in _texts(germany, ".note")


def test_the_table_has_a_sign_for_each(results: Results, tmp_path: Path) -> None:
    """A question mark and a star, explained above."""
    page = write_site(second_day(results), tmp_path)["categories/taxation.html"]
    cells = _texts(page, "tbody td")
    assert "19.6% ?" in cells
    assert "19% *" in cells
    assert "45% or 49%" in cells
    (legend,) = _texts(page, "section > p.meta")
    assert "A question mark" in legend
    assert "A star" in legend


def test_a_first_publication_has_no_news(results: Results, tmp_path: Path) -> None:
    """Where all is new, saying so tells nothing."""
    pages = write_site(results, tmp_path)
    assert not any(_texts(page, ".tag.news") for page in pages.values())


def test_documents_that_agree_are_counted(results: Results, tmp_path: Path) -> None:
    """The value of two documents has the quotes of both."""
    france = _entity(write_site(results, tmp_path), "france")
    assert "45% 2 sources agree" in _texts(france, ".value")


def test_what_the_text_says_of_validity_is_shown(
    results: Results, tmp_path: Path
) -> None:
    """From when and to when a value is in force."""
    one = second_day(results).settled[0]
    fact = replace(one.fact, valid_from="2026-07-01", valid_to="2027-12-31")
    settled = (replace(one, fact=fact),)
    page = _entity(write_site(replace(results, settled=settled), tmp_path), "germany")
    wanted = "The source says: in force from 2026-07-01 to 2027-12-31."
    assert wanted in _texts(page, ".note")
