"""Support: does a sentence say nothing beyond its source?

A strict comparison by code: every number, name and content word of the sentence
stands in the source and the reverse, in the same order up to turning it round once,
with the same negation. A refused paraphrase costs style, a passed error costs trust;
so what cannot be told apart by form is refused. Similarity of embeddings is of no use
here: it rates a negated sentence as close as a plain one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subak.knowledge.checking.claim import Claim, read_claim
from subak.knowledge.checking.comparison import Comparison
from subak.knowledge.checking.paraphrase import Paraphrase
from subak.knowledge.checking.restatement import Restatement
from subak.knowledge.checking.row_statement import is_listed, states_row
from subak.knowledge.checking.sense import read_senses
from subak.knowledge.checking.shape import shape_problem
from subak.knowledge.text.language import Language, language_of
from subak.knowledge.text.number_words import in_digits

_PARTS = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ\"“(])|\s*\n+\s*|;\s+")

_SAYS = re.compile(r"\s*([A-Z][^:;|\d]{3,80}):\s+(?=[a-z])")
_ACCORDING = re.compile(
    r",? ?\b[Aa]ccording to (?:the )?(?P<name>[A-Z][\w\s'’-]{3,80}?)(?:,|\.?$)"
    r"|,? ?\b[Ss]econdo (?:il |la |lo |l['’]|i |gli |le )?"
    r"(?P<nome>[A-Z][\w\s'’-]{3,80}?)(?:,|\.?$)"
)


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
    sentence, source = (in_digits(text, language.code) for text in (sentence, source))
    sentence, source = _attributed(sentence, source)
    names = _present(names, f"{sentence} {source}", language)
    problem = _strict_problem(sentence, source, names, language)
    said = read_senses(sentence, names, language)
    read = read_senses(source, names, language)
    paraphrase = Paraphrase(said, read, language)
    if not problem:
        problem = paraphrase.time_problem()
        return Support(not problem, problem)
    if states_row(said, source, names, language):
        return Support(True)
    if not is_listed(source) and not paraphrase.problem():
        return Support(True)
    if Restatement(said, read, language).holds():
        return Support(True)
    return Support(False, problem)


def _present(names: Sequence[str], text: str, language: Language) -> tuple[str, ...]:
    """Return the names that stand in the text, written as it is: a few of hundreds."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    written = (in_digits(name, language.code) for name in names)
    return tuple(
        name
        for name in written
        if " ".join(unicodedata.normalize("NFKC", name).split()) in plain
    )


def _attributed(sentence: str, source: str) -> tuple[str, str]:
    """Write "Ministry: the tax is 5 %." as the sentence has it, "according to"."""
    found = _ACCORDING.search(sentence)
    said = _SAYS.match(source)
    if not found or not said or source.count(":") > 1 or "|" in source:
        return sentence, source
    name = said[1].strip()
    if (
        name.removeprefix("the ").casefold()
        != (found["name"] or found["nome"]).strip().casefold()
    ):
        return sentence, source
    plain = (sentence[: found.start()] + sentence[found.end() :]).strip(" ,.")
    return plain[:1].upper() + plain[1:] + ".", source[said.end() :]


def _strict_problem(
    sentence: str, source: str, names: Sequence[str], language: Language
) -> str:
    """Return why no whole statement of the source has the words of the sentence."""
    said = read_claim(sentence, names, language)
    first = ""
    for part in _parts(source, names, language):
        problem = Comparison(said, part, language).problem()
        if not problem:
            return ""
        first = first or problem
    return first


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
