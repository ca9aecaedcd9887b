"""Quotation: the words of a document, cleaned of markup, as a proposition."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from subak.knowledge.articles.alike import merge_alike
from subak.knowledge.articles.article import Citation
from subak.knowledge.articles.finding import Finding, Findings
from subak.knowledge.articles.proposition import Proposition
from subak.knowledge.facts.fact import Evidence

QUOTED = "quoted"
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_LEAD = re.compile(r"^\s*(?:[-*•+–]|#{1,6}|>|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}(?=\W|$)")
_LEAST_WORDS = 4


def clean(text: str) -> str:
    """Return a unit of a document without markup and hidden characters."""
    plain = "".join(
        char for char in text if unicodedata.category(char) != "Cf" or char == "\u00ad"
    ).replace("\u00ad", "")
    plain = _LEAD.sub("", _LINK.sub(r"\1", plain))
    return " ".join(_EMPHASIS.sub("", plain).split())


def quoted(text: str) -> str:
    """Return words of a document as people mark them as such."""
    return f"“{text}”"


def quotations(found: Iterable[Findings]) -> tuple[Proposition, ...]:
    """Return what documents say in their own words, each once with all its sources.

    The newest document comes first. What is no statement (a heading, a row of a
    table) stays out.
    """
    ordered = sorted(found, key=lambda one: (one.url, one.document))
    ordered.sort(key=lambda one: one.published, reverse=True)
    sources = {one.document: one for one in ordered}
    stated = (
        finding for one in ordered for finding in one.findings if _states(finding)
    )
    return tuple(_proposition(group, sources) for group in merge_alike(stated))


def _states(finding: Finding) -> bool:
    text = clean(finding.text)
    return len(text.split()) >= _LEAST_WORDS and "|" not in text


def _proposition(
    group: Sequence[Finding], sources: Mapping[str, Findings]
) -> Proposition:
    """Return what all findings of a group say, with all of their sources."""
    finding = group[0]
    text = clean(finding.text)
    return Proposition(
        entity=finding.entity,
        field=" ".join(clean(finding.topic).split()).casefold(),
        text=text,
        label="",
        line=text,
        value=text,
        unit="",
        level="evidence",
        citations=tuple(_citation(one.evidence, sources) for one in group),
        status=QUOTED,
        date=finding.published or sources[finding.evidence.document].published,
    )


def _citation(evidence: Evidence, sources: Mapping[str, Findings]) -> Citation:
    return Citation(
        evidence.document,
        evidence.url,
        sources[evidence.document].title,
        evidence.start,
        evidence.end,
        evidence.quote,
    )
