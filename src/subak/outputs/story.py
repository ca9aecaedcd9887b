"""Story: an article prepared for its page, with numbered quotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, groupby

from subak.knowledge.articles.article import Article, Citation, Section, Sentence
from subak.outputs.kept_note import kept_note
from subak.outputs.links import web_host
from subak.outputs.site import Site


@dataclass(frozen=True, slots=True)
class Marker:
    """The small number after a sentence that leads to its source sentence."""

    number: int
    path: str
    url: str
    quote: str
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as printed; ``anchor`` is unique on the page."""

    anchor: str
    text: str
    markers: tuple[Marker, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its sentences in paragraphs or, if ``is_list``, as items."""

    heading: str
    is_list: bool
    paragraphs: tuple[tuple[Line, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuotedSource:
    """One document of the list of sources with what was quoted from it."""

    document: str
    title: str
    url: str
    quotes: tuple[Marker, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """An article as its page shows it.

    Args:
        rewritten: How many sentences a model phrased; the rest are literal.
        lead: The headline below the title.
        note: Why it is older than the others, "" where it isn't.
    """

    article: Article
    parts: tuple[Part, ...]
    sources: tuple[QuotedSource, ...]
    sentences: int
    rewritten: int
    lead: Line | None = None
    note: str = ""

    @property
    def opening(self) -> str:
        """The first sentence, "" when there is none."""
        lines = (line for part in self.parts for one in part.paragraphs for line in one)
        return next((line.text for line in lines), "")


def tell(article: Article, site: Site) -> Story:
    """Prepare an article: number its quotes, link each sentence to its proof."""
    sentences = [one for part in article.sections for one in part.sentences]
    first = [article.headline] if article.headline else []
    markers: dict[Citation, Marker] = {}
    cited = (one for sentence in (*first, *sentences) for one in sentence.citations)
    for citation in cited:
        if citation not in markers:
            markers[citation] = _marker(citation, len(markers) + 1, site)
    anchors = count(1)
    return Story(
        article=article,
        parts=tuple(_part(one, markers, anchors) for one in article.sections),
        sources=tuple(_sources(markers)),
        sentences=len(sentences),
        rewritten=sum(one.is_worded for one in sentences),
        lead=_line(first[0], "lead", markers) if first else None,
        note=kept_note(article),
    )


def _marker(citation: Citation, number: int, site: Site) -> Marker:
    return Marker(
        number=number,
        path=site.quote_path(citation),
        url=citation.url,
        quote=citation.quote,
        source=_title(citation),
    )


def _title(citation: Citation) -> str:
    return citation.title or web_host(citation.url) or "Untitled"


def _sources(markers: Mapping[Citation, Marker]) -> Iterator[QuotedSource]:
    by_document: dict[str, list[Citation]] = {}
    for citation in markers:
        by_document.setdefault(citation.document, []).append(citation)
    for document, same in by_document.items():
        quotes = tuple(markers[one] for one in same)
        yield QuotedSource(document, _title(same[0]), same[0].url, quotes)


def _part(
    section: Section, markers: Mapping[Citation, Marker], anchors: Iterator[int]
) -> Part:
    lines = [
        _line(sentence, f"s{next(anchors)}", markers) for sentence in section.sentences
    ]
    entities = [one.entity for one in section.sentences]
    is_list = section.kind == "list"
    groups = [(line,) for line in lines] if is_list else _paragraphs(lines, entities)
    return Part(section.heading, is_list, tuple(groups), section.note)


def _line(sentence: Sentence, anchor: str, markers: Mapping[Citation, Marker]) -> Line:
    cited = dict.fromkeys(sentence.citations)
    return Line(anchor, sentence.shown, tuple(markers[one] for one in cited))


def _paragraphs(lines: list[Line], entities: list[str]) -> list[tuple[Line, ...]]:
    """Break where the subject changes, unless that leaves single sentences."""
    runs = [
        tuple(line for line, _ in run)
        for _, run in groupby(zip(lines, entities, strict=True), key=lambda x: x[1])
    ]
    if not lines or 2 * len(runs) > len(lines):
        return [tuple(lines)] if lines else []
    return runs
