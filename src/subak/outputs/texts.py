"""TextsWriter: articles, or else the collected documents, as plain text files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.knowledge.articles.article import Article, Citation, Section, Sentence
from subak.knowledge.articles.quote_line import quote_line
from subak.knowledge.documents.document import Document
from subak.knowledge.results import Results
from subak.outputs.kept_note import kept_note
from subak.outputs.legible import legible, legible_line
from subak.outputs.names import file_name
from subak.outputs.times import iso_time


@dataclass(frozen=True, slots=True)
class TextsWriter:
    """Writes ``texts/NAME.txt``: one file an article, of none one a document.

    An article is called as it is on the site; a document by what it is about, or by
    its address where others are about the same.
    """

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the files and return their paths."""
        paths = []
        for name, text in _texts(results):
            path = folder / "texts" / f"{name}.txt"
            write_atomically(path, legible(text).encode())
            paths.append(path)
        return paths


def _texts(results: Results) -> Iterator[tuple[str, str]]:
    if results.articles:
        for article in results.articles:
            yield file_name(article.slug), _article_text(article)
        return
    documents = sorted(results.documents, key=lambda one: (one.url, one.id))
    about = [document.entity.casefold() for document in documents]
    for document, entity in zip(documents, about, strict=True):
        is_alone = bool(entity) and about.count(entity) == 1
        yield file_name(entity if is_alone else _place(document)), _document(document)


def _place(document: Document) -> str:
    """Return an address with its scheme last, so that a name begins with the host."""
    scheme, _, rest = document.url.partition("://")
    return f"{rest} {scheme}"


def _document(document: Document) -> str:
    lines = [legible_line(document.title or document.url), f"Source: {document.url}"]
    if document.published:
        lines.append(f"Published: {document.published}")
    lines.append(f"Read: {iso_time(document.fetched_at)}")
    if document.author:
        lines.append(f"Author: {legible_line(document.author)}")
    if document.licence:
        lines.append(f"Licence: {legible_line(document.licence)}")
    return "\n".join([*lines, "", document.text.strip(), ""])


def _article_text(article: Article) -> str:
    notes: dict[Citation, int] = {}
    title = legible_line(article.title)
    blocks = [f"{title}\n{'=' * len(title)}"]
    if note := kept_note(article):
        blocks.append(note)
    if article.headline:
        blocks.append(_cited(article.headline, notes))
    blocks += [_section(section, notes) for section in article.sections]
    if notes:
        told = [_note(one, number) for one, number in notes.items()]
        blocks.append("\n".join(told))
    return "\n\n".join(blocks) + "\n"


def _section(section: Section, notes: dict[Citation, int]) -> str:
    sentences = [legible_line(section.note)] if section.note else []
    sentences += [_cited(sentence, notes) for sentence in section.sentences]
    if section.kind == "list":
        body = "\n".join(f"- {text}" for text in sentences)
    else:
        body = "\n".join(sentences)
    heading = legible_line(section.heading)
    return f"{heading}\n{'-' * len(heading)}\n{body}" if heading else body


def _cited(sentence: Sentence, notes: dict[Citation, int]) -> str:
    numbers = [notes.setdefault(one, len(notes) + 1) for one in sentence.citations]
    marks = "".join(f"[{number}]" for number in dict.fromkeys(numbers))
    return f"{legible_line(sentence.shown)} {marks}".rstrip()


def _note(citation: Citation, number: int) -> str:
    quote = legible_line(quote_line(citation.quote))
    return f'[{number}] "{quote}" {legible_line(citation.title)} <{citation.url}>'
