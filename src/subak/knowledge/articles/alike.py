"""Alike: sentences of several documents that say the same, brought together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from subak.knowledge.articles.finding import Finding
from subak.knowledge.facts.mention import NEGATORS
from subak.knowledge.text.words import content_words, fold, read_words

_SHARED = 0.8
# Time and certainty: with another one of these it is another statement.
_SENSE_TEXT = (
    "was were had will would shall may might can could should must until since before "
    "after from to under over above below era erano sarà saranno potrebbe deve fino "
    "dopo prima akan telah sudah boleh harus dapat sejak hingga sampai sebelum sesudah"
)
_SENSE = NEGATORS | frozenset(map(fold, _SENSE_TEXT.split()))


@dataclass(frozen=True, slots=True)
class Wording:
    """What a sentence is compared by.

    Args:
        run: All its words in order, without case and accents.
        figures: Every number in it, in order.
        sense: Its negations and its words of time and certainty, in order.
        stems: Its content words.
    """

    run: tuple[str, ...]
    figures: tuple[str, ...]
    sense: tuple[str, ...]
    stems: frozenset[str] = field(compare=False)

    def is_like(self, other: Wording) -> bool:
        """Tell whether both say the same, but for some words."""
        if self.figures != other.figures or self.sense != other.sense:
            return False
        shared = len(self.stems & other.stems)
        return shared >= _SHARED * len(self.stems | other.stems)


def read_wording(text: str) -> Wording:
    """Read what a sentence is compared by."""
    words = read_words(text)
    folded = tuple(fold(word.text) for word in words)
    return Wording(
        run=folded,
        figures=tuple(word for word in folded if any(map(str.isdigit, word))),
        sense=tuple(word for word in folded if word in _SENSE),
        stems=frozenset(word.stem for word in content_words(words)),
    )


def merge_alike(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], ...]:
    """Return findings that say the same as one group each, in order of the first.

    Those with exactly the words of the first prove it too; one that differs in some
    words, never in a number or a negation, is left out: it would only say it again.
    """
    groups: list[list[Finding]] = []
    # Only sentences with the same figures and sense can be alike.
    near: defaultdict[object, list[tuple[Wording, list[Finding]]]] = defaultdict(list)
    for finding in findings:
        own = read_wording(finding.text)
        subject = (finding.category, finding.entity, own.figures, own.sense)
        same = next((each for each in near[subject] if own.is_like(each[0])), None)
        if same is None:
            groups.append([finding])
            near[subject].append((own, groups[-1]))
        elif same[0] == own and finding not in same[1]:
            same[1].append(finding)
    return tuple(tuple(group) for group in groups)


def first_of_alike(texts: Sequence[str]) -> list[int]:
    """Return the positions of the texts that say something none before them said."""
    kept: list[tuple[int, Wording]] = []
    for place, text in enumerate(texts):
        own = read_wording(text)
        if not any(own.is_like(other) for _, other in kept):
            kept.append((place, own))
    return [place for place, _ in kept]
