"""Question: what a question is about, and which lines can answer it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from subak.knowledge.facts.identity import find_country
from subak.knowledge.replies.source_line import SourceLine
from subak.knowledge.search.named import Named
from subak.knowledge.text.language import language_of
from subak.knowledge.text.words import fold, stem

_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20|21)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Question:
    """A question in plain words."""

    text: str

    def answerable(self, lines: Sequence[SourceLine]) -> list[SourceLine]:
        """Return the lines that speak of what the question names.

        A line about Italy answers no question about Spain, however well it fits, and
        one of another year none about 2031. A name that no line knows leaves nothing.
        """
        named = Named.read(self.text, {line.document.entity for line in lines} - {""})
        left = [line for line in lines if self._is_about(line, named)]
        years = set(_YEAR.findall(self.text))
        left = [line for line in left if years <= set(_YEAR.findall(_all_of(line)))]
        return [] if self._unknown_name(named, left) else left

    def _is_about(self, line: SourceLine, named: Named) -> bool:
        if named.entities:
            own = f" {fold(line.text)} "
            return line.document.entity in named.entities or any(
                fold(entity) in own for entity in named.entities
            )
        country = find_country(self.text, whole=False)
        if not country:
            return True
        return country in {
            find_country(text, whole=False)
            for text in (line.text, line.document.entity, *line.headings)
        }

    def _unknown_name(self, named: Named, lines: Sequence[SourceLine]) -> str:
        """Return a name in the question that no line has, in the same language."""
        code = language_of(self.text).code
        if any((line.document.language or "en")[:2] != code for line in lines):
            return ""
        known = {stem(word) for line in lines for word in _WORD.findall(_all_of(line))}
        words: list[str] = _WORD.findall(self.text)
        rest = set(named.rest.split())
        for before, word in zip(["", *words], words, strict=False):
            is_name = word[0].isupper() and not word.isupper() and len(word) > 2
            if before and is_name and word in rest and stem(word) not in known:
                return word
        return ""


def _all_of(line: SourceLine) -> str:
    return f"{line.context} {line.text} {line.document.published}"
