"""A small corpus to search, and a stand-in for the embedder of the extra."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import TypeVar

import numpy as np

from subak.engine.store import Store
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.search.index import Index
from subak.knowledge.search.passage import passages
from subak.knowledge.search.vector_table import VectorTable
from subak.knowledge.search.wording_key import wording, wording_key

T = TypeVar("T")
MODEL = "stand-in"
_SIZE = 384
# Words that mean the same share a direction, whatever the language.
_MEANINGS = (
    "passport passports citizenship cittadinanza kewarganegaraan naturalized",
    "capital capitale city rome roma berlin seat",
    "vote suffrage voto elections universal",
    "rain climate clima cuaca weather wet",
    "italy italia",
    "germany germania jerman",
)


def document(name: str, text: str, category: str = "tax", entity: str = "") -> Document:
    """Return a document of a loopback site."""
    url = f"http://127.0.0.1/{name}"
    return Document(
        document_id(url, text), url, name, text, category=category, entity=entity
    )


def country(name: str, **sections: str) -> Document:
    """Return the page of a country, a heading a section."""
    parts = [f"## {title}\n\n{text}" for title, text in sections.items()]
    text = "\n\n".join([f"# {name}", *parts]) + "\n"
    return document(name.lower(), text, "factbook", name)


ITALY = country(
    "Italy",
    Citizenship="- citizenship by birth: no\n- dual citizenship recognized: yes",
    Capital="- name: Rome\n- time difference: UTC+1",
    Suffrage="18 years of age; universal.",
)
GERMANY = country(
    "Germany",
    Citizenship="- citizenship by birth: no\n"
    "- dual citizenship recognized: yes, since 2024",
    Capital="- name: Berlin\n- time difference: UTC+1",
    Suffrage="18 years of age; universal. Some states let people vote at 16.",
)


def embed(text: str) -> bytes:
    """Return a vector that only knows a few meanings, float16."""
    folded = text.casefold().replace("?", " ").replace(":", " ").replace(",", " ")
    vector = np.full(_SIZE, 0.01, np.float32)
    for word in folded.split():
        for place, meaning in enumerate(_MEANINGS):
            vector[place] += word in meaning.split()
    return (vector / np.linalg.norm(vector)).astype(np.float16).tobytes()


def with_store(
    path: Path,
    documents: Iterable[Document],
    scenario: Callable[[Store], Coroutine[object, object, T]],
) -> T:
    """Run a scenario on a workspace's database that holds these documents."""

    async def run() -> T:
        store = Store.open(path / "journal.db")
        try:
            for each in documents:
                await Index(store).add(each)
            return await scenario(store)
        finally:
            await store.close()

    return asyncio.run(run())


async def embed_all(store: Store, documents: Iterable[Document]) -> VectorTable:
    """Give every passage of the documents a vector."""
    table = VectorTable(store.read(), MODEL, store)
    for each in documents:
        cuts = passages(each.text)
        await table.add(
            {
                wording_key(each.title, cut): embed(
                    wording(each.title, cut.heading, cut.text)
                )
                for cut in cuts
            }
        )
    return table
