"""Article, Section, Sentence, Citation: text of which every sentence is proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["rewritten", "literal"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a sentence is proved: ``document.text[start:end] == quote``."""

    document: str
    url: str
    title: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One published sentence.

    Args:
        text: The sentence.
        verdict: "rewritten" by the model and checked, or the "literal" proposition.
        citations: At least one.
        entity: What it is about.
        field: The fact's field.
        statement: The proposition it restates, made by code; what it is checked with.
    """

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...]
    entity: str = ""
    field: str = ""
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its sentences, in order; ``kind`` "list" shows them as items."""

    heading: str
    sentences: tuple[Sentence, ...]
    kind: Literal["prose", "list"] = "prose"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that was written and not published, with the reason."""

    text: str
    reason: str
    entity: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A cited article about one category.

    Args:
        slug: File-name safe, unique ("citizenship").
        title: Headline.
        category: Category it covers.
        language: BCP 47 primary tag.
        generated_at: Seconds since the epoch.
        model: The model that rewrote sentences, "" for none.
        sections: In reading order.
        dropped: What the check did not let through.
    """

    slug: str
    title: str
    category: str
    language: str
    generated_at: float
    model: str
    sections: tuple[Section, ...]
    dropped: tuple[Dropped, ...] = ()
