"""What the tests of prove share: making a document and proving against it."""

from __future__ import annotations

from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.facts.fact import Fact, Record
from subak.knowledge.facts.prove import prove
from subak.knowledge.facts.schema import FactSchema, Field


def make_document(text: str, **values: str) -> Document:
    """Make a page about Germany."""
    url = "http://127.0.0.1/page"
    return Document(
        document_id(url, text),
        url,
        values.get("title", "Page"),
        text,
        language=values.get("language", "en"),
        published=values.get("published", "2026-01-01"),
        entity=values.get("entity", "Germany"),
    )


def prove_text(
    text: str, proposed: dict[str, object], *fields: Field, **values: str
) -> Record:
    """Prove values of some fields against a text."""
    schema = FactSchema("test", "country", fields)
    return prove(proposed, schema, make_document(text, **values))


def find_proved(record: Record) -> Fact | None:
    """Return the fact a model proposed, if it was proved."""
    facts = [fact for fact in record.facts if fact.level != "derived"]
    return facts[0] if facts else None
