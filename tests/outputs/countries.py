"""Results about many countries, made of one plain text each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.facts.fact import Evidence, Fact, FieldValue, Record
from subak.knowledge.results import FieldTitle, Results

VAT = {
    "Germany": 19.0,
    "France": 20.0,
    "Italy": 22.0,
    "Hungary": 27.0,
    "Kenya": 16.0,
    "Brazil": 17.0,
    "Singapore": 9.0,
    "Indonesia": 11.0,
    "Russia": 20.0,
    "United States": 0.0,
    "Canada": 5.0,
    "Australia": 10.0,
}


def with_values(
    results: Results,
    values: Mapping[str, FieldValue],
    *,
    unit: str = "%",
    others: Mapping[str, str] | None = None,
) -> Results:
    """Return results whose one field has these values, each with its quote.

    Args:
        others: Units of the countries that have another one.
    """
    documents: list[Document] = []
    records: list[Record] = []
    for entity, value in values.items():
        text = f"The standard rate is {value}."
        url = f"https://example.org/{len(documents)}"
        document = Document(
            document_id(url, text), url, entity, text, "en", fetched_at=1_000.0
        )
        proof = Evidence(document.id, url, 0, len(text), text)
        measure = (others or {}).get(entity, unit)
        fact = Fact(entity, "tax", "vat", value, measure, "evidence", (proof,))
        documents.append(document)
        records.append(Record(document.id, url, entity, "tax", (fact,)))
    return replace(
        results,
        records=tuple(records),
        articles=(),
        documents=tuple(sorted(documents, key=lambda one: one.id)),
        fields=(FieldTitle("tax", "vat", "Standard VAT rate"),),
        settled=(),
    )
