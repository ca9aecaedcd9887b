"""The subject stage: what each document is about, so that profiles can be gathered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from subak.engine.context import current_task
from subak.engine.events import EventSink
from subak.engine.stage import Codec, Stage
from subak.knowledge.checking.shape import markup_problem
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.identity import find_country
from subak.knowledge.text.orders import gives_orders


def subject(
    kinds: Mapping[str, str], codec: Codec[Document], events: EventSink
) -> Stage[Document, Document]:
    """Pass on documents with their entity; those about no single one stay behind.

    Args:
        kinds: By category, "country" or "title": what a document is about whose source
            doesn't say; "" serves all other categories, others are left out.
        codec: Bytes form of the documents.
        events: Told of documents that are about nothing in particular.
    """

    async def run(document: Document) -> AsyncIterator[Document]:
        kind = kinds.get(document.category, kinds.get("", ""))
        if not kind:
            return
        if entity := _entity(document, kind):
            yield replace(document, entity=entity)
            return
        events.emit(
            "note",
            stage="subject",
            item=current_task().item,
            message="it is not known what it is about: no profile takes it in",
            level="warning",
        )

    return Stage(
        "subject",
        run,
        codec,
        key={"kinds": " ".join(f"{name}={kinds[name]}" for name in sorted(kinds))},
        label=lambda document: {"entity": document.entity},
    )


def _entity(document: Document, kind: str) -> str:
    if document.entity:
        return document.entity
    if kind == "country":
        return find_country(document.title, whole=False)
    title = " ".join(document.title.split())
    return "" if markup_problem(title) or gives_orders(title) else title
