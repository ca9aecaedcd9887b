"""The index finds passages by their words, whatever is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subak.engine.store import Store
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.search.index import Index

T = TypeVar("T")

_ITALY = "# Italia\n\n## Imposte\n\nL'aliquota ordinaria è del 22 %. La città è Roma."
_GERMANY = "# Germany\n\n## Taxes\n\nThe standard rate is 19 %.\n\n## Law\n\nCivil law."


def _document(
    name: str, text: str, category: str = "tax", entity: str = ""
) -> Document:
    url = f"http://127.0.0.1/{name}"
    return Document(
        document_id(url, text), url, name, text, category=category, entity=entity
    )


def _with_index(
    path: Path, scenario: Callable[[Index], Coroutine[object, object, T]]
) -> T:
    async def run() -> T:
        store = Store.open(path / "journal.db")
        try:
            return await scenario(Index(store))
        finally:
            await store.close()

    return asyncio.run(run())


def test_index_finds_words_in_any_form(tmp_path: Path) -> None:
    """Plurals and accents don't matter; offsets are the document's own."""
    italy, germany = _document("italy", _ITALY), _document("germany", _GERMANY)

    async def scenario(index: Index) -> None:
        await index.add(italy)
        await index.add(germany)
        (hit,) = index.search("citta")
        assert hit.document == italy.id
        assert italy.text[hit.start : hit.end] == hit.text
        (hit,) = index.search("what are the standard rates?")
        assert (hit.url, hit.title) == (germany.url, "germany")
        assert hit.score > 0

    _with_index(tmp_path, scenario)


def test_index_ranks_headings_above_text(tmp_path: Path) -> None:
    """A passage under the heading "Taxes" is a better answer than one that says it."""
    text = "# A\n\n## Roads\n\nSome taxes pay for them.\n\n## Taxes\n\nRates are low."

    async def scenario(index: Index) -> list[str]:
        await index.add(_document("a", text))
        return [hit.text for hit in index.search("taxes")]

    assert _with_index(tmp_path, scenario)[0].startswith("## Taxes")


def test_index_puts_all_words_before_any(tmp_path: Path) -> None:
    """Passages with every word come first, then those with some."""

    async def scenario(index: Index) -> list[str]:
        await index.add(_document("a", "# Civil\n\nCivil servants, civil courts."))
        await index.add(_document("b", "# Law\n\nIt is civil law here."))
        return [hit.title for hit in index.search("civil law")]

    assert _with_index(tmp_path, scenario) == ["b", "a"]


def test_index_adding_twice_changes_nothing(tmp_path: Path) -> None:
    """The same document is there once."""

    async def scenario(index: Index) -> int:
        for _ in range(3):
            await index.add(_document("germany", _GERMANY))
        return len(index.search("germany"))

    assert _with_index(tmp_path, scenario) == 2


def test_index_drops_superseded_documents(tmp_path: Path) -> None:
    """Only the last content of a URL is found, also when it returns to an old one."""
    old, new = _document("page", "Apples."), _document("page", "Pears.")

    async def scenario(index: Index) -> None:
        for document, word, gone in (
            (old, "apples", "pears"),
            (new, "pears", "apples"),
            (old, "apples", "pears"),
        ):
            await index.add(document)
            assert [hit.document for hit in index.search(word)] == [document.id]
            assert index.search(gone) == []

    _with_index(tmp_path, scenario)


def test_index_filters(tmp_path: Path) -> None:
    """Category and entity narrow the search; the entity's case doesn't matter."""

    async def scenario(index: Index) -> None:
        await index.add(_document("a", "Rates.", "tax", "Italy"))
        await index.add(_document("b", "Rates.", "energy", "Japan"))
        assert [hit.title for hit in index.search("rates", category="tax")] == ["a"]
        assert [hit.title for hit in index.search("rates", entity="japan")] == ["b"]
        assert index.search("rates", category="tax", entity="Japan") == []
        assert len(index.search("rates", limit=1)) == 1
        assert index.search("rates", limit=0) == []

    _with_index(tmp_path, scenario)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "  ",
        '"',
        "a AND",
        "NEAR(",
        "title:x",
        "🍚",
        "* - ^ ( )",
        "'; DROP",
        "\0",
        "OR",
    ],
)
def test_index_takes_any_query(tmp_path: Path, query: str) -> None:
    """Operators, quotes, emoji and nothing are only words, or none."""

    async def scenario(index: Index) -> None:
        assert index.search(query) == []
        await index.add(_document("germany", _GERMANY))
        index.search(query)

    _with_index(tmp_path, scenario)


@given(st.lists(st.text(max_size=40), max_size=8))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_index_never_fails_on_a_query(tmp_path: Path, queries: list[str]) -> None:
    """Whatever is typed, there is a list of hits."""

    async def scenario(index: Index) -> None:
        await index.add(_document("germany", _GERMANY))
        for query in queries:
            assert len(index.search(query)) <= 10

    _with_index(tmp_path, scenario)


def test_index_documents_without_text_are_no_hits(tmp_path: Path) -> None:
    """An empty page replaces what was there."""

    async def scenario(index: Index) -> None:
        await index.add(_document("page", "Apples."))
        await index.add(_document("page", ""))
        assert index.search("apples") == []

    _with_index(tmp_path, scenario)
