"""Results: everything a run publishes; what writers receive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from subak.knowledge.articles.article import Article
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Record
from subak.knowledge.settling.previous import PreviousData
from subak.knowledge.settling.settlement import Settled


@dataclass(frozen=True, slots=True)
class FieldTitle:
    """How a field is shown to people."""

    category: str
    field: str
    title: str


@dataclass(frozen=True, slots=True)
class Results:
    """The publishable outcome of a run, in a deterministic order.

    Args:
        name: Recipe name.
        title: Title of the site.
        language: BCP 47 primary tag.
        generated_at: Seconds since the epoch, see ``publication_time``.
        base_url: Where the site will live, "" for relative links only.
        records: Sorted by category, entity, URL.
        articles: Sorted by slug.
        documents: Every document cited by a fact or a sentence, by id order.
        fields: Titles of the schema's fields, in recipe order.
        copies: For documents that stand at further addresses: these, by id.
        settled: The values of the records against what was published before, and
            what was published before and is not proved now.
        previous: The file of values to be written anew, None for none.
    """

    name: str
    title: str
    language: str
    generated_at: float
    base_url: str
    records: tuple[Record, ...]
    articles: tuple[Article, ...]
    documents: tuple[Document, ...]
    fields: tuple[FieldTitle, ...] = ()
    copies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settled: tuple[Settled, ...] = ()
    previous: PreviousData | None = None

    def fields_of(self, category: str) -> tuple[FieldTitle, ...]:
        """Return the recipe's fields of a category, in its order."""
        return fields_of(self.fields, category)


def fields_of(fields: tuple[FieldTitle, ...], category: str) -> tuple[FieldTitle, ...]:
    """Return the fields of a category: its own, else those for any."""
    own = tuple(one for one in fields if one.category == category)
    return own or tuple(one for one in fields if not one.category)
