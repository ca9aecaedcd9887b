"""The embed stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from subak.engine.store import Store
from subak.knowledge.search.filter import Filter
from subak.knowledge.search.vector_table import VectorTable
from subak.stages.embed import embed
from tests.knowledge.search.corpus import GERMANY, ITALY, MODEL, with_store
from tests.knowledge.search.corpus import embed as vector_of


class CountingEmbedder:
    """Embeds by the stand-in and remembers what it was given."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def passages(self, texts: Sequence[str], key: str) -> list[bytes]:
        """Return the vectors of passages."""
        self.seen += texts
        return [vector_of(text) for text in texts]


def test_embed_stage_embeds_each_wording_once(tmp_path: Path) -> None:
    """Again, and for a copy under another address, nothing is left to do."""
    elsewhere = replace(ITALY, id="other", url="http://127.0.0.2/italy")
    embedder = CountingEmbedder()

    async def scenario(store: Store) -> list[int]:
        stage = embed(embedder, VectorTable(store.read(), MODEL, store))
        return [
            count
            for document in (ITALY, ITALY, elsewhere, GERMANY)
            async for count in stage.run(document)
        ]

    counts = with_store(tmp_path, [ITALY, GERMANY], scenario)
    assert counts[1:3] == [0, 0]
    assert counts[0] > 0
    assert counts[3] > 0
    assert len(embedder.seen) == len(set(embedder.seen)) == sum(counts)


def test_embed_stage_makes_every_passage_findable_by_meaning(tmp_path: Path) -> None:
    """What the index holds of the document is what the scan looks at."""

    async def scenario(store: Store) -> None:
        table = VectorTable(store.read(), MODEL, store)
        async for _ in embed(CountingEmbedder(), table).run(ITALY):
            pass
        numbers = {
            number for (number,) in store.read().execute("SELECT id FROM passage")
        }
        assert set(table.search(vector_of("x"), Filter(), 99).cosines) == numbers

    with_store(tmp_path, [ITALY], scenario)


def test_embed_stage_takes_a_document_without_text(tmp_path: Path) -> None:
    """Nothing to embed is nothing to do."""
    empty = replace(ITALY, text="")

    async def scenario(store: Store) -> list[int]:
        stage = embed(CountingEmbedder(), VectorTable(store.read(), MODEL, store))
        return [count async for count in stage.run(empty)]

    assert with_store(tmp_path, [], scenario) == [0]
