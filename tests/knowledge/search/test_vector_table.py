"""Vectors beside the passages: kept once, scanned under a filter."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.store import Store
from subak.errors import StorageError
from subak.knowledge.documents.document import document_id
from subak.knowledge.search.filter import Filter
from subak.knowledge.search.index import Index
from subak.knowledge.search.vector_table import VectorTable
from subak.knowledge.search.vectors import Nearest
from tests.knowledge.search.corpus import (
    GERMANY,
    ITALY,
    MODEL,
    document,
    embed,
    embed_all,
    with_store,
)


def _vector(*values: float) -> bytes:
    plain = np.array(values, np.float32)
    return (plain / np.linalg.norm(plain)).astype(np.float16).tobytes()


def test_vector_table_says_what_is_missing(tmp_path: Path) -> None:
    """Each key once, in order; what is there is not asked for again."""

    async def scenario(store: Store) -> None:
        table = VectorTable(store.read(), MODEL, store)
        assert table.missing(["b", "a", "b"]) == ["b", "a"]
        await table.add({"b": _vector(1, 0)})
        assert table.missing(["b", "a", "b"]) == ["a"]
        assert VectorTable(store.read(), "another").missing(["b"]) == ["b"]

    with_store(tmp_path, [], scenario)


def test_vector_table_keeps_the_first_vector(tmp_path: Path) -> None:
    """Adding a key again changes nothing."""

    async def scenario(store: Store) -> bytes:
        table = VectorTable(store.read(), MODEL, store)
        for vector in (_vector(1, 0), _vector(0, 1)):
            await table.add({"a": vector})
        return bytes(store.read().execute("SELECT vector FROM vector").get)

    assert with_store(tmp_path, [], scenario) == _vector(1, 0)


def test_vector_table_scans_what_the_filter_leaves(tmp_path: Path) -> None:
    """Likenesses are those of cosines, the mean that of all that were looked at."""

    async def scenario(store: Store) -> None:
        table = await embed_all(store, [ITALY, GERMANY])
        every = table.search(embed("capital of Italy"), Filter(), 100)
        italy = table.search(embed("capital of Italy"), Filter(entity="italy"), 100)
        assert set(italy.cosines) < set(every.cosines)
        assert list(every.cosines.values()) == sorted(
            every.cosines.values(), reverse=True
        )
        assert every.mean == pytest.approx(np.mean(list(every.cosines.values())))
        assert every.standing(next(iter(every.cosines))) > 0
        assert len(table.search(embed("x"), Filter(), 2).cosines) == 2

    with_store(tmp_path, [ITALY, GERMANY], scenario)


def test_vector_table_compares_only_vectors_of_its_size(tmp_path: Path) -> None:
    """A vector of another length, of another model's, is left out."""

    async def scenario(store: Store) -> Nearest:
        table = await embed_all(store, [ITALY])
        return table.search(_vector(1, 0), Filter(), 10)

    assert with_store(tmp_path, [ITALY], scenario) == Nearest({}, 0.0, 0.0)


def test_vector_table_without_vectors_finds_nothing(tmp_path: Path) -> None:
    """A workspace that was never embedded has no nearest passages."""

    async def scenario(store: Store) -> Nearest:
        return VectorTable(store.read(), MODEL).search(_vector(1, 0), Filter(), 10)

    assert with_store(tmp_path, [ITALY], scenario).cosines == {}


def test_vector_table_for_reading_refuses_to_write(tmp_path: Path) -> None:
    """It says how it must be opened."""

    async def scenario(store: Store) -> None:
        with pytest.raises(StorageError, match="reading only"):
            await VectorTable(store.read(), MODEL).add({"a": _vector(1, 0)})

    with_store(tmp_path, [], scenario)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(-9, 9), min_size=3, max_size=3).filter(any),
        min_size=1,
        max_size=12,
    )
)
def test_vector_table_order_is_that_of_exact_cosines(
    tmp_path_factory: pytest.TempPathFactory, vectors: list[list[int]]
) -> None:
    """Whatever the vectors, none is ranked behind one that is clearly farther."""
    texts = [document(f"d{n}", f"Text number {n}.") for n in range(len(vectors))]

    async def scenario(store: Store) -> None:
        rows = store.read().execute("SELECT id, key FROM passage").fetchall()
        keys = {int(str(number)): str(key) for number, key in rows}
        numbers = sorted(keys)
        table = VectorTable(store.read(), MODEL, store)
        await table.add(
            {
                keys[number]: _vector(*values)
                for number, values in zip(numbers, vectors, strict=True)
            }
        )
        found = table.search(_vector(3, 2, 1), Filter(), len(vectors))
        exact = {
            number: float(
                np.dot(values, (3, 2, 1)) / np.linalg.norm(values) / np.sqrt(14)
            )
            for number, values in zip(numbers, vectors, strict=True)
        }
        assert set(found.cosines) == set(exact)
        ranked = [exact[number] for number in found.cosines]
        assert all(later <= earlier + 0.01 for earlier, later in pairwise(ranked))

    with_store(tmp_path_factory.mktemp("vectors"), texts, scenario)


def test_index_keeps_the_vectors_of_text_that_did_not_change(tmp_path: Path) -> None:
    """A new edition of a page needs vectors only for its new passages."""
    text = ITALY.text.replace("UTC+1", "UTC+2")
    newer = replace(ITALY, id=document_id(ITALY.url, text), text=text)

    async def scenario(store: Store) -> list[str]:
        table = await embed_all(store, [ITALY])
        await Index(store).add(newer)
        rows = store.read().execute("SELECT key FROM passage").fetchall()
        return table.missing([str(key) for (key,) in rows])

    assert len(with_store(tmp_path, [ITALY], scenario)) == 1
