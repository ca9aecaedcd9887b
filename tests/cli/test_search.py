"""`subak search`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subak.cli.search import hit_lines, marked, search
from subak.cli.style import Style
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from subak.errors import UserError
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.search.hit import Hit
from subak.knowledge.search.index import Index

TEXT = "# Taxes\n\nThe standard VAT rate in Germany is 19 percent.\n"
LINK = "https://tax.example/germany"


def _workspace(folder: Path) -> None:
    path = Workspace(folder).journal
    path.parent.mkdir(parents=True)

    async def fill() -> None:
        store = Store.open(path)
        try:
            await Index(store).add(
                Document(
                    document_id(LINK, TEXT),
                    LINK,
                    "Taxes of Germany",
                    TEXT,
                    category="tax",
                    entity="Germany",
                )
            )
        finally:
            await store.close()

    asyncio.run(fill())


def _search(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(
        search, [*words, "--dir", str(folder)], catch_exceptions=False
    )


def test_search_shows_passages_with_their_source(tmp_path: Path) -> None:
    """A hit names its title, its address and its place in the text."""
    _workspace(tmp_path)
    shown = _search(tmp_path, "VAT", "rate").stdout
    assert shown.startswith(f"1. Taxes of Germany\n   {LINK}  [")
    assert "The standard VAT rate in Germany is 19 percent." in shown


def test_search_json_gives_the_text_at_its_offsets(tmp_path: Path) -> None:
    """A hit's text is the document's own at the offsets."""
    _workspace(tmp_path)
    found = json.loads(_search(tmp_path, "vat", "--json").stdout)
    hit = found["hits"][0]
    assert (found["version"], hit["url"]) == (1, LINK)
    assert hit["text"] == TEXT[hit["start"] : hit["end"]]


def test_search_of_another_category_finds_nothing(tmp_path: Path) -> None:
    """The filter holds, and finding nothing is told on stderr."""
    _workspace(tmp_path)
    shown = _search(tmp_path, "vat", "--category", "visa")
    assert (shown.exit_code, shown.stdout) == (0, "")
    assert shown.stderr.startswith("nothing found for 'vat'\n")


def test_search_shows_where_a_passage_stands_and_who_else_has_it() -> None:
    """Heading path, entity, tier, date and further sources; the words stand out."""
    hit = Hit(
        "d",
        LINK,
        "Taxes of Germany",
        9,
        54,
        "## VAT\n\nThe standard VAT rates are 19 and 7 percent.",
        1.0,
        heading="Taxes > VAT",
        entity="Germany",
        tier=1,
        published="2026-02-03",
        sources=(LINK, "https://press.example/copy"),
    )
    lines = hit_lines(1, hit, "vat rate", Style(is_on=False))
    assert "Taxes > VAT · Germany · official · 2026-02-03" in lines[2]
    assert lines[3].strip() == "also at https://press.example/copy"
    assert lines[4].strip() == "The standard VAT rates are 19 and 7 percent."
    shown = marked("The VAT rates", "vat rate", Style(is_on=True))
    assert shown == "The \x1b[1mVAT\x1b[0m \x1b[1mrates\x1b[0m"


def test_search_filters_by_tier_and_date(tmp_path: Path) -> None:
    """Of a press source nothing is official; what is no date is told."""
    _workspace(tmp_path)
    assert _search(tmp_path, "vat", "--tier", "1").stdout == ""
    assert _search(tmp_path, "vat", "--tier", "2").stdout
    with pytest.raises(UserError, match="'soon' is no date"):
        _search(tmp_path, "vat", "--since", "soon")


def test_search_json_tells_all_of_a_hit(tmp_path: Path) -> None:
    """What was there before is there still; the new keys are added."""
    _workspace(tmp_path)
    (hit,) = json.loads(_search(tmp_path, "vat", "--json").stdout)["hits"]
    assert (hit["entity"], hit["tier"], hit["sources"]) == ("Germany", 2, [LINK])
    assert {"document", "start", "end", "score", "heading", "published"} <= hit.keys()
