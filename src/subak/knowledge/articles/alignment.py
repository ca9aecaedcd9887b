"""Which sentence of a model restates which proposition, if any does."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from subak.knowledge.articles.article import Dropped, Sentence
from subak.knowledge.articles.proposition import Proposition
from subak.knowledge.articles.quotation import QUOTED, quoted
from subak.knowledge.checking.support import check, check_loosely

_MARK = re.compile(r"^\s*\[\d+\]\s*")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A sentence a model wrote for the proposition of that number, from 1."""

    n: int
    text: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A rewrite that code neither proves nor refuses: a judge may let it through.

    Args:
        place: Place of its proposition, from 0.
        sentence: What would be published.
    """

    place: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Alignment:
    """One sentence a proposition, in order, and the rewrites that were refused.

    Args:
        doubts: Those of the refused that a judge may let through.
    """

    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def judged(self, passed: Collection[Doubt], judge: str) -> Alignment:
        """Publish what a judge has let through; no doubt is left."""
        sentences = list(self.sentences)
        for doubt in passed:
            sentences[doubt.place] = replace(doubt.sentence, judge=judge)
        told = [(one.sentence.text, *_place(one.sentence)) for one in passed]
        dropped = (
            one for one in self.dropped if (one.text, one.entity, one.field) not in told
        )
        return Alignment(tuple(sentences), tuple(dropped))


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
    own = {one.n: one for one in reversed(left)}
    chosen: dict[int, Sentence] = {}

    def choose(n: int, proposition: Proposition, candidates: Sequence[Rewrite]) -> None:
        for rewrite in candidates:
            if sentence := restate(proposition, rewrite.text, names):
                chosen[n] = sentence
                left.remove(rewrite)
                return

    for n, proposition in enumerate(propositions, start=1):
        choose(n, proposition, [own[n]] if n in own else [])
    for n, proposition in enumerate(propositions, start=1):
        if n not in chosen:
            choose(n, proposition, left)
    refused = [
        (n, one, own[n].text)
        for n, one in enumerate(propositions, start=1)
        if n not in chosen and own.get(n) in left
    ]
    dropped = tuple(
        Dropped(text, _support(one, text, names).reason, *_place(one))
        for _, one, text in refused
    )
    doubts = tuple(
        Doubt(n - 1, paraphrase(one, text))
        for n, one, text in refused
        if check_loosely(text, one.text, names=names).supported
    )
    sentences = (
        chosen.get(n) or literal(one) for n, one in enumerate(propositions, start=1)
    )
    return Alignment(tuple(sentences), dropped, doubts)


def restate(
    proposition: Proposition, text: str, names: Sequence[str]
) -> Sentence | None:
    """Return the text as the proposition's sentence, None where it says other things.

    A copy of the statement or of what the model was shown is no rewrite.
    """
    copies = (proposition.text, proposition.label, proposition.line)
    if _bare(text) in map(_bare, copies):
        return literal(proposition)
    support = _support(proposition, text, names)
    if not support.supported:
        return None
    return replace(
        literal(proposition),
        text=text,
        verdict="rewritten",
        statement=support.source,
    )


def literal(proposition: Proposition) -> Sentence:
    """Return the proposition itself as a sentence."""
    is_quoted = proposition.status == QUOTED
    text = quoted(proposition.text) if is_quoted else proposition.text
    return Sentence(
        text=text,
        verdict="literal",
        citations=proposition.citations,
        entity=proposition.entity,
        field=proposition.field,
        statement=text,
        status=proposition.status,
        note=proposition.note,
    )


def paraphrase(proposition: Proposition, text: str) -> Sentence:
    """Return the text as the proposition's sentence, once a judge lets it through."""
    return replace(
        literal(proposition),
        text=text,
        verdict="paraphrase",
        statement=proposition.text,
    )


def tidy(text: str) -> str:
    """Return a rewrite without its number and with a final period."""
    plain = " ".join(_MARK.sub("", text).split())
    return f"{plain}." if plain and plain[-1] not in ".!?…:" else plain


@dataclass(frozen=True, slots=True)
class _Supported:
    """What supports a text, or why nothing does."""

    supported: bool
    reason: str
    source: str


def _support(proposition: Proposition, text: str, names: Sequence[str]) -> _Supported:
    """Check a text with the statement, then with the label."""
    first = check(text, proposition.text, names=names)
    if not first.supported and check(text, proposition.label, names=names).supported:
        return _Supported(True, "", proposition.label)
    return _Supported(first.supported, first.reason, proposition.text)


def _bare(text: str) -> str:
    return re.sub(r"[\s.]", "", text).casefold()


def _place(one: Proposition | Sentence) -> tuple[str, str]:
    return one.entity, one.field
