"""publish: everything that was proved and written becomes files.

Values are settled against what was published before; once the files are written, what
they say is the history for the next time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path

from subak.engine.clock import Clock, publication_time
from subak.engine.events import EventSink
from subak.engine.stage import Group, Stage
from subak.errors import Problem, RecipeError
from subak.knowledge.articles.article import Article, Citation
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Record
from subak.knowledge.results import FieldTitle, Results, fields_of
from subak.knowledge.settling.previous import PreviousData
from subak.knowledge.settling.published import Published
from subak.knowledge.settling.settlement import (
    Previous,
    Settled,
    Standing,
    settle_all,
    standing,
)
from subak.outputs.manifest import Manifest
from subak.outputs.parquet import check_parquet
from subak.outputs.writers import WRITERS

_NAME = "publish"
FindDocument = Callable[[str], Document | None]
FindSources = Callable[[str], tuple[str, ...]]
FindLost = Callable[[Collection[str]], tuple[Article, ...]]


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
        previous: The file of values that a writer may write anew, None for none.
        find_lost: Returns the last articles of items that should have brought one and
            are not among those given; None to publish those of this run alone.
    """

    name: str
    title: str
    language: str
    base_url: str
    formats: tuple[str, ...]
    folder: Path
    fields: tuple[FieldTitle, ...] = ()
    previous: PreviousData | None = None
    find_lost: FindLost | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published.

    Args:
        paths: The files that now hold the results.
        entries: The first file of each format.
        kept: Articles of earlier runs among them.
    """

    paths: tuple[str, ...]
    entries: tuple[str, ...]
    kept: tuple[Article, ...] = ()


def publish(
    options: PublishOptions,
    find_document: FindDocument,
    clock: Clock,
    events: EventSink,
    find_sources: FindSources | None = None,
    history: Published | None = None,
) -> Stage[Group, Publication]:
    """Write a group's records and articles in every format asked for.

    Args:
        find_sources: Tells all addresses that carry a document, its own among them.
        history: What was published before; None for a publication without one.

    Raises:
        RecipeError: A format is not known.
        MissingExtra: A format needs a library that isn't installed.
    """
    _check_formats(options.formats)
    if "parquet" in options.formats:
        check_parquet()

    async def run(group: Group) -> AsyncIterator[Publication]:
        shelf = _Shelf(find_document, history)
        results = _results(group, options, shelf, clock)
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
        await _remember(results, history, clock)
        _count(results, events)
        kept = tuple(one for one in results.articles if one.is_kept)
        yield Publication(tuple(map(str, paths)), tuple(entries), kept)

    return Stage(
        name=_NAME,
        run=run,
        codec=JsonCodec(Publication),
        version=3,
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


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What is at hand besides the group: documents, and what was published."""

    find_document: FindDocument
    history: Published | None

    def settle(
        self, records: Iterable[Record], fields: tuple[FieldTitle, ...]
    ) -> tuple[Settled, ...]:
        """Return the values to publish, of all categories."""
        standings: dict[str, Standing] = {}

        def standing_of(document: str) -> Standing:
            if document not in standings:
                standings[document] = standing(self.find_document(document))
            return standings[document]

        return settle_all(
            records,
            standing_of,
            self.history.previous if self.history else lambda _: Previous(),
            lambda category: [one.field for one in fields_of(fields, category)],
            self.history.categories if self.history else (),
        )


def _results(
    group: Group, options: PublishOptions, shelf: _Shelf, clock: Clock
) -> Results:
    values = [member.item.value for member in group.members]
    records = {value: None for value in values if isinstance(value, Record)}
    articles = _named_apart([*_articles(group), *_lost(group, options)])
    settled = shelf.settle(records, options.fields)
    collected = {value.id for value in values if isinstance(value, Document)}
    wanted = sorted(_cited(settled, articles) | collected)
    found = map(shelf.find_document, wanted)
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
        settled=settled,
        previous=options.previous,
    )


def _articles(group: Group) -> list[Article]:
    values = (member.item.value for member in group.members)
    return [value for value in values if isinstance(value, Article)]


def _lost(group: Group, options: PublishOptions) -> list[Article]:
    """Return what stays of earlier runs, for this one could not make it anew."""
    if options.find_lost is None:
        return []
    made = {one.item.id for one in group.members if isinstance(one.item.value, Article)}
    return [replace(one, is_kept=True) for one in options.find_lost(made)]


async def _remember(results: Results, history: Published | None, clock: Clock) -> None:
    """Make what the files say the history; a kill before it changes no later file."""
    if history is None:
        return
    by_category = groupby(results.settled, key=lambda one: one.fact.category)
    settled = {category: tuple(values) for category, values in by_category}
    day = datetime.fromtimestamp(publication_time(clock), UTC).date().isoformat()
    await history.commit(settled, day)


def _count(results: Results, events: EventSink) -> None:
    """Tell what became of the values; nothing of a publication without any."""
    if not results.settled:
        return
    statuses = Counter(one.status for one in results.settled)
    events.emit(
        "facts.settled",
        stage=_NAME,
        values=len(results.settled),
        new=statuses["new"],
        changed=statuses["changed"],
        kept=statuses["kept"],
        conflicts=sum(one.is_disputed for one in results.settled),
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


def _cited(settled: Iterable[Settled], articles: Iterable[Article]) -> set[str]:
    facts = (fact for one in settled for fact in (one.fact, *one.others))
    cited = {one.document for fact in facts for one in fact.evidence}
    return cited | {one.document for one in _citations(articles)}


def _citations(articles: Iterable[Article]) -> Iterator[Citation]:
    for article in articles:
        if article.headline is not None:
            yield from article.headline.citations
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
    missing = _cited(results.settled, results.articles) - known
    for document in sorted(missing):
        message = f"document {document} is not in the archive; its quotes stand alone"
        events.emit("note", stage=_NAME, message=message, level="warning")
