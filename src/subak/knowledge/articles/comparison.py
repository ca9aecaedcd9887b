"""compare: where a field is highest and lowest, as propositions of several facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from subak.knowledge.articles.phrase_book import PhraseBook
from subak.knowledge.articles.proposition import COMPARED, Proposition

_LEAST_ENTITIES = 3
_MOST_ALIKE = 8
_MOST_ENDS = 3


def compare(facts: Iterable[Proposition], book: PhraseBook) -> tuple[Proposition, ...]:
    """Return one proposition for each field that can be compared, in field order.

    Two values need no comparison; numbers of different units or in dispute, and
    several of one entity, allow none.
    """
    by_field: dict[str, list[Proposition]] = {}
    for fact in facts:
        is_number = not isinstance(fact.value, bool | str | tuple)
        if is_number and not fact.is_disputed and fact.status != "kept":
            by_field.setdefault(fact.field, []).append(fact)
    names = sorted(by_field, key=lambda name: (book.place(name), name))
    found = (_compared(name, by_field[name], book) for name in names)
    return tuple(one for one in found if one is not None)


def _compared(
    name: str, facts: Sequence[Proposition], book: PhraseBook
) -> Proposition | None:
    entities = {fact.entity for fact in facts}
    is_comparable = len(entities) == len(facts) >= _LEAST_ENTITIES
    if not is_comparable or len({fact.unit for fact in facts}) != 1:
        return None
    top, bottom = max(map(_number, facts)), min(map(_number, facts))
    high = [fact for fact in facts if _number(fact) == top]
    low = [fact for fact in facts if _number(fact) == bottom]
    if top == bottom:
        text = book.fill(
            book.phrases.alike,
            name,
            value=book.value(high[0]),
            names=_names(high, book, _MOST_ALIKE),
        )
        return _proposition(name, text, high, covers=high[:_MOST_ALIKE])
    text = book.fill(
        book.phrases.extremes,
        name,
        high=_names(high, book, _MOST_ENDS),
        high_value=book.value(high[0]),
        low=_names(low, book, _MOST_ENDS),
        low_value=book.value(low[0]),
    )
    return _proposition(
        name,
        text,
        [*high, *low],
        covers=[*high[:_MOST_ENDS], *low[:_MOST_ENDS]],
        spread=(top - bottom) / max(abs(top), abs(bottom)),
    )


def spread_of(compared: Proposition, book: PhraseBook) -> str:
    """Return a comparison as a headline, "" for one without two single ends."""
    if not compared.change or len(compared.covers) != 2:
        return ""
    high, low = compared.covers
    return book.fill(
        book.phrases.spread,
        compared.field,
        high=high.name,
        high_value=book.value(high),
        low=low.name,
        low_value=book.value(low),
    )


def _proposition(
    name: str,
    text: str,
    facts: Sequence[Proposition],
    *,
    covers: Sequence[Proposition],
    spread: float = 0.0,
) -> Proposition:
    citations = dict.fromkeys(one for fact in facts for one in fact.citations)
    return Proposition(
        entity="",
        field=name,
        text=text,
        label="",
        line=text,
        value=text,
        unit="",
        level="evidence",
        citations=tuple(citations),
        status=COMPARED,
        change=spread,
        covers=tuple(covers),
    )


def _names(facts: Sequence[Proposition], book: PhraseBook, most: int) -> str:
    return book.names([fact.entity for fact in facts], most)


def _number(fact: Proposition) -> float:
    return 0.0 if isinstance(fact.value, str | tuple) else float(fact.value)
