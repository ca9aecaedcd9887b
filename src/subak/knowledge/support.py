"""Support: does a sentence say nothing beyond its source?

A strict comparison by code: every number, name and content word of the sentence
stands in the source and the reverse, in the same order up to turning it round once,
with the same negation. A refused paraphrase costs style, a passed error costs trust;
so what cannot be told apart by form is refused. Similarity of embeddings is of no use
here: it rates a negated sentence as close as a plain one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subak.knowledge.claim import Claim, read_claim
from subak.knowledge.comparison import Comparison
from subak.knowledge.language import Language, language_of
from subak.knowledge.paraphrase import Paraphrase
from subak.knowledge.sense import read_senses
from subak.knowledge.shape import shape_problem

_PARTS = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ\"“(])|\s*\n+\s*|;\s+")


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a sentence is supported and, if not, why, in words for a person."""

    supported: bool
    reason: str = ""


def check(sentence: str, source: str, *, names: Sequence[str]) -> Support:
    """Tell whether ``sentence`` says nothing beyond ``source``.

    Args:
        sentence: The sentence to be published.
        source: A proposition, or the quoted text; one whole statement of it suffices.
        names: Names of all entities of the run, so that "Guinea" is not found in
            "Equatorial Guinea".
    """
    if not source.strip():
        return Support(False, "the source is empty")
    if problem := shape_problem(sentence, source, names):
        return Support(False, f"the sentence {problem}")
    language = language_of(f"{source} {sentence}")
    said = read_claim(sentence, names, language)
    reasons: list[str] = []
    for part in _parts(source, names, language):
        problem = Comparison(said, part, language).problem()
        if not problem:
            break
        reasons.append(problem)
    paraphrase = Paraphrase(
        read_senses(sentence, names, language),
        read_senses(source, names, language),
        language,
    )
    if reasons and problem:
        return Support(True) if not paraphrase.problem() else Support(False, reasons[0])
    problem = "" if reasons else paraphrase.time_problem()
    return Support(not problem, problem)


def _parts(source: str, names: Sequence[str], language: Language) -> Iterator[Claim]:
    """Yield the whole source, then each part of it that can stand alone."""
    whole = read_claim(source, names, language)
    yield whole
    parts = [part for part in _PARTS.split(source.strip()) if part]
    if len(parts) < 2:
        return
    claims = [read_claim(part, names, language) for part in parts]
    if any(_limits(claim, language) for claim in claims):
        return
    for claim in claims:
        if claim.names == whole.names[: len(claim.names)] and len(whole.names) <= 1:
            yield claim if claim.names else _about(claim, whole)
        elif claim.names:
            yield claim


def _about(claim: Claim, whole: Claim) -> Claim:
    """Return the part with the one name of the whole source tied on."""
    names = tuple(token for token in whole.tokens if token.kind == "name")[:1]
    return Claim(names + claim.tokens)


def _limits(claim: Claim, language: Language) -> bool:
    return any(token.text in language.limits for token in claim.words)
