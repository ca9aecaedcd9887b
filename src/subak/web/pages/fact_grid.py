"""FactGrid: the values of a category as a table, entities down, fields across."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from subak.knowledge.facts.fact import Evidence
from subak.knowledge.settling.settlement import Settled
from subak.outputs.values import show_value
from subak.views.facts import Facts
from subak.views.paged import Paged, last_if_beyond, paged
from subak.web.pages.known_recipe import KnownRecipe

_ENTITIES = 25


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of the table.

    Args:
        id: Unique on the page; its proof is called so.
        shown: The value as people read it.
        sources: How many documents state it.
    """

    id: str
    settled: Settled
    shown: str
    proof: Evidence | None
    sources: int


@dataclass(frozen=True, slots=True)
class Row:
    """An entity and its values, one a column; None where nothing was proved."""

    entity: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class FactGrid:
    """A page of a category's table.

    Args:
        columns: Fields and their titles, in the recipe's order.
    """

    columns: tuple[tuple[str, str], ...]
    rows: Paged[Row]


def make_grid(facts: Facts, category: str, recipe: KnownRecipe, page: int) -> FactGrid:
    """Return a page of the table of one category."""
    mine = [one for one in facts.settled if one.fact.category == category]
    fields = _fields(mine, recipe.fields_of(category))
    by_place = {one.key: one for one in mine}
    entities = tuple(sorted({one.fact.entity for one in mine}, key=_folded))
    shown = last_if_beyond(lambda number: paged(entities, number, _ENTITIES), page)
    rows = tuple(
        _row(number, entity, fields, by_place)
        for number, entity in enumerate(shown.rows, start=1)
    )
    return FactGrid(
        tuple((name, recipe.title(category, name)) for name in fields),
        Paged(rows, shown.total, shown.page, shown.size),
    )


def _fields(mine: Iterable[Settled], ordered: Sequence[str]) -> list[str]:
    """Return the fields that have a value, those of the recipe first."""
    there = dict.fromkeys(one.fact.field for one in mine)
    known = [name for name in ordered if name in there]
    return [*known, *sorted(name for name in there if name not in known)]


def _row(
    number: int,
    entity: str,
    fields: Sequence[str],
    by_place: Mapping[tuple[str, str], Settled],
) -> Row:
    return Row(
        entity,
        tuple(
            _cell(f"proof-{number}-{column}", by_place.get((entity, name)))
            for column, name in enumerate(fields, start=1)
        ),
    )


def _cell(name: str, one: Settled | None) -> Cell | None:
    if one is None:
        return None
    fact = one.fact
    return Cell(
        id=name,
        settled=one,
        shown=show_value(fact.value, fact.unit),
        proof=fact.evidence[0] if fact.evidence else None,
        sources=len(one.documents),
    )


def _folded(text: str) -> tuple[str, str]:
    return text.casefold(), text
