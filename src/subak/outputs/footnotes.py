"""Footnotes: numbers quotes in the order in which sentences need them."""

from __future__ import annotations

from collections.abc import Iterator

from subak.knowledge.articles.article import Citation, Sentence
from subak.outputs.escaping import markdown_text
from subak.outputs.links import web_link


class Footnotes:
    """The quotes of one Markdown page, each with one number, however often used."""

    def __init__(self) -> None:
        self._numbers: dict[Citation, int] = {}

    def cite(self, sentence: Sentence) -> str:
        """Return the sentence as Markdown, with a mark for each of its quotes."""
        numbers = (self._number(one) for one in sentence.citations)
        marks = "".join(f"[^{number}]" for number in dict.fromkeys(numbers))
        return f"{markdown_text(sentence.shown)}{marks}"

    def lines(self) -> Iterator[str]:
        """Yield the notes: the quote itself, and where it stands."""
        for citation, number in self._numbers.items():
            quote = markdown_text(citation.quote)
            title = markdown_text(citation.title or citation.url)
            link = web_link(citation.url)
            source = f"[{title}](<{link}>)" if link else title
            yield f"[^{number}]: “{quote}” {source}"

    def _number(self, citation: Citation) -> int:
        return self._numbers.setdefault(citation, len(self._numbers) + 1)
