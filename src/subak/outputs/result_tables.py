"""result_tables: results as related tables, one form for every tabular format.

A fact is named by its number within one export; its proof, its ranges and what other
sources state refer to that number.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from subak.knowledge.articles.article import Article, Sentence
from subak.knowledge.facts.fact import Evidence, Fact, FieldValue
from subak.knowledge.results import Results
from subak.knowledge.settling.settlement import Settled
from subak.outputs.legible import legible
from subak.outputs.rows import (
    field_titles,
    sorted_refusals,
    sorted_settled,
    source_urls,
)
from subak.outputs.table import Cell, Column, Table
from subak.outputs.values import show_value

_FACT = (
    Column("fact", "integer", "Number of the fact within this export."),
    Column("category"),
    Column("entity"),
    Column("field"),
    Column("title", note="How the field is shown to people."),
    Column("value", note="The value as people write it, with its unit."),
    Column("number", "real", "The value, where it is a number."),
    Column("truth", "boolean", "The value, where it is yes or no."),
    Column("unit"),
    Column("level", note="How well it is proved."),
    Column("statement"),
    Column("status", note="new, changed, same or kept, against what stood before."),
    Column("confirmed", "boolean", "Whether a source of this run proves it."),
    Column("disputed", "boolean", "Whether sources differ."),
    Column("since", note="ISO date."),
    Column("was", note="The value before this one."),
    Column("was_number", "real"),
    Column("was_until", note="ISO date, where a text says so."),
    Column("was_seen", note="ISO date when that one was last proved."),
    Column("last_confirmed", note="ISO date, of a kept value."),
    Column("valid_from", note="ISO date, where the text says so."),
    Column("valid_to", note="ISO date, where the text says so."),
    Column("year", "integer", "The year the text states it for."),
    Column("sources", "integer", "How many addresses state it."),
)
_RANGE = (
    Column("fact", "integer"),
    Column("place", "integer", "From the lowest range on, 0 first."),
    Column("lower", "real"),
    Column("upper", "real", "Nothing where the range is open."),
    Column("value", "real"),
)
_EVIDENCE = (
    Column("fact", "integer"),
    Column("place", "integer", "0: the published value; 1 on: what others state."),
    Column("proves", note="The value that the quote proves."),
    Column("document"),
    Column("url"),
    Column("start", "integer", "Offset of the quote in the document, in code points."),
    Column("end", "integer"),
    Column("quote"),
    Column("repair", note="What was mended to match the value, in words."),
)
_REFUSED = (
    *(Column("category"), Column("entity"), Column("field"), Column("proposed")),
    *(Column("reason"), Column("document"), Column("url")),
)
_DOCUMENT = (
    Column("document", note="Hash of address and text."),
    *(Column("url"), Column("title"), Column("text"), Column("language")),
    Column("published", note="The page's own ISO date."),
    Column("fetched_at", "time"),
    *(Column("entity"), Column("category")),
    Column("tier", "integer", "1 official, 2 press, 3 community."),
    *(Column("licence"), Column("author"), Column("revision")),
)
_SENTENCE = (
    Column("article", note="Its slug."),
    Column("sentence", "integer", "Number within the article, 1 first."),
    *(Column("article_title"), Column("category"), Column("language")),
    Column("heading"),
    Column("text"),
    Column("verdict", note="Who worded it, and how that was proved."),
    *(Column("entity"), Column("field"), Column("status"), Column("flag")),
)
_CITATION = (
    Column("article"),
    Column("sentence", "integer"),
    *(Column("document"), Column("url"), Column("start", "integer")),
    *(Column("end", "integer"), Column("quote")),
)


def result_tables(results: Results) -> tuple[Table, ...]:
    """Return facts, ranges, evidence, refused, documents, sentences and citations."""
    settled = list(enumerate(sorted_settled(results), start=1))
    return (
        _table("facts", _FACT, _fact_rows(settled, results), ("fact",)),
        _table("ranges", _RANGE, _range_rows(settled), ("fact", "place")),
        _table("evidence", _EVIDENCE, _evidence_rows(settled)),
        _table("refused", _REFUSED, _refused_rows(results)),
        documents_table(results),
        _table(
            "sentences",
            _SENTENCE,
            _sentence_rows(results),
            ("article", "sentence"),
        ),
        _table("citations", _CITATION, _citation_rows(results)),
    )


def documents_table(results: Results) -> Table:
    """Return the documents with their text."""
    return _table("documents", _DOCUMENT, _document_rows(results), ("document",))


def _table(
    name: str,
    columns: tuple[Column, ...],
    rows: Iterator[tuple[Cell, ...]],
    key: tuple[str, ...] = (),
) -> Table:
    made = tuple(tuple(map(_storable, row)) for row in rows)
    return Table(name, columns, made, key)


def _storable(cell: Cell) -> Cell:
    """Return a cell that every format holds: no lone surrogates, no NaN."""
    if isinstance(cell, str):
        return legible(cell)
    return None if isinstance(cell, float) and not isfinite(cell) else cell


_Numbered = list[tuple[int, Settled]]


def _fact_rows(settled: _Numbered, results: Results) -> Iterator[tuple[Cell, ...]]:
    titles = field_titles(results)
    for number, one in settled:
        fact = one.fact
        title = titles.get((fact.category, fact.field), fact.field)
        yield (
            *(number, fact.category, fact.entity, fact.field, title),
            *(show_value(fact.value, fact.unit), _number(fact.value)),
            *(_truth(fact.value), fact.unit, fact.level, fact.statement),
            *(one.status, one.is_confirmed, one.is_disputed, one.since),
            None if one.was is None else show_value(one.was, one.was_unit),
            *(_number(one.was), one.was_until, one.was_seen, one.last_confirmed),
            *(fact.valid_from, fact.valid_to, fact.year),
            len(source_urls(one, results)),
        )


def _number(value: FieldValue | None) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]


def _truth(value: FieldValue) -> bool | None:
    return value if isinstance(value, bool) else None


def _range_rows(settled: _Numbered) -> Iterator[tuple[Cell, ...]]:
    for number, one in settled:
        value = one.fact.value
        if isinstance(value, tuple):
            for place, each in enumerate(value):
                yield (number, place, each.lower, each.upper, each.value)


def _evidence_rows(settled: _Numbered) -> Iterator[tuple[Cell, ...]]:
    for number, one in settled:
        for place, fact in enumerate((one.fact, *one.others)):
            for evidence in fact.evidence:
                yield (number, place, _shown(fact), *_place(evidence), evidence.repair)


def _shown(fact: Fact) -> str:
    return show_value(fact.value, fact.unit)


def _place(one: Evidence) -> tuple[Cell, ...]:
    return (one.document, one.url, one.start, one.end, one.quote)


def _refused_rows(results: Results) -> Iterator[tuple[Cell, ...]]:
    for one in sorted_refusals(results):
        yield (
            *(one.category, one.entity, one.field, one.proposed),
            *(one.reason, one.document, one.url),
        )


def _document_rows(results: Results) -> Iterator[tuple[Cell, ...]]:
    for one in results.documents:
        yield (
            *(one.id, one.url, one.title, one.text, one.language, one.published),
            *(one.fetched_at, one.entity, one.category, one.tier),
            *(one.licence, one.author, one.revision),
        )


def _sentences(
    article: Article,
) -> Iterator[tuple[int, str, Sentence]]:
    number = 0
    for section in article.sections:
        for sentence in section.sentences:
            number += 1
            yield number, section.heading, sentence


def _sentence_rows(results: Results) -> Iterator[tuple[Cell, ...]]:
    for article in results.articles:
        about = (article.title, article.category, article.language)
        for number, heading, one in _sentences(article):
            yield (
                *(article.slug, number, *about, heading, one.shown, one.verdict),
                *(one.entity, one.field, one.status, one.flag),
            )


def _citation_rows(results: Results) -> Iterator[tuple[Cell, ...]]:
    for article in results.articles:
        for number, _, sentence in _sentences(article):
            for one in sentence.citations:
                where = (one.document, one.url, one.start, one.end, one.quote)
                yield (article.slug, number, *where)
