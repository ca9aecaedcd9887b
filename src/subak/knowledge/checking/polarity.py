"""Who denies what, and who does it to whom: negation and voice of two claims.

Assumes that both claims hold the same words; only their roles are in question.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from subak.knowledge.checking.claim import Claim, Token
from subak.knowledge.text.language import Language


def negation_count(claim: Claim, language: Language) -> int:
    """Return how many plain negations a claim holds."""
    return sum(token.text in language.negations for token in claim.words)


def negation_problem(said: Claim, source: Claim, language: Language) -> str:
    """Return why the two claims don't deny alike; "" when they do."""
    ours, theirs = negation_count(said, language), negation_count(source, language)
    if ours > theirs:
        return "the sentence denies what the source does not"
    if ours < theirs:
        return "the sentence drops a negation of the source"
    return ""


def denies_clause(claim: Claim, at: int, language: Language) -> bool:
    """Tell whether a negation denies its whole clause, wherever it stands in it.

    "does not grant", "has no tax", "No tax is ..." and a label's "...: no" do;
    "not to vote" and "by descent, not by birth" don't.
    """
    before = claim.tokens[at - 1] if at else None
    return (
        before is None
        or before.text == ":"
        or (before.kind == "word" and before.text in language.auxiliaries)
    )


def voice_changes(said: Claim, source: Claim, language: Language) -> frozenset[str]:
    """Return the stems that only one of the claims has after a form of "be"."""
    ours = {token.stem for _, token in _after_be(said, language)}
    theirs = {token.stem for _, token in _after_be(source, language)}
    shared = {token.stem for token in said.words}
    shared &= {token.stem for token in source.words}
    return frozenset((ours ^ theirs) & shared)


def voice_problem(said: Claim, source: Claim, language: Language) -> str:
    """Return why a change of voice may have swapped roles; "" when it can't have.

    The active side must have the one known name as its subject (or be a label), the
    passive side must not: "Germany grants X" may become "X is granted by Germany",
    never "Germany is granted X".
    """
    for stem in sorted(voice_changes(said, source, language)):
        ours = {token.stem for _, token in _after_be(said, language)}
        passive, active = (said, source) if stem in ours else (source, said)
        if _is_subject(passive, stem, language):
            return f'the sentence changes who is meant by "{stem}"'
        if not active.is_label and not _acts(active, stem, language):
            return f'the sentence changes the voice of "{stem}"'
    return ""


def _is_subject(claim: Claim, stem: str, language: Language) -> bool:
    """Tell whether a known name is the subject of "is" plus that word."""
    for at, token in _after_be(claim, language):
        if token.stem == stem:
            name = _name_before(claim, at, language)
            if name is not None and not tied_by(claim, name, language):
                return True
    return False


def tied_by(claim: Claim, name: int, language: Language) -> str:
    """Return the preposition or 's that ties a name on, "" where it stands free."""
    tokens = claim.tokens
    if name + 1 < len(tokens) and tokens[name + 1].text == "'s":
        return "'s"
    place = name - 1
    while place >= 0 and tokens[place].text in language.articles:
        place -= 1
    before = tokens[place].text if place >= 0 else ""
    return before if before in language.adjuncts else ""


def place_problem(said: Claim, source: Claim, language: Language) -> str:
    """Return why owner and place may have been swapped; "" when they weren't.

    "Investment of Italy" and "investment in Italy" are two things, except in a label
    "field of Italy: value", which leaves that open.
    """
    if any(
        token.kind == "name" and following.text == ":"
        for token, following in itertools.pairwise(source.tokens)
    ):
        return ""
    ours, theirs = _ties(said, language), _ties(source, language)
    for first, second in ((ours, theirs), (theirs, ours)):
        if first & language.owning and second & language.placing:
            return "the sentence confuses of and in"
    return ""


def _ties(claim: Claim, language: Language) -> set[str]:
    return {
        tied_by(claim, at, language)
        for at, token in enumerate(claim.tokens)
        if token.kind == "name"
    }


def _after_be(claim: Claim, language: Language) -> Iterator[tuple[int, Token]]:
    tokens = claim.tokens
    for at, token in enumerate(tokens):
        before = at - 1
        while before >= 0 and tokens[before].text in language.negations:
            before -= 1
        if (
            token.kind == "word"
            and token.text not in language.connecting
            and token.text not in language.negations
            and before >= 0
            and tokens[before].text in language.copulas
        ):
            yield at, token


def _name_before(claim: Claim, at: int, language: Language) -> int | None:
    """Find the name that stands before a word with only small words between."""
    small = language.connecting | language.negations
    for place in range(at - 1, -1, -1):
        token = claim.tokens[place]
        if token.kind == "name":
            return place
        if token.kind != "word" or token.text not in small:
            return None
    return None


def _acts(claim: Claim, stem: str, language: Language) -> bool:
    for at, token in enumerate(claim.tokens):
        if token.kind == "word" and token.stem == stem:
            name = _name_before(claim, at, language)
            return name is not None and not tied_by(claim, name, language)
    return False
