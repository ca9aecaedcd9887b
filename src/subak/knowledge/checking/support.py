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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from subak.knowledge.checking.claim import Claim, read_claim
from subak.knowledge.checking.comparison import Comparison
from subak.knowledge.checking.crossing import crossing_problem
from subak.knowledge.checking.exchanged import names_problem
from subak.knowledge.checking.paraphrase import Paraphrase
from subak.knowledge.checking.restatement import Restatement
from subak.knowledge.checking.rewording import Rewording
from subak.knowledge.checking.row_statement import is_listed, states_row
from subak.knowledge.checking.sense import Reading, read_senses
from subak.knowledge.checking.shape import shape_problem
from subak.knowledge.checking.tense import tense_problem
from subak.knowledge.checking.tongue import tongue_of
from subak.knowledge.checking.turns import straight
from subak.knowledge.text.language import Language
from subak.knowledge.text.number_words import in_digits

_PARTS = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ\"“(])|\s*\n+\s*|;\s+")

_STOPS = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ\"“(])|;\s+")
_JOINTS = re.compile(r",? (?:and|e|ed|dan) |; ")
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
    if problem := _plain_problem(sentence, source, names):
        return Support(False, problem)
    pair = _Pair.of(sentence, source, names)
    if problem := _exchange(pair):
        return Support(False, problem)
    problem = _problem(pair)
    if problem and _is_otherwise(pair, _is_proved):
        problem = ""
    return Support(not problem, problem)


def check_loosely(sentence: str, source: str, *, names: Sequence[str]) -> Support:
    """Tell whether ``sentence`` may be ``source`` in other words.

    Everything that is compared by form agrees; a judge has to find that the other
    words mean the same. Lists and tables are for the strict check alone.
    """
    if problem := _plain_problem(sentence, source, names):
        return Support(False, problem)
    pair = _Pair.of(sentence, source, names)
    if is_listed(pair.source) or "|" in pair.source or "\n" in pair.source.strip():
        return Support(False, "the source is a list")
    if problem := _exchange(pair):
        return Support(False, problem)
    problem = Rewording(*pair.read(), pair.language).open_problem()
    if problem and not _crosses(pair) and _is_otherwise(pair, _is_open):
        problem = ""
    return Support(not problem, problem)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A sentence and its source, ready to be compared."""

    sentence: str
    source: str
    names: tuple[str, ...]
    language: Language

    @classmethod
    def of(cls, sentence: str, source: str, names: Sequence[str]) -> _Pair:
        """Write numbers in digits; leave the names that occur."""
        language = tongue_of(f"{source} {sentence}")
        sentence, source = _attributed(
            in_digits(sentence, language.code), in_digits(source, language.code)
        )
        present = _present(names, f"{sentence} {source}", language)
        return cls(sentence, source, present, language)

    def straight(self) -> _Pair:
        """Return both in plain order."""
        code = self.language.code
        return replace(
            self,
            sentence=straight(self.sentence, code),
            source=straight(self.source, code),
        )

    def read(self) -> tuple[Reading, Reading]:
        """Return both by sense, the sentence first."""
        return (
            read_senses(self.sentence, self.names, self.language),
            read_senses(self.source, self.names, self.language),
        )


def _exchange(pair: _Pair) -> str:
    said = read_claim(pair.sentence, pair.names, pair.language)
    source = read_claim(pair.source, pair.names, pair.language)
    return names_problem(said, source, pair.language)


def _is_proved(pair: _Pair) -> bool:
    return not _problem(pair)


def _is_open(pair: _Pair) -> bool:
    return not Rewording(*pair.read(), pair.language).open_problem() or _is_proved(pair)


def _is_otherwise(pair: _Pair, says: Callable[[_Pair], bool]) -> bool:
    """Tell whether it holds in plain order, or of each of two sentences joined."""
    turned = pair.straight()
    return (turned != pair and says(turned)) or _says_both(turned, says)


def _says_both(straight: _Pair, says: Callable[[_Pair], bool]) -> bool:
    """Tell whether a sentence joins the two of its source by "and", in any order."""
    parts = [part for part in _STOPS.split(straight.source.strip()) if part]
    if len(parts) != 2:
        return False
    for joint in _JOINTS.finditer(straight.sentence):
        rest = straight.sentence[joint.end() :]
        said = straight.sentence[: joint.start()] + ".", rest[:1].upper() + rest[1:]
        for one, other in (parts, parts[::-1]):
            if all(
                says(replace(straight, sentence=text, source=source))
                for text, source in zip(said, (one, other), strict=True)
            ):
                return True
    return False


def _problem(pair: _Pair) -> str:
    """Return why code cannot prove the sentence; "" where it can."""
    source, names, language = pair.source, pair.names, pair.language
    problem = _strict_problem(pair.sentence, source, names, language)
    said, read = pair.read()
    paraphrase = Paraphrase(said, read, language)
    if not problem:
        problem = tense_problem(said, read, language)
        return "" if _is_moved(pair) else problem
    if (
        states_row(said, source, names, language)
        or (not is_listed(source) and not paraphrase.problem())
        or Restatement(said, read, language).holds()
        or _is_moved(pair)
    ):
        return ""
    return problem


def _is_moved(pair: _Pair) -> bool:
    """Tell whether the same words say the same, in whatever order."""
    rewording = Rewording(*pair.read(), pair.language)
    return rewording.is_moved_only and not rewording.problem()


def _crosses(pair: _Pair) -> bool:
    """Tell whether two statements exchanged words, which each by itself hides."""
    return bool(crossing_problem(*Rewording(*pair.read(), pair.language).shared))


def _plain_problem(sentence: str, source: str, names: Sequence[str]) -> str:
    if not source.strip():
        return "the source is empty"
    problem = shape_problem(sentence, source, names)
    return f"the sentence {problem}" if problem else ""


def _present(names: Sequence[str], text: str, language: Language) -> tuple[str, ...]:
    """Return the names that stand in the text, written as it is: a few of hundreds."""
    plain = _spaced(text)
    written = (in_digits(name, language.code) for name in names)
    return tuple(name for name in written if _spaced(name) in plain)


@lru_cache(maxsize=4096)
def _spaced(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


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
