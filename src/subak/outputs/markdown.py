"""MarkdownWriter: articles as Markdown files with footnotes that quote the source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.knowledge.article import Article, Citation, Section, Sentence
from subak.knowledge.results import Results
from subak.outputs.escaping import markdown_text
from subak.outputs.json_text import json_text
from subak.outputs.legible import legible
from subak.outputs.links import web_link
from subak.outputs.names import file_name
from subak.outputs.times import iso_time


@dataclass(frozen=True, slots=True)
class MarkdownWriter:
    """Writes ``articles/<slug>.md``, one file an article."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the files and return their paths."""
        paths = []
        for article in results.articles:
            path = folder / "articles" / f"{file_name(article.slug)}.md"
            write_atomically(path, _page(article).encode())
            paths.append(path)
        return paths


def _page(article: Article) -> str:
    notes: dict[Citation, int] = {}
    parts = [_front_matter(article), f"# {markdown_text(article.title)}"]
    for section in article.sections:
        parts.extend(_section(section, notes))
    if notes:
        parts.append("\n".join(_note(one, number) for one, number in notes.items()))
    return "\n\n".join(parts) + "\n"


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
    for section in article.sections:
        for sentence in section.sentences:
            yield from sentence.citations


def _section(section: Section, notes: dict[Citation, int]) -> Iterator[str]:
    if section.heading.strip():
        yield f"## {markdown_text(section.heading)}"
    texts = [_sentence(sentence, notes) for sentence in section.sentences]
    if section.kind == "list":
        yield "\n".join(f"- {text}" for text in texts)
    elif texts:
        yield " ".join(texts)


def _sentence(sentence: Sentence, notes: dict[Citation, int]) -> str:
    numbers = [notes.setdefault(one, len(notes) + 1) for one in sentence.citations]
    marks = "".join(f"[^{number}]" for number in dict.fromkeys(numbers))
    return f"{markdown_text(sentence.text)}{marks}"


def _note(citation: Citation, number: int) -> str:
    quote = markdown_text(citation.quote)
    title = markdown_text(citation.title or citation.url)
    link = web_link(citation.url)
    source = f"[{title}](<{link}>)" if link else title
    return f"[^{number}]: “{quote}” {source}"


def _quoted(text: str) -> str:
    # A JSON string is a YAML string; without one, "no" or "1e3" would change type.
    return json_text(legible(text))
