"""Quality: how much of labelled texts was found, by their runs of four words.

As article-extraction-benchmark counts: hits and misses of a page add up to one, so
long pages weigh no more; F1 is taken of the means of precision and recall.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import fmean

_WORD = re.compile(r"\w+")
_RUN = 4


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and F1 over pages."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Return their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def in_words(self) -> str:
        """Return all three for a table."""
        return f"{self.f1:.4f} (P {self.precision:.3f}, R {self.recall:.3f})"

    def to_json(self) -> dict[str, float]:
        """Return them by name."""
        return {**asdict(self), "f1": self.f1}


def quality(labels: Mapping[str, str], found: Mapping[str, str]) -> Quality:
    """Compare texts page by page."""
    shares = [_shares(label, found.get(key, "")) for key, label in labels.items()]
    return Quality(
        fmean(precision for precision, _ in shares),
        fmean(recall for _, recall in shares),
    )


def _shares(label: str, found: str) -> tuple[float, float]:
    wanted, given = _runs(label), _runs(found)
    hits = (wanted & given).total()
    return _share(hits, given.total()), _share(hits, wanted.total())


def _share(hits: int, of: int) -> float:
    return hits / of if of else 0.0


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    starts = range(max(1, len(words) - _RUN + 1))
    return Counter(tuple(words[start : start + _RUN]) for start in starts)
