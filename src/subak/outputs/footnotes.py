"""Footnotes: numbers quotes in the order in which sentences need them."""

from __future__ import annotations

from collections.abc import Iterator

from subak.knowledge.articles.article import Citation, Sentence
from subak.knowledge.articles.quote_line import quote_line
from subak.outputs.escaping import markdown_text
from subak.outputs.links import web_link

_MOST_CHARS = 240

Note = tuple[Citation, ...]


class Footnotes:
    """The quotes of one Markdown page, each with one number, however often used.

    What a sentence quotes of one document is one note; a long quote is cut, for the
    whole stands in the file beside the page.
    """

    def __init__(self) -> None:
        self._numbers: dict[Note, int] = {}

    def cite(self, sentence: Sentence) -> str:
        """Return the sentence as Markdown, with a mark for each of its sources."""
        marks = "".join(f"[^{number}]" for number in self._marks(sentence))
        return f"{markdown_text(sentence.shown)}{marks}"

    def lines(self) -> Iterator[str]:
        """Yield the notes: the quotes, and where they stand."""
        for note, number in self._numbers.items():
            first = note[0]
            quotes = dict.fromkeys(_cut(quote_line(one.quote)) for one in note)
            quoted = ", ".join(f"“{markdown_text(quote)}”" for quote in quotes)
            title = markdown_text(first.title or first.url)
            link = web_link(first.url)
            source = f"[{title}](<{link}>)" if link else title
            yield f"[^{number}]: {quoted} {source}"

    def _marks(self, sentence: Sentence) -> list[int]:
        notes: dict[str, list[Citation]] = {}
        for one in sentence.citations:
            notes.setdefault(one.document, []).append(one)
        ordered = (
            tuple(sorted(dict.fromkeys(same), key=lambda one: (one.start, one.end)))
            for same in notes.values()
        )
        return [number for note in ordered for number in self._numbered(note)]

    def _numbered(self, note: Note) -> list[int]:
        """Return the number of a note, or those of its parts if all stand already."""
        parts = [self._numbers[(one,)] for one in note if (one,) in self._numbers]
        if note not in self._numbers and len(parts) == len(note):
            return parts
        return [self._numbers.setdefault(note, len(self._numbers) + 1)]


def _cut(quote: str) -> str:
    if len(quote) <= _MOST_CHARS:
        return quote
    return f"{quote[:_MOST_CHARS].rsplit(' ', 1)[0]} …"
