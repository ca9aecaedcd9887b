"""DigestWriter: one page over all categories, made of sentences already published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.knowledge.articles.article import Article, Section, Sentence
from subak.knowledge.articles.entity_name import entity_name
from subak.knowledge.articles.phrases import phrases_of
from subak.knowledge.articles.proposition import in_sentence, readable
from subak.knowledge.articles.settled_proposition import note_before
from subak.knowledge.articles.spoken_day import spoken_day
from subak.knowledge.articles.spoken_value import spoken_value
from subak.knowledge.results import Results
from subak.knowledge.settling.settlement import Settled
from subak.outputs.escaping import markdown_text
from subak.outputs.footnotes import Footnotes
from subak.outputs.kept_note import kept_note
from subak.outputs.names import file_name
from subak.outputs.rows import field_titles, sorted_settled
from subak.outputs.times import iso_time

_SENTENCES = 3
_VALUES = 20


@dataclass(frozen=True, slots=True)
class DigestWriter:
    """Writes ``digest.md``: what is new, and of each article its first sentences."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the file and return its path."""
        notes, phrases = Footnotes(), phrases_of(results.language)
        title = markdown_text(results.title)
        day = spoken_day(iso_time(results.generated_at)[:10], results.language)
        blocks = [f"# {title}, {day}"]
        blocks += _changes(results)
        for article in results.articles:
            blocks += _article(article, notes, phrases.whole)
        if len(blocks) == 1:
            blocks.append(phrases.nothing)
        if told := "\n".join(notes.lines()):
            blocks.append(told)
        path = folder / "digest.md"
        write_atomically(path, ("\n\n".join(blocks) + "\n").encode())
        return [path]


def _changes(results: Results) -> Iterator[str]:
    """Yield the values that came or changed with the last publication that had any."""
    settled = sorted_settled(results)
    lines = _ValueLines(results.language, field_titles(results))
    phrases = phrases_of(results.language)
    for heading, chosen in (
        (phrases.changed_heading, [one for one in settled if one.status == "changed"]),
        (phrases.disputed_heading, [one for one in settled if one.is_disputed]),
        (phrases.new_heading, [one for one in settled if one.status == "new"]),
    ):
        if chosen:
            yield f"## {heading}"
            yield "\n".join(lines.of(chosen))


@dataclass(frozen=True, slots=True)
class _ValueLines:
    """How values are told in one language."""

    language: str
    titles: Mapping[tuple[str, str], str]

    def of(self, chosen: list[Settled]) -> Iterator[str]:
        """Yield a line for each of the first twenty, and how many there are more."""
        for one in chosen[:_VALUES]:
            fact = one.fact
            title = self.titles.get((fact.category, fact.field), "")
            name = in_sentence(title or readable(fact.field))
            named = filter(None, (entity_name(fact.entity, self.language), name))
            now = spoken_value(fact.value, fact.unit, self.language)
            told = f"{', '.join(named)}: {now}{self._behind(one)}"
            yield f"- {markdown_text(told)}"
        if len(chosen) > _VALUES:
            more = phrases_of(self.language).more
            yield f"- {more.format(count=len(chosen) - _VALUES)}"

    def _behind(self, one: Settled) -> str:
        """Return what it was and what others state, in brackets."""
        before = note_before(one, self.language) if one.status == "changed" else ""
        values = dict.fromkeys(
            spoken_value(each.value, each.unit, self.language) for each in one.others
        )
        elsewhere = phrases_of(self.language).elsewhere
        others = elsewhere.format(values=", ".join(values)) if values else ""
        told = "; ".join(filter(None, (before, others)))
        return f" ({told})" if told else ""


def _article(article: Article, notes: Footnotes, whole: str) -> Iterator[str]:
    """Yield an article's first sentences: what its own summary chose."""
    sections = [cited for one in article.sections if (cited := _cited([one]))]
    if not sections:
        return
    yield f"## {markdown_text(article.title)}"
    if note := kept_note(article):
        yield f"_{markdown_text(note)}_"
    first = sections[0][:_SENTENCES]
    told = [*_lead(article, first), *first]
    yield "\n".join(f"- {notes.cite(sentence)}" for sentence in told)
    if len(_cited(article.sections)) > len(told):
        yield f"[{whole}](articles/{file_name(article.slug)}.md)"


def _lead(article: Article, told: Iterable[Sentence]) -> Iterator[Sentence]:
    """Yield the headline, unless one of the sentences says it."""
    first = article.headline
    if first is None or any(one.citations == first.citations for one in told):
        return
    is_open = not first.text.endswith((".", "”", "!", "?"))
    yield replace(first, text=f"{first.text}.") if is_open else first


def _cited(sections: Iterable[Section]) -> list[Sentence]:
    """Return the sentences with a source, each once: a summary repeats others."""
    sentences = (one for section in sections for one in section.sentences)
    return list({one.text: one for one in sentences if one.citations}.values())
