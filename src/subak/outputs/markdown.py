"""MarkdownWriter: articles as Markdown files with footnotes that quote the source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.knowledge.articles.article import Article, Citation, Section, Sentence
from subak.knowledge.articles.phrases import phrases_of
from subak.knowledge.results import Results
from subak.outputs.escaping import markdown_text
from subak.outputs.footnotes import Footnotes
from subak.outputs.json_text import json_text
from subak.outputs.kept_note import kept_note
from subak.outputs.legible import legible
from subak.outputs.names import file_name
from subak.outputs.sentences import sentences_json
from subak.outputs.times import iso_time


@dataclass(frozen=True, slots=True)
class MarkdownWriter:
    """Writes ``articles/<slug>.md`` and beside it the same sentence by sentence."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the files and return their paths."""
        paths = []
        for article in results.articles:
            path = folder / "articles" / f"{file_name(article.slug)}.md"
            write_atomically(path, _page(article).encode())
            data = path.with_suffix(".json")
            write_atomically(data, sentences_json(article).encode())
            paths += [path, data]
        return paths


def _page(article: Article) -> str:
    notes = Footnotes()
    parts = [_front_matter(article), f"# {markdown_text(article.title)}"]
    if note := kept_note(article):
        parts.append(f"_{markdown_text(note)}_")
    if article.headline:
        parts.append(_headline(article.headline, notes))
    for section in article.sections:
        parts.extend(_section(section, notes))
    parts.extend(_review(article))
    if told := "\n".join(notes.lines()):
        parts.append(told)
    return "\n\n".join(parts) + "\n"


def _headline(headline: Sentence, notes: Footnotes) -> str:
    """Return it in bold, its marks behind."""
    cited = notes.cite(headline)
    text = markdown_text(headline.shown)
    return f"**{text}**{cited.removeprefix(text)}"


def _review(article: Article) -> Iterator[str]:
    """Say what a second model made of it, and which sentences it doubts."""
    if article.review is None:
        return
    flags = article.review.flags
    yield "_{}_".format(
        markdown_text(
            phrases_of(article.language).reviewed.format(
                model=article.review.model,
                read=article.review.sentences,
                literal=sum(one.outcome == "literal" for one in flags),
                marked=sum(one.outcome == "marked" for one in flags),
            )
        )
    )
    if flags:
        yield "\n".join(
            f"- “{markdown_text(one.text)}” {markdown_text(one.problem)}"
            for one in flags
        )


def _front_matter(article: Article) -> str:
    lines = [
        "---",
        f"title: {_quoted(article.title)}",
        f"category: {_quoted(article.category)}",
        f"language: {_quoted(article.language)}",
        f"generated_at: {_quoted(iso_time(article.generated_at))}",
        f"model: {_quoted(article.model)}",
        *_sources(article),
        "---",
    ]
    return "\n".join(lines)


def _sources(article: Article) -> Iterator[str]:
    cited = dict.fromkeys((one.url, one.title) for one in _citations(article))
    yield "sources:" if cited else "sources: []"
    for url, title in cited:
        yield f"  - url: {_quoted(url)}"
        yield f"    title: {_quoted(title)}"


def _citations(article: Article) -> Iterator[Citation]:
    if article.headline is not None:
        yield from article.headline.citations
    for section in article.sections:
        for sentence in section.sentences:
            yield from sentence.citations


def _section(section: Section, notes: Footnotes) -> Iterator[str]:
    if section.heading.strip():
        yield f"## {markdown_text(section.heading)}"
    if section.note:
        yield f"_{markdown_text(section.note)}_"
    texts = [notes.cite(sentence) for sentence in section.sentences]
    if section.kind == "list":
        yield "\n".join(f"- {text}" for text in texts)
    elif texts:
        yield " ".join(texts)


def _quoted(text: str) -> str:
    # A JSON string is a YAML string; without one, "no" or "1e3" would change type.
    return json_text(legible(text))
