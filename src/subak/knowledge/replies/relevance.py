"""Relevance: does a line speak of what a question asks, and not only beside it?

A line about the right country with a word in common is no answer: of the question's
own words, the rare ones above all, it must say at least half.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subak.knowledge.checking.sense import Part, read_senses
from subak.knowledge.replies.source_line import SourceLine
from subak.knowledge.search.named import Named
from subak.knowledge.text.language import Language, language_of
from subak.knowledge.text.words import content_words, fold, read_words, stem

_LEAST_SHARE = 0.5
# A line that says clearly less than another one is about something else.
_LEAST_OF_BEST = 0.75
_MOST_WEIGHT = 2.5
_ROOT_CHARS = 5
_ROOT_SHARE = 0.55
_ASKING_TEXT = (
    # What asks, and what any question may hold.
    "what which who whom whose when where why how much many do does did can could may "
    "must should will would there be been has had any some please tell me about "
    "long high low big large old far often soon now today current currently year "
    "years country countries people person one live come become get need happen mean "
    "know say give rate rates value values amount level levels number figure "
    "percent percentage share total raise rise change increase cut fall introduce set "
    "apply levy charge pay cost costs its their his her exist exists use used call "
    "che cosa quale quali chi quando dove perche come quanto quanta quanti quante sono "
    "si puo posso deve ha hanno avere essere ci vi anno anni paese paesi ora oggi "
    "alto alta tasso aliquota valore numero quota cambia aumenta paga costa qual "
    "apa siapa kapan mana mengapa bagaimana berapa apakah ada bisa boleh harus tahun "
    "negara sekarang tinggi besar tarif nilai jumlah angka lama itu ini bayar biaya"
)
_ASKING = frozenset(map(fold, _ASKING_TEXT.split()))
_ASKING_STEMS = frozenset(map(stem, _ASKING_TEXT.split()))


@dataclass(frozen=True, slots=True)
class Relevance:
    """What a question asks, as words that an answer has to say.

    Args:
        question: In plain words.
        names: What the documents are about; naming it is not asking for it.
        fields: Phrases by which texts speak of one thing, in several languages.
        categories: Those of which the fields tell all that is asked of them.
    """

    question: str
    names: tuple[str, ...] = ()
    fields: tuple[tuple[str, ...], ...] = ()
    categories: frozenset[str] = frozenset()

    def relevant(self, lines: Sequence[SourceLine]) -> list[SourceLine]:
        """Return the lines that say enough of what is asked.

        A line in another language is let through where no field tells what is asked:
        its words cannot be compared.
        """
        language = language_of(self.question)
        wanted = self._wanted(language)
        if not wanted:
            return list(lines)
        told = [self._told(line, wanted, language) for line in lines]
        weights = _weights(wanted, told)
        scores = [sum(weights[word] for word in said) for said in told]
        least = max(
            _LEAST_SHARE * sum(weights.values()),
            _LEAST_OF_BEST * max(scores, default=0.0),
        )
        return [
            line
            for line, score in zip(lines, scores, strict=True)
            if score >= least or self._is_beyond(line, language)
        ]

    def _is_beyond(self, line: SourceLine, language: Language) -> bool:
        """Tell whether nothing here can compare a line with the question."""
        is_told_by_fields = self._asked or line.document.category in self.categories
        return not is_told_by_fields and _is_foreign(line, language)

    @property
    def _asked(self) -> list[tuple[str, ...]]:
        """Return the fields that the question names."""
        own = _stems(self.question)
        return [
            phrases
            for phrases in self.fields
            if any(_stems(phrase) and _stems(phrase) <= own for phrase in phrases)
        ]

    def _wanted(self, language: Language) -> dict[str, Part | None]:
        """Return the stems that an answer has to say, with what they mean."""
        rest = Named.read(self.question, self.names).rest
        senses = {
            part.token.stem: part
            for part in read_senses(rest, (), language).parts
            if part.kind == "sense"
        }
        return {
            word.stem: senses.get(word.stem)
            for word in content_words(read_words(rest))
            if fold(word.text) not in _ASKING
            and word.stem not in _ASKING_STEMS
            and not any(map(str.isdigit, word.text))
            and (len(word.text) > 2 or word.text.isupper())
        }

    def _told(
        self, line: SourceLine, wanted: Mapping[str, Part | None], language: Language
    ) -> set[str]:
        text = f"{line.context} {line.text}"
        own = _stems(text)
        told = {word for word in wanted if any(_is_akin(word, one) for one in own)}
        if any(part is not None for part in wanted.values()):
            parts = read_senses(text, (), language).parts
            told |= {
                word
                for word, part in wanted.items()
                if part is not None and any(part.says(one) for one in parts)
            }
        for phrases in () if told else self._asked:  # other words, or another language
            if any(_stems(phrase) <= own for phrase in phrases if _stems(phrase)):
                for phrase in phrases:
                    told |= _stems(phrase) & set(wanted)
        return told


def _weights(
    wanted: Mapping[str, Part | None], told: Sequence[set[str]]
) -> dict[str, float]:
    """Return how much each word counts: a rare one tells lines apart."""
    many = len(told) + 1
    return {
        word: min(
            _MOST_WEIGHT, 1 + math.log(many / (1 + sum(word in said for said in told)))
        )
        for word in wanted
    }


def _is_akin(word: str, other: str) -> bool:
    """Tell whether two stems are one, or of one root: "citizen" and "citizenship"."""
    if word == other:
        return True
    longer = max(len(word), len(other))
    shared = 0
    for one, two in zip(word, other, strict=False):
        if one != two:
            break
        shared += 1
    return shared >= _ROOT_CHARS and shared >= _ROOT_SHARE * longer


def _is_foreign(line: SourceLine, language: Language) -> bool:
    code = line.document.language.partition("-")[0].lower()
    return bool(code) and code != language.code


def _stems(text: str) -> set[str]:
    return {word.stem for word in content_words(read_words(text))}
