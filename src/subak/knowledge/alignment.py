"""Which sentence of a model restates which proposition, if any does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from subak.knowledge.article import Dropped, Sentence
from subak.knowledge.proposition import Proposition
from subak.knowledge.support import check

_MARK = re.compile(r"^\s*\[\d+\]\s*")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A sentence a model wrote for the proposition of that number, from 1."""

    n: int
    text: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """One sentence a proposition, in order, and the rewrites that were refused."""

    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...] = ()


def align(
    propositions: Sequence[Proposition],
    rewrites: Sequence[Rewrite],
    names: Sequence[str],
) -> Alignment:
    """Give each proposition the rewrite that says just that, or else its literal text.

    Small models merge two facts and shift the numbers of the rest, so a rewrite that
    does not fit its own proposition is tried on those still without one.
    """
    left = [Rewrite(one.n, tidy(one.text)) for one in rewrites]
    own: dict[int, Rewrite] = {}
    for rewrite in left:
        own.setdefault(rewrite.n - 1, rewrite)
    chosen: dict[int, Rewrite] = {}
    reasons: dict[int, str] = {}
    for place, proposition in enumerate(propositions):
        if place in own:
            support = check(own[place].text, proposition.text, names=names)
            reasons[place] = support.reason
            if support.supported:
                chosen[place] = own[place]
    left = [rewrite for rewrite in left if rewrite not in chosen.values()]
    for place, proposition in enumerate(propositions):
        if place not in chosen:
            for rewrite in left:
                if check(rewrite.text, proposition.text, names=names).supported:
                    chosen[place] = rewrite
                    left.remove(rewrite)
                    break
    dropped = tuple(
        Dropped(own[place].text, reason, proposition.entity, proposition.field)
        for place, proposition in enumerate(propositions)
        if place not in chosen and own.get(place) in left and (reason := reasons[place])
    )
    return Alignment(
        tuple(
            _sentence(proposition, chosen.get(place))
            for place, proposition in enumerate(propositions)
        ),
        dropped,
    )


def tidy(text: str) -> str:
    """Return a rewrite without its number and with a final period."""
    plain = " ".join(_MARK.sub("", text).split())
    return f"{plain}." if plain and plain[-1].isalnum() else plain


def _sentence(proposition: Proposition, rewrite: Rewrite | None) -> Sentence:
    text = rewrite.text if rewrite else proposition.text
    is_literal = text.casefold() == proposition.text.casefold()
    return Sentence(
        text=proposition.text if is_literal else text,
        verdict="literal" if is_literal else "rewritten",
        citations=proposition.citations,
        entity=proposition.entity,
        field=proposition.field,
        statement=proposition.text,
    )
