"""The retriever: filters first, then words and meaning, each text once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from subak.engine.store import Store
from subak.errors import UserError
from subak.knowledge.documents.archive_tables import create_tables
from subak.knowledge.search.catalogue import Catalogue
from subak.knowledge.search.filter import Narrowing
from subak.knowledge.search.index import Index
from subak.knowledge.search.retriever import Retriever
from tests.knowledge.search.corpus import (
    GERMANY,
    ITALY,
    document,
    embed,
    embed_all,
    with_store,
)

BOTH = (ITALY, GERMANY)
_OLD_TABLES = """
CREATE TABLE passage(
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, url TEXT NOT NULL,
    title TEXT NOT NULL, category TEXT NOT NULL, entity TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL) STRICT;
CREATE VIRTUAL TABLE passage_text USING fts5(
    title, heading, text, tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO passage VALUES(1, 'd', 'http://127.0.0.1/old', 'old', 'tax', '', 0, 6);
INSERT INTO passage_text(rowid, title, heading, text) VALUES(1, 'old', '', 'Rates.');
"""


def _headings(path: Path, query: str, *, by_meaning: bool) -> list[str]:
    async def scenario(store: Store) -> list[str]:
        table = await embed_all(store, BOTH)
        retriever = Retriever(store.read(), table if by_meaning else None, embed)
        return [hit.heading for hit in retriever.search(query, 3)]

    return with_store(path, BOTH, scenario)


def test_retriever_goes_by_meaning_across_languages(tmp_path: Path) -> None:
    """A question that shares no word with the text is answered from its meaning."""
    found = _headings(tmp_path, "cittadinanza in Germania", by_meaning=True)
    assert found[0] == "Germany > Citizenship"


def test_retriever_by_words_alone_knows_names_in_other_languages(
    tmp_path: Path,
) -> None:
    """ "Germania" names the documents about Germany; the other words still count."""
    found = _headings(tmp_path, "Germania: time difference", by_meaning=False)
    assert found[0] == "Germany > Capital"


def test_retriever_puts_what_is_named_first(tmp_path: Path) -> None:
    """Of two countries that say the same, the one asked about comes first."""
    for name in ("Italy", "Germany"):
        found = _headings(tmp_path / name, f"{name} dual citizenship", by_meaning=True)
        assert found[0] == f"{name} > Citizenship"


def test_retriever_finds_what_has_no_vector_yet(tmp_path: Path) -> None:
    """A passage with all words is found though only its neighbours are embedded."""

    async def scenario(store: Store) -> list[str]:
        table = await embed_all(store, [ITALY])
        retriever = Retriever(store.read(), table, embed)
        return [hit.heading for hit in retriever.search("states vote at 16", 2)]

    assert "Germany > Suffrage" in with_store(tmp_path, BOTH, scenario)


def test_retriever_takes_the_callers_own_vector(tmp_path: Path) -> None:
    """A query that was embedded elsewhere needs no embedder."""

    async def scenario(store: Store) -> str:
        retriever = Retriever(store.read(), await embed_all(store, BOTH))
        hits = retriever.search("?", 1, vector=embed("weather capital of Italy"))
        return hits[0].heading

    assert with_store(tmp_path, BOTH, scenario) == "Italy > Capital"


@pytest.mark.parametrize(
    ("only", "titles"),
    [
        (Narrowing(tier=1), {"official"}),
        (Narrowing(tier=2), {"official", "press"}),
        (Narrowing(language="it"), {"press", "swiss"}),
        (Narrowing(since="2026-01-01"), {"press", "swiss"}),
        (Narrowing(since="2026-03-01", language="it"), {"swiss"}),
        (Narrowing(category="visa"), set()),
        (Narrowing(entity="ITALY"), {"official"}),
        (Narrowing(entity=None, tier=None), {"official", "press", "swiss"}),
    ],
)
def test_retriever_filters_first(
    tmp_path: Path, only: Narrowing, titles: set[str]
) -> None:
    """Each filter narrows the search, by words and by meaning alike."""
    official = replace(
        document("official", "The rate is low."),
        entity="Italy",
        tier=1,
        published="2025-12-31",
    )
    press = replace(
        document("press", "The rate is lower."), language="it", published="2026-02-03"
    )
    swiss = replace(
        document("swiss", "The rate is lowest."),
        language="it-CH",
        tier=3,
        fetched_at=1_775_000_000.0,  # 2026-03-31, and no date of its own
    )
    all_three = (official, press, swiss)

    async def scenario(store: Store) -> list[set[str]]:
        table = await embed_all(store, all_three)
        return [
            {hit.title for hit in retriever.search("rate", **only)}
            for retriever in (
                Retriever(store.read()),
                Retriever(store.read(), table, embed),
            )
        ]

    assert with_store(tmp_path, all_three, scenario) == [titles, titles]


def test_retriever_refuses_what_is_no_date(tmp_path: Path) -> None:
    """The wrong value is told with how to write it."""

    async def scenario(store: Store) -> None:
        with pytest.raises(UserError, match="'soon' is no date") as caught:
            Retriever(store.read()).search("rate", since="soon")
        assert "2026-01-31" in caught.value.hint

    with_store(tmp_path, BOTH, scenario)


def test_retriever_shows_equal_texts_once_with_all_sources(tmp_path: Path) -> None:
    """What two addresses carry word for word is one hit that names both."""
    text = "Apples grow here for whoever wants some of them. " * 6
    here, there = document("a", text), document("b", text, "visa")

    async def scenario(store: Store) -> None:
        (hit,) = Retriever(store.read()).search("apples")
        assert hit.sources == (here.url, there.url)

    with_store(tmp_path, (here, there), scenario)


def test_retriever_keeps_short_texts_of_different_things_apart(
    tmp_path: Path,
) -> None:
    """ "By birth: no" of two countries are two answers."""

    async def scenario(store: Store) -> None:
        hits = Retriever(store.read()).search("suffrage universal age")
        assert {hit.entity for hit in hits} == {"Italy", "Germany"}

    short = [replace(each, text="# X\n\nSuffrage: universal, age 18.") for each in BOTH]
    with_store(tmp_path, short, scenario)


def test_retriever_names_the_copies_of_a_document(tmp_path: Path) -> None:
    """The addresses of a copy that was never indexed stand among the sources."""
    text = " ".join(f"Apples of kind {n} grow here for whoever." for n in range(8))
    own = document("own", text)
    copy = replace(document("copy", text), url="http://127.0.0.2/copy")

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        try:
            await store.write(create_tables)
            catalogue = Catalogue(store, Index(store))
            for each in (own, copy):
                await catalogue.enter(each)
            (hit,) = Retriever(store.read()).search("apples", 1)
            assert hit.sources == (own.url, copy.url)
        finally:
            await store.close()

    asyncio.run(scenario())


def test_retriever_reads_an_index_of_an_earlier_subak(tmp_path: Path) -> None:
    """Its passages are found; a filter it cannot answer says what to do."""
    path = tmp_path / "old.db"
    writer = apsw.Connection(str(path))
    writer.execute(_OLD_TABLES)
    writer.close()
    reader = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    retriever = Retriever(reader)
    (hit,) = retriever.search("rates", category="tax")
    assert (hit.title, hit.tier, hit.language) == ("old", 0, "")
    with pytest.raises(UserError, match="earlier subak") as caught:
        retriever.search("rates", tier=1)
    assert "subak run" in caught.value.hint
    reader.close()


def test_index_brings_an_earlier_table_up_to_date(tmp_path: Path) -> None:
    """The rows of a document that returns are filled in; the rest stays findable."""
    again = replace(document("old", "Rates."), tier=1)

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        try:
            await store.write(lambda connection: connection.execute(_OLD_TABLES))
            index = Index(store)
            assert not index.has(again)
            await index.add(again)
            assert index.has(again)
            (hit,) = index.search("rates", tier=1)
            assert hit.document == again.id
        finally:
            await store.close()

    asyncio.run(scenario())
