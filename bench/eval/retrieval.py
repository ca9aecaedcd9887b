"""Retrieval: labelled questions over the World Factbook, in three languages."""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import platformdirs

from bench.eval.factbook_corpus import Country, country_documents, read_countries
from bench.row import Check, Conditions, Measured
from subak.engine.store import Store
from subak.knowledge.documents.document import Document
from subak.knowledge.search.index import Index
from subak.knowledge.search.passage import passages
from subak.knowledge.search.retriever import Retriever
from subak.knowledge.search.semantic import (
    MODEL,
    embed_passages,
    embed_query,
    is_installed,
)
from subak.knowledge.search.vectors import Vectors
from subak.knowledge.search.wording_key import wording, wording_key

QUESTIONS = Path(__file__).parent / "retrieval_questions.toml"
KINDS = ("en", "it", "id", "keywords")
_EACH = 2  # countries a wording is asked of
_DEPTH = 5
_BATCH = 32
_COMMAND = "python -m bench.eval.retrieval"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what answers it.

    Args:
        kind: A language, or "keywords".
        text: As it is asked.
        country: Title of the page that answers it.
        field: Heading under which it is answered.
    """

    kind: str
    text: str
    country: str
    field: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A set of questions and the documents they are asked of."""

    questions: tuple[Question, ...]
    documents: tuple[Document, ...]


@dataclass(slots=True)
class Hits:
    """How many questions of a kind were answered first, and within five."""

    asked: int = 0
    first: int = 0
    within: int = 0

    def count(self, place: int | None) -> None:
        """Count a question whose answer came at a place, 0 is the first."""
        self.asked += 1
        self.first += place == 0
        self.within += place is not None

    def to_json(self) -> dict[str, float]:
        """Return shares."""
        asked = max(self.asked, 1)
        return {
            "asked": self.asked,
            "hit@1": round(self.first / asked, 4),
            f"hit@{_DEPTH}": round(self.within / asked, 4),
        }


def measure(conditions: Conditions) -> Measured:
    """Ask every question by words alone and, where it is installed, by meaning too."""
    labelled = read_labelled(conditions.pick(60, 6))
    conditions.say(f"{len(labelled.questions)} questions")
    found = asyncio.run(_measure(labelled, conditions))
    checks = [
        Check("questions", ">= 300", f"{len(labelled.questions)}", _enough(labelled))
    ]
    if "semantic" in found:
        semantic = found["semantic"]
        keyword, every = semantic["keywords"]["hit@1"], semantic["all"]["hit@5"]
        checks += [
            Check("keyword hit@1", ">= 0.90", f"{keyword:.3f}", keyword >= 0.90),
            Check("hit@5, all", ">= 0.95", f"{every:.3f}", every >= 0.95),
        ]
    return Measured(
        tuple(checks),
        {"documents": len(labelled.documents), "found": found},
        notes=(
            "A question is answered by any passage under the right heading of the "
            "right country's page. 'words' is FTS5 alone. The wordings were seen "
            "while the search was built: none is held out.",
        ),
        commands=(_COMMAND,),
    )


def read_labelled(most: int = 60) -> Labelled:
    """Return the questions over the first ``most`` countries."""
    data = tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))
    countries = read_countries(data["countries"])[:most]
    fields = [(str(each["section"]), str(each["name"])) for each in data["field"]]
    documents = country_documents(countries, fields)
    texts = {document.title: document.text for document in documents}
    questions = (
        question
        for number, each in enumerate(data["field"])
        for question in _questions(number, each, countries)
        if f"\n## {question.field}\n" in texts[question.country]
    )
    return Labelled(tuple(questions), tuple(documents))


def _questions(
    number: int, field: Mapping[str, object], countries: Sequence[Country]
) -> Iterator[Question]:
    step = 0
    for kind in KINDS:
        wordings = field[kind]
        assert isinstance(wordings, list)
        for text in wordings:
            for _ in range(_EACH):
                # 7 and 31 have no factor in common with the number of countries.
                country = countries[(31 * number + 7 * step) % len(countries)]
                step += 1
                name = country.names.get(kind, country.name)
                asked = str(text).replace("{country}", name)
                yield Question(kind, asked, country.name, str(field["name"]))


