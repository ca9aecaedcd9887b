"""FindingsList: what is new, changed, disputed or extreme, each fact in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from subak.knowledge.articles.article import Sentence
from subak.knowledge.articles.phrase_book import PhraseBook, made_of
from subak.knowledge.articles.proposition import Proposition
from subak.knowledge.articles.written import Written

MOST_TOLD = 2
"""Times that an article says one fact, at most."""

_MOST_SHARE = 3


@dataclass(frozen=True, slots=True)
class FindingsList:
    """Chooses the key findings of one article.

    Args:
        book: How facts are spoken of.
        most: Findings at most.
    """

    book: PhraseBook
    most: int

    def choose(
        self,
        current: Sequence[Written],
        compared: Sequence[Written],
        told: Counter[Proposition],
    ) -> tuple[tuple[Sentence, ...], frozenset[Proposition]]:
        """Return the findings, and the facts that need no other place.

        Args:
            current: What is confirmed, by entity, then field order.
            compared: What follows from several facts.
            told: How often summary and actions say a fact; counts on.
        """
        claimed: set[Proposition] = set()
        found: list[Sentence] = []
        disputed = [one for one in current if one.proposition.rivals]
        share = self.most // _MOST_SHARE
        room = self.most - min(len(compared), share) - min(len(disputed), share)
        for one in self._moved(current, told):
            if len(found) < room:
                found.append(one.sentence)
                told[one.proposition] += 1
                claimed.add(one.proposition)
        for one in disputed[: max(0, self.most - len(found))]:
            found.append(self._conflict(one.proposition))
            claimed.add(one.proposition)
        for one in compared:
            covered = one.proposition.covers
            if len(found) < self.most and _adds(covered, claimed, told):
                found.append(one.sentence)
                told.update(covered)
                claimed.update(fact for fact in covered if not fact.note)
        return tuple(found), frozenset(claimed)

    def _moved(
        self, current: Sequence[Written], told: Counter[Proposition]
    ) -> Iterator[Written]:
        """Yield what changed, the largest of each field first, then what is new."""
        is_first_day = all(one.proposition.status == "new" for one in current)
        changed = [one for one in current if one.proposition.status == "changed"]
        fresh = [one for one in current if one.proposition.status == "new"]
        for some in (changed, [] if is_first_day else fresh):
            left = [
                one
                for one in some
                if not one.proposition.is_disputed and told[one.proposition] < MOST_TOLD
            ]
            left.sort(key=lambda one: -one.proposition.change)
            seen: Counter[str] = Counter()
            rounds: list[tuple[int, Written]] = []
            for one in left:
                rounds.append((seen[one.proposition.field], one))
                seen[one.proposition.field] += 1
            rounds.sort(key=lambda pair: pair[0])
            yield from (one for _, one in rounds)

    def _conflict(self, fact: Proposition) -> Sentence:
        others = dict.fromkeys(self.book.value(rival) for rival in fact.rivals)
        text = self.book.fill(
            self.book.phrases.conflict,
            fact.field,
            fact.entity,
            value=self.book.value(fact),
            others=", ".join(others),
        )
        sentence = made_of(
            text, [fact, *fact.rivals], entity=fact.entity, field_name=fact.field
        )
        return replace(sentence, status="conflict")


def _adds(
    covered: Sequence[Proposition],
    claimed: set[Proposition],
    told: Counter[Proposition],
) -> bool:
    """Tell whether no fact of a comparison is said too often by it.

    One with a note still has to be told by itself: the note says what it was.
    """
    return not claimed.intersection(covered) and all(
        told[fact] + 1 + bool(fact.note) <= MOST_TOLD for fact in covered
    )
