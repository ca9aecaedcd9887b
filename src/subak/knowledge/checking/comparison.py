"""Comparison: two claims side by side, with what may differ between them taken away."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from subak.knowledge.checking.claim import Claim, Token
from subak.knowledge.checking.polarity import (
    denies_clause,
    negation_problem,
    place_problem,
    voice_changes,
    voice_problem,
)
from subak.knowledge.checking.roles import subject_problem, tense_problem
from subak.knowledge.text.figures import Figure
from subak.knowledge.text.language import Language

_NOT = "not"


@dataclass(frozen=True)
class Comparison:
    """What ``said`` adds to, leaves out of or turns round in ``source``.

    A source that speaks of one known entity lets its name stand anywhere ("X of
    Italy", "Italy's X", "In Italy, X"); with several names their order counts.
    """

    said: Claim
    source: Claim
    language: Language

    def problem(self) -> str:
        """Return the first difference that matters, in words; "" for none."""
        return (
            self._names()
            or self._figures()
            or self._claims()
            or negation_problem(self.said, self.source, self.language)
            or self._words()
            or voice_problem(self.said, self.source, self.language)
            or place_problem(self.said, self.source, self.language)
            or self._roles()
            or self._order()
        )

    @cached_property
    def has_free_name(self) -> bool:
        """Tell whether the source speaks of one known entity at most."""
        return len(self.source.names) <= 1

    @cached_property
    def is_joined(self) -> bool:
        """Tell whether the source joins parts: then what goes with what matters."""
        joints = self.language.conjunctions | self.language.scope
        return any(
            token.text in joints for token in self.source.tokens if token.kind != "name"
        )

    @cached_property
    def matched(self) -> dict[int, int]:
        """Return which figure of the source each figure of the sentence states."""
        found: dict[int, int] = {}
        for at, figure in enumerate(self.said.figures):
            for there, other in enumerate(self.source.figures):
                if there not in found.values() and figure.says(other):
                    found[at] = there
                    break
        return found

    def _names(self) -> str:
        ours, theirs = set(self.said.names), set(self.source.names)
        if added := sorted(ours - theirs):
            return f'the name "{added[0]}" is not in the source'
        if missing := sorted(theirs - ours):
            return f'the sentence leaves out the name "{missing[0]}"'
        return ""

    def _figures(self) -> str:
        for at, figure in enumerate(self.said.figures):
            if at not in self.matched:
                form = figure.form.removesuffix("e0")
                return f'the {figure.kind} "{form}" is not in the source'
        for there, figure in enumerate(self.source.figures):
            if there not in self.matched.values():
                form = figure.form.removesuffix("e0")
                return f'the sentence leaves out the {figure.kind} "{form}"'
        return ""

    def _claims(self) -> str:
        theirs = {token.text for token in self.source.words}
        for token in self.said.words:
            if token.text in theirs:
                continue
            if token.text in self.language.causes:
                return f'the sentence adds a cause or consequence: "{token.text}"'
            if token.text in self.language.judgements:
                return f'the sentence adds a judgement: "{token.text}"'
        return ""

    def _words(self) -> str:
        said, source = self._content_words(self.said), self._content_words(self.source)
        theirs = {token.stem for token in source}
        for token in said:
            if token.stem not in theirs:
                return f'the word "{token.surface}" is not in the source'
        ours = {token.stem for token in said}
        for token in source:
            if token.stem not in ours:
                return f'the sentence leaves out "{token.surface}"'
        return ""

    def _content_words(self, claim: Claim) -> list[Token]:
        return [
            token
            for _, token in self._content(claim)
            if token.kind == "word" and token.text not in self.language.negations
        ]

    def _roles(self) -> str:
        parts = (self.said, self.source, self.language)
        if self.has_free_name and (problem := subject_problem(*parts)):
            return problem
        return tense_problem(*parts)

    def _order(self) -> str:
        said, source = self._sequence(self.said), self._sequence(self.source)
        if _turned(said, source) and not (self.is_joined and _strays(said, source)):
            return ""
        changed = voice_changes(self.said, self.source, self.language)
        if len(changed) == 1 and not self.is_joined:
            said = [stem for stem in said if stem not in changed]
            source = [stem for stem in source if stem not in changed]
            if _turned(said, source):
                return ""
        return "the sentence puts the words of the source in another order"

    def _sequence(self, claim: Claim) -> list[str]:
        """Return what must come in the source's order."""
        found = list(self._stems(claim))
        return found if self.is_joined else list(dict.fromkeys(found))

    def _stems(self, claim: Claim) -> Iterator[str]:
        for at, token in self._content(claim):
            if token.figure is not None:
                if self._is_ordered(token.figure):
                    yield self._figure_mark(claim, token.figure)
            elif token.kind == "name" or token.text not in self.language.negations:
                yield token.stem
            elif self.is_joined or not denies_clause(claim, at, self.language):
                yield _NOT

    def _figure_mark(self, claim: Claim, figure: Figure) -> str:
        at = claim.figures.index(figure)
        return f"#{self.matched[at] if claim is self.said else at}"

    def _is_ordered(self, figure: Figure) -> bool:
        """Tell whether the figure's place counts: it could be mistaken for another."""
        is_year = figure.kind == "year"
        alike = [
            other for other in self.source.figures if (other.kind == "year") == is_year
        ]
        return len(alike) > 1 or (self.is_joined and not is_year)

    def _content(self, claim: Claim) -> Iterator[tuple[int, Token]]:
        """Yield the tokens that say something, with their places."""
        for at, token in enumerate(claim.tokens):
            if token.kind == "word":
                if not (
                    self._is_connecting(token)
                    or self._is_adjunct(claim, at)
                    or _is_measure(claim, at)
                ):
                    yield at, self._tied(claim, at)
            elif token.kind == "figure" or (
                token.kind == "name" and not self.has_free_name
            ):
                yield at, token

    def _is_connecting(self, token: Token) -> bool:
        if token.surface.isupper() and len(token.surface) > 1:
            return False
        return (
            token.text in self.language.connecting
            or token.text in self.language.affirmations
        )

    def _tied(self, claim: Claim, at: int) -> Token:
        """Return the word; a preposition of the free name is not just any such word."""
        token, following = claim.tokens[at], self._following(claim, at)
        if token.text not in self.language.adjuncts or not self.has_free_name:
            return token
        if following is None or following.kind != "name":
            return token
        return replace(token, stem=f"{token.stem}:name")

    def _following(self, claim: Claim, at: int) -> Token | None:
        after = (
            token
            for token in claim.tokens[at + 1 :]
            if token.text not in self.language.articles
        )
        return next(after, None)

    def _is_adjunct(self, claim: Claim, at: int) -> bool:
        word, following = claim.tokens[at].text, self._following(claim, at)
        if following is None:
            return False
        if following.kind == "name":
            return self.has_free_name and self._ties_name(claim, word)
        is_dated = following.figure is not None and following.figure.kind in {
            "year",
            "date",
        }
        return is_dated and word in self.language.dated

    def _ties_name(self, claim: Claim, word: str) -> bool:
        language = self.language
        if word in language.owning or word in language.placing:
            return True
        if claim is self.source or word in self._source_ties:
            return False
        if word in language.agents:
            return bool(voice_changes(self.said, self.source, language))
        return word in language.tied and self.source.is_label

    @cached_property
    def _source_ties(self) -> frozenset[str]:
        """Return the words that stand right before a name in the source."""
        return frozenset(
            token.text
            for token, following in itertools.pairwise(self.source.tokens)
            if following.kind == "name"
        )


def _is_measure(claim: Claim, at: int) -> bool:
    """Tell whether a word is part of the figure before it: 8 "years", 8-"year"."""
    before = claim.tokens[at - 1].figure if at else None
    return before is not None and before.measure != ""


def _strays(said: list[str], source: list[str]) -> bool:
    """Tell whether what stood behind the last of several figures came to the front."""
    figures = [at for at, stem in enumerate(source) if stem.startswith("#")]
    if said == source or len(figures) < 2:
        return False
    tail = source[figures[-1] + 1 :]
    return bool(tail) and said[: len(tail)] == tail


def _turned(said: list[str], source: list[str]) -> bool:
    """Tell whether one sequence is the other, cut once and put together again."""
    if len(said) != len(source):
        return False
    twice = source + source
    return not said or any(
        twice[at : at + len(said)] == said for at in range(len(source))
    )
