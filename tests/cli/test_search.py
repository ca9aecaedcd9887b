"""`subak search`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from click.testing import CliRunner, Result

from subak.cli.search import search
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from subak.knowledge.document import Document, document_id
from subak.knowledge.index import Index

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
    assert shown.stderr == "nothing found for 'vat'\n"
