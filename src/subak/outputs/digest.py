"""DigestWriter: one page over all categories, made of sentences already published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.knowledge.articles.article import Article, Section, Sentence
from subak.knowledge.results import Results
from subak.knowledge.settling.settlement import Settled
from subak.outputs.escaping import markdown_text
from subak.outputs.footnotes import Footnotes
from subak.outputs.names import file_name
from subak.outputs.rows import field_titles, sorted_settled, stood_until
from subak.outputs.times import day
from subak.outputs.values import show_value

_SENTENCES = 3
_VALUES = 20


@dataclass(frozen=True, slots=True)
class DigestWriter:
    """Writes ``digest.md``: what is new, and of each article its first sentences."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the file and return its path."""
        notes = Footnotes()
        title = markdown_text(results.title)
        blocks = [f"# {title}, {day(results.generated_at)}"]
        blocks += _changes(results)
        for article in results.articles:
            blocks += _article(article, notes)
        if len(blocks) == 1:
            blocks.append("Nothing new was proved.")
        if told := "\n".join(notes.lines()):
            blocks.append(told)
        path = folder / "digest.md"
        write_atomically(path, ("\n\n".join(blocks) + "\n").encode())
        return [path]


def _changes(results: Results) -> Iterator[str]:
    """Yield the values that came or changed with the last publication that had any."""
    settled = sorted_settled(results)
    titles = field_titles(results)
    for heading, chosen in (
        ("Changed", [one for one in settled if one.status == "changed"]),
        ("Sources disagree", [one for one in settled if one.is_disputed]),
        ("New", [one for one in settled if one.status == "new"]),
    ):
        if chosen:
            yield f"## {heading}"
            yield "\n".join(_value_lines(chosen, titles))


def _value_lines(
    chosen: list[Settled], titles: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    for one in chosen[:_VALUES]:
        fact = one.fact
        title = titles.get((fact.category, fact.field), fact.field)
        now = show_value(fact.value, fact.unit)
        told = f"{fact.entity}, {title}: {now}{_before(one)}{_others(one)}"
        yield f"- {markdown_text(told)}"
    if len(chosen) > _VALUES:
        yield f"- and {len(chosen) - _VALUES} more"


def _before(one: Settled) -> str:
    if one.was is None or one.status != "changed":
        return ""
    until = stood_until(one)
    return f" (was {show_value(one.was, one.was_unit)}{until})"


def _others(one: Settled) -> str:
    values = dict.fromkeys(show_value(each.value, each.unit) for each in one.others)
    return f"; elsewhere {', '.join(values)}" if values else ""


def _article(article: Article, notes: Footnotes) -> Iterator[str]:
    """Yield an article's first sentences: what its own summary chose."""
    sections = [cited for one in article.sections if (cited := _cited([one]))]
    if not sections:
        return
    yield f"## {markdown_text(article.title)}"
    first = sections[0][:_SENTENCES]
    yield "\n".join(f"- {notes.cite(sentence)}" for sentence in first)
    if len(_cited(article.sections)) > len(first):
        yield f"[The whole article](articles/{file_name(article.slug)}.md)"


def _cited(sections: Iterable[Section]) -> list[Sentence]:
    """Return the sentences with a source, each once: a summary repeats others."""
    sentences = (one for section in sections for one in section.sentences)
    return list({one.text: one for one in sentences if one.citations}.values())
