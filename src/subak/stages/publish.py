"""publish: everything that was proved and written becomes files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path

from subak.engine.clock import Clock, publication_time
from subak.engine.events import EventSink
from subak.engine.stage import Group, Stage
from subak.errors import Problem, RecipeError
from subak.knowledge.article import Article, Citation
from subak.knowledge.codec import JsonCodec
from subak.knowledge.document import Document
from subak.knowledge.fact import Record
from subak.knowledge.results import FieldTitle, Results
from subak.outputs.manifest import Manifest
from subak.outputs.writers import WRITERS

_NAME = "publish"
FindDocument = Callable[[str], Document | None]
FindSources = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What to write, and where.

    Args:
        name: Recipe name.
        title: Title of the site.
        language: BCP 47 primary tag.
        base_url: Where the site will live, "" for relative links only.
        formats: Names of ``WRITERS``, written in this order.
        folder: The output folder; made when missing.
        fields: Titles of the schema's fields, in recipe order.
    """

    name: str
    title: str
    language: str
    base_url: str
    formats: tuple[str, ...]
    folder: Path
    fields: tuple[FieldTitle, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """The files that now hold the results; the first of each format in ``entries``."""

    paths: tuple[str, ...]
    entries: tuple[str, ...]


def publish(
    options: PublishOptions,
    find_document: FindDocument,
    clock: Clock,
    events: EventSink,
    find_sources: FindSources | None = None,
) -> Stage[Group, Published]:
    """Write a group's records and articles in every format asked for.

    Args:
        find_sources: Tells all addresses that carry a document, its own among them.

    Raises:
        RecipeError: A format is not known.
    """
    _check_formats(options.formats)

    async def run(group: Group) -> AsyncIterator[Published]:
        results = _results(group, options, find_document, clock)
        results = replace(results, copies=_copies(results.documents, find_sources))
        _note_missing(results, events)
        manifest = Manifest(options.folder)
        paths: dict[Path, None] = {}
        entries: list[str] = []
        for name in options.formats:
            written = WRITERS[name].write(results, options.folder)
            manifest.note(written)
            paths.update(dict.fromkeys(written))
            entries += [str(path) for path in written[:1]]
            _tell(events, name, written)
            await clock.sleep(0)
        manifest.settle(paths)
        yield Published(tuple(map(str, paths)), tuple(entries))

    return Stage(
        name=_NAME,
        run=run,
        codec=JsonCodec(Published),
        key={"formats": " ".join(options.formats), "folder": str(options.folder)},
        once_per_run=True,
    )


def _check_formats(formats: Iterable[str]) -> None:
    known = ", ".join(WRITERS)
    problems = [
        Problem("outputs", f"unknown format '{name}'", _suggestion(name, known))
        for name in formats
        if name not in WRITERS
    ]
    if problems:
        raise RecipeError(problems)


def _suggestion(name: str, known: str) -> str:
    near = get_close_matches(name, WRITERS, n=1)
    return f"did you mean '{near[0]}'?" if near else f"known formats: {known}"


def _tell(events: EventSink, name: str, written: list[Path]) -> None:
    if written:
        events.emit(
            "output.written",
            stage=_NAME,
            path=str(written[0]),
            format=name,
            files=len(written),
        )


def _results(
    group: Group, options: PublishOptions, find_document: FindDocument, clock: Clock
) -> Results:
    values = [member.item.value for member in group.members]
    records = {value: None for value in values if isinstance(value, Record)}
    articles = _named_apart(value for value in values if isinstance(value, Article))
    found = map(find_document, sorted(_cited(records, articles)))
    latest = publication_time(clock)
    documents = tuple(
        replace(document, fetched_at=min(document.fetched_at, latest))
        for document in found
        if document is not None
    )
    return Results(
        name=options.name,
        title=options.title,
        language=options.language,
        generated_at=_newest(articles, documents, latest),
        base_url=options.base_url,
        records=tuple(sorted(records, key=_record_order)),
        articles=articles,
        documents=documents,
        fields=options.fields,
    )


def _copies(
    documents: Iterable[Document], find_sources: FindSources | None
) -> dict[str, tuple[str, ...]]:
    if find_sources is None:
        return {}
    found = {
        document.id: tuple(
            sorted(url for url in find_sources(document.id) if url != document.url)
        )
        for document in documents
    }
    return {document: urls for document, urls in found.items() if urls}


def _record_order(record: Record) -> tuple[str, ...]:
    return (record.category, record.entity, record.url, record.document)


def _named_apart(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Return articles by slug, each once; a slug used again gets a number."""
    ordered = sorted(dict.fromkeys(articles), key=lambda one: (one.slug, one.title))
    apart = []
    for _, same in groupby(ordered, key=lambda one: one.slug):
        first, *others = same
        apart.append(first)
        apart += [
            replace(other, slug=f"{other.slug} #{number}")
            for number, other in enumerate(others, start=2)
        ]
    return tuple(apart)


def _cited(records: Iterable[Record], articles: Iterable[Article]) -> set[str]:
    facts = (fact for record in records for fact in record.facts)
    cited = {one.document for fact in facts for one in fact.evidence}
    return cited | {one.document for one in _citations(articles)}


def _citations(articles: Iterable[Article]) -> Iterator[Citation]:
    for article in articles:
        for section in article.sections:
            for sentence in section.sentences:
                yield from sentence.citations


def _newest(
    articles: Iterable[Article], documents: Iterable[Document], latest: float
) -> float:
    """Return when the newest input was made, so that equal inputs give equal bytes."""
    times = [article.generated_at for article in articles]
    times += [document.fetched_at for document in documents]
    return min(max(times, default=latest), latest)


def _note_missing(results: Results, events: EventSink) -> None:
    known = {document.id for document in results.documents}
    missing = _cited(results.records, results.articles) - known
    for document in sorted(missing):
        message = f"document {document} is not in the archive; its quotes stand alone"
        events.emit("note", stage=_NAME, message=message, level="warning")
