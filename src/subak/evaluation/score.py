"""Score: readings held against the gold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from subak.evaluation.bill import Bill
from subak.evaluation.gold import Gold, agrees
from subak.evaluation.holding import is_held
from subak.evaluation.labelled_set import Case
from subak.evaluation.reading import Asserted, Reading
from subak.knowledge.facts.fact import FieldValue

Verdict = Literal["right", "wrong", "missed"]


@dataclass(frozen=True, slots=True)
class Item:
    """One field of one document.

    Args:
        document: Name of the case.
        verdict: "right" also when rightly nothing was published.
        value: What was published, None for nothing.
        is_refused: A value was proposed and refused.
        is_held: Its spans hold it; True where there is nothing to hold.
        is_old: A wrong value that stands in the old record or in a worked example.
        is_trap: A wrong value that the document sets as a trap.
    """

    document: str
    field: str
    verdict: Verdict
    gold: Gold
    value: FieldValue | None = None
    level: str = ""
    is_long: bool = False
    is_refused: bool = False
    is_held: bool = True
    is_old: bool = False
    is_trap: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """All items of a design on a set."""

    items: tuple[Item, ...]
    bills: tuple[Bill, ...]

    @property
    def bill(self) -> Bill:
        """Return what all documents took together."""
        return sum(self.bills, Bill())

    @property
    def documents(self) -> int:
        """Return how many documents were read."""
        return len(self.bills)

    @property
    def right(self) -> int:
        """Return how many items are right."""
        return sum(item.verdict == "right" for item in self.items)

    @property
    def accuracy(self) -> float:
        """Return the share of items that are right."""
        return self.right / len(self.items) if self.items else 0.0

    @property
    def published(self) -> int:
        """Return how many values were published."""
        return sum(item.value is not None for item in self.items)

    @property
    def wrong(self) -> int:
        """Return how many published values are wrong."""
        return sum(item.verdict == "wrong" for item in self.items)

    @property
    def wrong_share(self) -> float:
        """Return the share of wrong ones among the published values."""
        return self.wrong / self.published if self.published else 0.0

    @property
    def missed(self) -> int:
        """Return how many stated values were not published."""
        return sum(item.verdict == "missed" for item in self.items)

    @property
    def refused(self) -> int:
        """Return for how many items a value was refused."""
        return sum(item.is_refused for item in self.items)

    @property
    def unheld(self) -> int:
        """Return how many published values their spans don't hold."""
        return sum(not item.is_held for item in self.items)

    @property
    def old(self) -> int:
        """Return how many old or example values were published as new."""
        return sum(item.is_old for item in self.items)

    @property
    def traps(self) -> int:
        """Return how many traps were fallen into."""
        return sum(item.is_trap for item in self.items)

    def only(self, *, long: bool | None = None, field: str = "") -> Score:
        """Return the score of a part; its bills are those of the part's documents."""
        items = tuple(
            item
            for item in self.items
            if long in (None, item.is_long) and field in ("", item.field)
        )
        names = list(dict.fromkeys(item.document for item in self.items))
        kept = {item.document for item in items}
        bills = zip(names, self.bills, strict=True)
        return Score(items, tuple(bill for name, bill in bills if name in kept))


def score(
    cases: Iterable[Case],
    readings: Mapping[str, Reading],
    texts: Mapping[str, str],
    example: Mapping[str, FieldValue] | None = None,
) -> Score:
    """Return how right the readings are.

    Args:
        readings: By the name of the case; a case without one was not read and doesn't
            count.
        texts: The documents' texts, by the name of the case.
        example: Values of a worked example the model was shown.
    """
    items: list[Item] = []
    bills: list[Bill] = []
    for case in cases:
        reading = readings.get(case.name)
        if reading is None:
            continue
        bills.append(reading.bill)
        found = {each.field: each for each in reading.asserted}
        refused = {each.field for each in reading.refused}
        for field, gold in case.gold.items():
            given = found.get(field)
            known = [case.previous.get(field), (example or {}).get(field)]
            is_wrong = given is not None and not gold.accepts(given.value)
            item = Item(
                document=case.name,
                field=field,
                verdict=_judge(given, gold),
                gold=gold,
                value=given.value if given else None,
                level=given.level if given else "",
                is_long=case.is_long,
                is_refused=field in refused,
                is_held=given is None or _is_held(given, texts[case.name]),
                is_old=is_wrong and _is_among(given, known),
                is_trap=is_wrong and _is_among(given, case.traps.get(field, ())),
            )
            items.append(item)
    return Score(tuple(items), tuple(bills))


def _judge(given: Asserted | None, gold: Gold) -> Verdict:
    if given is None:
        return "right" if gold.may_be_missing else "missed"
    return "right" if gold.accepts(given.value) else "wrong"


def _is_held(given: Asserted, text: str) -> bool:
    """A design that proves nothing has nothing to hold a value."""
    return not given.level or is_held(given, text)


def _is_among(given: Asserted | None, values: Iterable[FieldValue | None]) -> bool:
    return given is not None and any(
        agrees(given.value, value) for value in values if value is not None
    )