def _enough(labelled: Labelled) -> bool:
    return len(labelled.questions) >= 300


async def _measure(
    labelled: Labelled, conditions: Conditions
) -> dict[str, dict[str, dict[str, float]]]:
    store = Store.open(conditions.folder / "corpus.db")
    try:
        index = Index(store)
        for document in labelled.documents:
            await index.add(document)
        reader = store.read()
        words = Retriever(reader)
        found = {"words": ask_all(words, labelled, lambda _: None)}
        if is_installed():
            from subak.knowledge.search.vector_table import VectorTable

            table = VectorTable(reader, MODEL, store)
            known = await KeptVectors.open()
            try:
                await known.fill(table, labelled.documents, conditions)
                queries = await known.queries(labelled.questions, conditions)
            finally:
                await known.close()
            both = Retriever(reader, table)
            found["semantic"] = ask_all(both, labelled, queries.get)
        return found
    finally:
        await store.close()


def ask_all(
    retriever: Retriever, labelled: Labelled, vector: Callable[[str], bytes | None]
) -> dict[str, dict[str, float]]:
    """Ask every question and count by kind."""
    counts: defaultdict[str, Hits] = defaultdict(Hits)
    for question in labelled.questions:
        hits = retriever.search(question.text, _DEPTH, vector=vector(question.text))
        place = next(
            (
                place
                for place, hit in enumerate(hits)
                if hit.title == question.country
                and hit.heading.endswith(f" > {question.field}")
            ),
            None,
        )
        for name in ("all", question.kind):
            counts[name].count(place)
    return {name: hits.to_json() for name, hits in sorted(counts.items())}


class KeptVectors:
    """Vectors of earlier measurements, in the user's cache: each is made once."""

    def __init__(self, store: Store, table: Vectors) -> None:
        self._store = store
        self._table = table

    @classmethod
    async def open(cls) -> KeptVectors:
        """Open the cache, or begin one."""
        from subak.knowledge.search.vector_table import VectorTable

        path = Path(platformdirs.user_cache_dir("subak")) / "bench-vectors.db"
        store = Store.open(path)
        return cls(store, VectorTable(store.read(), MODEL, store))

    async def close(self) -> None:
        """Close the file."""
        await self._store.close()

    async def fill(
        self, table: Vectors, documents: Sequence[Document], conditions: Conditions
    ) -> None:
        """Give a table the vectors of all passages of the documents."""
        texts = {
            wording_key(document.title, cut): wording(
                document.title, cut.heading, cut.text
            )
            for document in documents
            for cut in passages(document.text)
        }
        await self._make(texts, embed_passages, conditions)
        await table.add(self._read(list(texts)))

    async def queries(
        self, questions: Sequence[Question], conditions: Conditions
    ) -> dict[str, bytes]:
        """Return the vectors of questions by their text."""
        texts = {_query_key(each.text): each.text for each in questions}
        await self._make(texts, _embed_queries, conditions)
        found = self._read(list(texts))
        return {texts[key]: vector for key, vector in found.items()}

    async def _make(
        self,
        texts: Mapping[str, str],
        embed: Callable[[bytes], bytes],
        conditions: Conditions,
    ) -> None:
        missing = self._table.missing(list(texts))
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            data = embed(msgspec.json.encode([texts[key] for key in batch]))
            size = len(data) // len(batch)
            vectors = [data[at : at + size] for at in range(0, len(data), size)]
            await self._table.add(dict(zip(batch, vectors, strict=True)))
            conditions.say(f"{start + len(batch)} of {len(missing)} vectors")

    def _read(self, keys: Sequence[str]) -> dict[str, bytes]:
        query = "SELECT vector FROM vector WHERE key = ? AND model = ?"
        reader = self._store.read()
        return {key: bytes(reader.execute(query, (key, MODEL)).get) for key in keys}


def _embed_queries(contents: bytes) -> bytes:
    texts = msgspec.json.decode(contents, type=list[str])
    return b"".join(embed_query(text.encode()) for text in texts)


def _query_key(text: str) -> str:
    return "query:" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        measured = measure(Conditions(Path(name)))
    print(json.dumps(measured.raw, indent=2))
    for check in measured.checks:
        print(f"{check.what}: {check.measured} ({check.target}) {check.verdict}")
