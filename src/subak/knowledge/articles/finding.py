"""Finding, Findings: what a document says that is worth saying, in its own words."""

from __future__ import annotations

from dataclasses import dataclass

from subak.knowledge.facts.fact import Evidence


@dataclass(frozen=True, slots=True)
class Finding:
    """A whole unit of a document that says something worth repeating.

    The evidence is the unit itself: ``document.text[start:end] == quote``, always.

    Args:
        category: Category of the document.
        topic: What it is about in a word or two, as the reader of it put it; "" when
            the document has no word for it.
        entity: What the document is about ("Germany"), "" when the source doesn't say.
        evidence: The unit, as it stands.
        published: The document's own ISO date, "" when it has none.
    """

    category: str
    topic: str
    entity: str
    evidence: Evidence
    published: str = ""

    @property
    def text(self) -> str:
        """Return the words of the document, as they stand."""
        return self.evidence.quote


@dataclass(frozen=True, slots=True)
class Flagged:
    """A unit that was kept out of what is said, and why.

    Args:
        reason: In words for a person ("text that gives orders").
        evidence: The unit, as it stands.
    """

    reason: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Findings:
    """All that one document gave where the recipe has no facts for its category.

    Args:
        findings: In document order, each unit once.
        flagged: Units a reader should know about, never published as claims.
    """

    document: str
    url: str
    title: str
    category: str
    findings: tuple[Finding, ...] = ()
    entity: str = ""
    published: str = ""
    language: str = ""
    flagged: tuple[Flagged, ...] = ()
