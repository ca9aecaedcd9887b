"""Article, Section, Sentence, Citation: text of which every sentence is proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["rewritten", "paraphrase", "literal", "typed"]


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
        verdict: "rewritten" by the model and proved by code; a "paraphrase", where code
            found nothing against it and a judge found it the same; or the "literal"
            proposition; "typed" is what code made of several facts or of one.
        citations: At least one.
        entity: What it is about.
        field: The fact's field, or the topic of words taken from a document.
        statement: The proposition it restates, made by code; what it is checked with.
        status: "new", "changed", "same", "kept" or "conflict"; "quoted" for words of
            a document; "" where that says nothing.
        note: What code adds in brackets: "22 % until 2025-12-31".
        flag: What a reviewing model found wrong with it.
        judge: The model that judged a paraphrase.
    """

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...]
    entity: str = ""
    field: str = ""
    statement: str = ""
    status: str = ""
    note: str = ""
    flag: str = ""
    judge: str = ""

    @property
    def is_worded(self) -> bool:
        """Tell whether a model worded it."""
        return self.verdict in ("rewritten", "paraphrase")

    @property
    def shown(self) -> str:
        """Return the sentence as people read it, its note before the period."""
        if not self.note:
            return self.text
        if self.text.endswith("."):
            return f"{self.text[:-1]} ({self.note})."
        return f"{self.text} ({self.note})"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its sentences, in order; ``kind`` "list" shows them as items.

    Args:
        note: What code says in place of sentences where there are none.
    """

    heading: str
    sentences: tuple[Sentence, ...]
    kind: Literal["prose", "list"] = "prose"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that was written and not published, with the reason."""

    text: str
    reason: str
    entity: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """What a reviewing model found, and what was done about it.

    Args:
        text: The sentence as it was.
        problem: In the reviewer's words.
        outcome: "literal" for one that became its proposition, else "marked".
    """

    text: str
    problem: str
    outcome: Literal["literal", "marked"]


@dataclass(frozen=True, slots=True)
class Review:
    """A second model's verdict on an article: it can take back, never write.

    Args:
        model: Who read it.
        sentences: How many sentences it read.
        flags: What it found wrong.
    """

    model: str
    sentences: int
    flags: tuple[Flag, ...] = ()


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
        headline: The most newsworthy of its sentences, None for an empty article.
        review: What a second model said of it, None when none was asked.
        is_kept: It is of an earlier run, for the last one could make none.
    """

    slug: str
    title: str
    category: str
    language: str
    generated_at: float
    model: str
    sections: tuple[Section, ...]
    dropped: tuple[Dropped, ...] = ()
    headline: Sentence | None = None
    review: Review | None = None
    is_kept: bool = False
