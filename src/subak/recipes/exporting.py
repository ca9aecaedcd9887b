"""export: what a workspace holds in a format, straight from its journal, no call made.

A run may be at work meanwhile: the last published results are what is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import apsw

from subak.engine.clock import Clock, SystemClock, publication_time
from subak.engine.storage import storage_error
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.errors import UserError
from subak.knowledge.documents.archive import find_document, find_sources
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Record
from subak.knowledge.results import Results, fields_of
from subak.outputs.sqlite import SqliteWriter
from subak.outputs.writer import Writer
from subak.outputs.writers import WRITERS
from subak.recipes.fact_schemas import field_titles
from subak.recipes.history import previous_data
from subak.recipes.load import find_recipe, load_recipe
from subak.recipes.own_recipe import own_recipe
from subak.recipes.schema import Recipe
from subak.views.articles import iter_citations, read_articles
from subak.views.facts import Facts, read_facts
from subak.views.runs import Run, list_runs
from subak.views.stored_values import iter_values

_DATABASE = (".sqlite", ".sqlite3", ".db")


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote.

    Args:
        run: Whose results.
        paths: The files, the most important first.
    """

    run: str
    format: str
    paths: tuple[Path, ...]
    facts: int
    refused: int
    documents: int
    articles: int

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        return {
            "version": 1,
            "run": self.run,
            "format": self.format,
            "facts": self.facts,
            "refused": self.refused,
            "documents": self.documents,
            "articles": self.articles,
            "outputs": [str(path) for path in self.paths],
        }


def export(
    folder: Path,
    to: str,
    out: Path,
    *,
    run: str = "",
    all_documents: bool = False,
) -> Exported:
    """Write a workspace's results in one format.

    Args:
        folder: The workspace.
        to: A format as recipes name them: "csv", "jsonl", "parquet", "sqlite" ...
        out: The folder to write into; for "sqlite" also a file, ``facts.sqlite``.
        run: Whose results; by default those of the newest run that published.
        all_documents: Also those that nothing cites.

    Raises:
        UserError: The workspace, its run or the format does not exist.
        MissingExtra: The format needs a library that isn't installed.
        StorageError: The folder cannot be written.
    """
    writer, target = _writer(to, out)
    path = Workspace(folder).journal
    if not path.exists():
        raise UserError(
            f"no journal in {folder.resolve()}",
            hint="run `subak run RECIPE` or `subak demo` first, or name the workspace",
        )
    database = open_reader(path)
    try:
        found, results = _read(
            _Reader(database, folder, SystemClock()), run, all_documents
        )
    except apsw.Error as error:
        raise storage_error(error, path) from error
    finally:
        database.close()
    paths = writer.write(results, target)
    return Exported(
        run=found.id,
        format=to,
        paths=tuple(paths),
        facts=len(results.settled),
        refused=len({one for each in results.records for one in each.refused}),
        documents=len(results.documents),
        articles=len(results.articles),
    )


def _writer(to: str, out: Path) -> tuple[Writer, Path]:
    """Return what writes a format, and the folder it writes into."""
    if to not in WRITERS:
        near = get_close_matches(to, WRITERS, n=1)
        hint = f"did you mean '{near[0]}'?" if near else ""
        known = ", ".join(WRITERS)
        raise UserError(
            f"unknown format '{to}'", where="--to", hint=hint or f"one of {known}"
        )
    if to == "sqlite" and out.suffix in _DATABASE and not out.is_dir():
        return SqliteWriter(out.name), out.parent
    if out.suffix and not out.is_dir():
        raise UserError(
            f"'{out.name}' looks like a file, and {to} is written into a folder",
            where="--out",
            hint=f"subak export --to {to} --out {out.stem}",
        )
    return WRITERS[to], out


@dataclass(frozen=True, slots=True)
class _Reader:
    """Where results are read from."""

    db: apsw.Connection
    folder: Path
    clock: Clock


def _read(reader: _Reader, run: str, all_documents: bool) -> tuple[Run, Results]:
    recipe = _find_recipe(reader)
    titles = field_titles(recipe) if recipe else ()

    def names_of(category: str) -> Sequence[str]:
        return [one.field for one in fields_of(titles, category)]

    facts = read_facts(reader.db, run, fields_of=names_of)
    articles = read_articles(reader.db, facts.run.id).articles
    records = dict.fromkeys(iter_values(reader.db, facts.run.id, "facts", Record))
    results = Results(
        name=facts.run.recipe,
        title=(recipe.title if recipe else "") or facts.run.recipe,
        language=recipe.language if recipe else "en",
        generated_at=publication_time(reader.clock),
        base_url=recipe.output.base_url if recipe else "",
        records=tuple(sorted(records, key=_record_order)),
        articles=articles,
        documents=(),
        fields=titles,
        settled=facts.settled,
        previous=previous_data(recipe, reader.folder) if recipe else None,
    )
    wanted = _cited(facts, results)
    if all_documents or not (facts.settled or articles):
        read = iter_values(reader.db, facts.run.id, "index", Document)
        wanted |= {one.id for one in read}
    return facts.run, _with_documents(results, wanted, reader.db)


def _with_documents(
    results: Results, wanted: Iterable[str], db: apsw.Connection
) -> Results:
    latest = results.generated_at
    found = (find_document(db, one) for one in sorted(wanted))
    documents = tuple(
        replace(one, fetched_at=min(one.fetched_at, latest))
        for one in found
        if one is not None
    )
    # As publishing does it: the same results give the same bytes on any day.
    times = [
        *(one.generated_at for one in results.articles),
        *(one.fetched_at for one in documents),
    ]
    return replace(
        results,
        documents=documents,
        generated_at=min(max(times, default=latest), latest),
        copies=dict(_copies(documents, db)),
    )


def _copies(
    documents: Iterable[Document], db: apsw.Connection
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for document in documents:
        others = set(find_sources(db, document.id)) - {document.url}
        if others:
            yield document.id, tuple(sorted(others))


def _cited(facts: Facts, results: Results) -> set[str]:
    stated = (fact for one in facts.settled for fact in (one.fact, *one.others))
    cited = {proof.document for fact in stated for proof in fact.evidence}
    for article in results.articles:
        cited |= {one.document for one in iter_citations(article)}
    return cited


def _record_order(record: Record) -> tuple[str, ...]:
    return (record.category, record.entity, record.url, record.document)


def _find_recipe(reader: _Reader) -> Recipe | None:
    runs = list_runs(reader.db, limit=1)
    found = own_recipe(reader.folder, runs[0] if runs else None)
    if isinstance(found, str):
        found = find_recipe(found)
    return load_recipe(found) if found else None
