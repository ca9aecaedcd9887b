"""WorldMap: a numeric field of countries as classes of colour, and the same as rows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

from subak.knowledge.facts.identity import code_of, find_country
from subak.knowledge.settling.settlement import Settled
from subak.outputs.paths import Paths
from subak.outputs.quantiles import quantile_bounds
from subak.outputs.site import Field, Site
from subak.outputs.values import show_value
from subak.outputs.world_shapes import WorldShapes, world_shapes

_CLASSES = 5
# With fewer a map says less than their names in a row.
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class MappedValue:
    """One row of the table, and its country on the map.

    Args:
        code: Two letters, "" for one that is not drawn.
        shade: 1 (lowest) to 5 of the colour scale, 0 for none.
        path: The page and anchor with its proof.
    """

    settled: Settled
    code: str
    shade: int
    path: str

    @property
    def shown(self) -> str:
        """Return the value with its unit."""
        return show_value(self.settled.fact.value, self.settled.fact.unit)


@dataclass(frozen=True, slots=True)
class MapClass:
    """One line of the legend; ``lowest`` and ``highest`` are values that occur."""

    shade: int
    lowest: str
    highest: str
    countries: int


@dataclass(frozen=True, slots=True)
class WorldMap:
    """A map of one field.

    Args:
        unit: Of the values on the map, "" for none.
        classes: The legend, from low to high.
        values: All values of the field, the highest first, then what is not drawn.
    """

    category: str
    field: Field
    unit: str
    classes: tuple[MapClass, ...]
    values: tuple[MappedValue, ...]

    @property
    def path(self) -> str:
        """Return its page."""
        return Paths.map(self.category, self.field.name)

    @property
    def drawn(self) -> tuple[MappedValue, ...]:
        """Return the values on the map."""
        return tuple(one for one in self.values if one.shade)

    @property
    def by_code(self) -> Mapping[str, MappedValue]:
        """Return the values on the map by country."""
        return {one.code: one for one in self.drawn}

    @property
    def shapes(self) -> WorldShapes:
        """Return what is to be drawn."""
        return world_shapes()


def iter_maps(site: Site, category: str) -> Iterator[WorldMap]:
    """Yield a map of each field of a category that is a number of several countries."""
    for field in site.fields_of(category):
        settled = [
            one
            for one in site.settled
            if (one.fact.category, one.fact.field) == (category, field.name)
        ]
        found = _make_map(category, field, settled)
        if found is not None:
            yield found


def _make_map(category: str, field: Field, settled: list[Settled]) -> WorldMap | None:
    drawn = _comparable(settled)
    if len(drawn) < _FEWEST:
        return None
    numbers = [number for number, _ in drawn.values()]
    bounds = quantile_bounds(numbers, _CLASSES)
    shades = {
        one.fact.entity: _shade(bisect_left(bounds, number), len(bounds))
        for number, one in drawn.values()
    }
    values = [_mapped(one, shades.get(one.fact.entity, 0)) for one in settled]
    unit = next(one.fact.unit for _, one in drawn.values())
    return WorldMap(
        category=category,
        field=field,
        unit=unit,
        classes=tuple(_legend(numbers, bounds, unit)),
        values=tuple(sorted(values, key=_place)),
    )


def _comparable(settled: list[Settled]) -> dict[str, tuple[float, Settled]]:
    """Return what can be compared on a map: numbers in one unit, by country.

    Values in another unit than most, such as another currency, are left out; so is the
    second of two entities that are the same country.
    """
    found = [
        (number, one)
        for one in settled
        if (number := _number(one)) is not None and _code(one)
    ]
    units = Counter(one.fact.unit for _, one in found)
    unit = min(units, key=lambda name: (-units[name], name), default="")
    drawn: dict[str, tuple[float, Settled]] = {}
    for number, one in found:
        if one.fact.unit == unit:
            drawn.setdefault(_code(one), (number, one))
    return drawn


def _number(one: Settled) -> float | None:
    value = one.fact.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isfinite(value) else None


def _code(one: Settled) -> str:
    code = _country_code(one.fact.entity)
    return code if world_shapes().has(code) else ""


@lru_cache(maxsize=1024)
def _country_code(entity: str) -> str:
    """Return the two letters of a country by any of its names; "south-korea" is one."""
    for name in dict.fromkeys((entity, re.sub("[-_]", " ", entity))):
        known = find_country(name, whole=True)
        if code := code_of(name) or code_of(known):
            return code
    return ""


def _mapped(one: Settled, shade: int) -> MappedValue:
    fact = one.fact
    anchor = Paths.answer(fact.category, fact.field)
    return MappedValue(
        settled=one,
        code=_code(one),
        shade=shade,
        path=f"{Paths.entity(fact.entity)}#{anchor}",
    )


def _shade(place: int, classes: int) -> int:
    """Return the colour of a class, spread over the scale where there are few."""
    if classes == 1:
        return (_CLASSES + 1) // 2
    return 1 + round(place * (_CLASSES - 1) / (classes - 1))


def _legend(
    numbers: Sequence[float], bounds: tuple[float, ...], unit: str
) -> Iterator[MapClass]:
    for place in range(len(bounds)):
        inside = [number for number in numbers if bisect_left(bounds, number) == place]
        yield MapClass(
            shade=_shade(place, len(bounds)),
            lowest=show_value(min(inside), unit),
            highest=show_value(max(inside), unit),
            countries=len(inside),
        )


def _place(one: MappedValue) -> tuple[bool, float, str]:
    number = _number(one.settled)
    return (not one.shade, -(number or 0.0), one.settled.fact.entity)
