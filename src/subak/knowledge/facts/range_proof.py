"""The evidence search for a proposed list of ranges, and the rule reader's proof.

A range is proved where its value and its bounds stand together in one place, in their
roles; the list as a whole must keep the field's structure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from subak.knowledge.facts.brackets import Bracket
from subak.knowledge.facts.candidates import Search
from subak.knowledge.facts.mention import Topic
from subak.knowledge.facts.proof import Proof
from subak.knowledge.facts.range_bounds import Bound
from subak.knowledge.facts.range_lists import (
    RangeList,
    Resolved,
    find_lists,
    read_ranges,
    resolve,
    same_ranges,
    starts_of,
)
from subak.knowledge.facts.ranges import Range, show_ranges
from subak.knowledge.facts.structure import find_flaw, joins
from subak.knowledge.text.numbers import find_currency, read_numbers

_FACTORS = (10.0, 100.0, 1e3, 1e6, 1e9)
_LOWER_KEYS = ("from", "lower")
_UPPER_KEYS = ("to", "upper")
_MOST_RANGES = 60


@dataclass(frozen=True, slots=True)
class _Match:
    ranges: tuple[Range, ...]
    brackets: tuple[Bracket, ...]
    has_sums: bool


def prove_ranges(search: Search, topic: Topic, proposed: object) -> Proof | str:
    """Search a document for the proof of a proposed list; the reason if it has none."""
    wanted = read_proposed(proposed)
    if isinstance(wanted, str):
        return wanted
    if len(wanted) == 1:
        return "one value for every amount is no list of ranges"
    lists = find_lists(search, topic)
    usable = [each for each in lists if not each.objection]
    for factored, repair in _repairs(topic, wanted):
        for list_ in usable:
            if match := _match(factored, list_):
                return _weigh(search, topic, list_, match, repair, usable)
    for list_ in lists:
        if list_.objection and _match(wanted, list_):
            return f"the list is in the text, but {list_.objection}"
    return _why_not(topic, wanted, usable)


def read_ranges_by_rule(search: Search, topic: Topic) -> Proof | None:
    """Return the list the text leaves no doubt about, None when it does."""
    read = read_ranges(search, topic)
    if read is None or len(read.ranges) == 1 or _out_of_range(topic, read.ranges):
        return None
    return _proof(read.source, _as_match(read), "")


def read_proposed(proposed: object) -> tuple[Range, ...] | str:
    """Return a model's answer as ranges, or what is wrong with it."""
    if not isinstance(proposed, Sequence) or isinstance(proposed, str):
        return "the answer is not a list of ranges"
    if len(proposed) > _MOST_RANGES:
        return f"the answer has more than {_MOST_RANGES} ranges"
    ranges: list[Range] = []
    for number, each in enumerate(proposed, 1):
        read = each if isinstance(each, Range) else _read_range(each)
        if read is None:
            return f"range {number} of the answer lacks a number"
        ranges.append(read)
    ordered = sorted(ranges, key=lambda each: each.lower)
    return tuple(_joined(ordered)) or "the answer is empty"


def _read_range(proposed: object) -> Range | None:
    if not isinstance(proposed, Mapping):
        return None
    lower = _number(_first(proposed, _LOWER_KEYS))
    upper = _number(_first(proposed, _UPPER_KEYS))
    value = _number(proposed.get("value"))
    return None if value is None else Range(lower or 0.0, upper, value)


def _first(proposed: Mapping[object, object], keys: Sequence[str]) -> object:
    return next((proposed[key] for key in keys if key in proposed), None)


def _number(value: object) -> float | None:
    if isinstance(value, str):
        found = read_numbers(value)
        return found[0].values[-1] if len(found) == 1 else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _joined(ranges: Sequence[Range]) -> Iterator[Range]:
    """Let each range begin where the one before ends, not one step above it.

    A missing lower bound is the end of the range before.
    """
    end: float | None = None
    for each in ranges:
        follows = end is not None and (joins(end, each.lower) or not each.lower)
        yield replace(each, lower=end) if follows and end is not None else each
        end = each.upper


def _repairs(
    topic: Topic, wanted: tuple[Range, ...]
) -> Iterator[tuple[tuple[Range, ...], str]]:
    """Yield the list as it is, then with one common factor for all of it."""
    is_share = all(0 <= each.value <= 1 for each in wanted)
    is_percent = topic.field.rate_unit.startswith("%")
    rates = [(1.0, "")]
    if is_percent and is_share:
        rates.append((100.0, "percent x100"))
    for bound_factor in (1.0, *_FACTORS):
        for rate_factor, rate_repair in rates:
            magnitude = "magnitude" if bound_factor > 1 else ""
            repair = ", ".join(filter(None, (rate_repair, magnitude)))
            yield _times(wanted, rate_factor, bound_factor), repair


def _times(
    ranges: Sequence[Range], rate_factor: float, bound_factor: float
) -> tuple[Range, ...]:
    return tuple(
        Range(
            each.lower * bound_factor,
            None if each.upper is None else each.upper * bound_factor,
            each.value * rate_factor,
        )
        for each in ranges
    )


def _match(wanted: Sequence[Range], list_: RangeList) -> _Match | None:
    """Return the bracket that states each range, None when one is missing."""
    ranges: list[Range] = []
    brackets: list[Bracket] = []
    has_sums = False
    for each in wanted:
        for bracket in list_.brackets:
            end = ranges[-1].upper if ranges else 0.0
            if bracket in brackets or end is None:
                continue
            if stated := _stated(each, bracket, end):
                has_sums = has_sums or (_is_sum(bracket) and end > 0)
                ranges.append(stated)
                brackets.append(bracket)
                break
        else:
            return None
    return _Match(tuple(ranges), tuple(brackets), has_sums)


def _stated(wanted: Range, bracket: Bracket, end: float) -> Range | None:
    """Return the range in the bracket's own numbers, None when it says another one.

    Args:
        end: Where the range before ends.
    """
    value = _among(wanted.value, bracket.values)
    lower = _lower(wanted, bracket, end)
    if value is None or lower is None:
        return None
    if wanted.upper is None:
        is_stated = bracket.is_open or any(
            each.role in ("lower", "") for each in bracket.bounds
        )
        return Range(lower, None, value) if is_stated and not bracket.has_end else None
    upper = _upper(wanted.upper, bracket, lower)
    return None if upper is None else Range(lower, upper, value)


def _lower(wanted: Range, bracket: Bracket, end: float) -> float | None:
    said = [each for each in bracket.bounds if each.role == "lower"]
    for bound in said:
        values = bound.number.values
        if any(joins(end, value) for value in values) and _close(wanted.lower, end):
            return end
        # "from 12,571" is meant by a beginning at 12,570, too.
        near = (each for each in values if joins(wanted.lower, each))
        return _among(wanted.lower, values) or next(near, None)
    if _close(wanted.lower, end):
        return end
    unknown = [each for each in bracket.bounds if not each.role]
    return _of_bounds(wanted.lower, unknown)


def _upper(wanted: float, bracket: Bracket, lower: float) -> float | None:
    for bound in bracket.bounds:
        if bound.role in ("first", "next"):
            sums = tuple(lower + value for value in bound.number.values)
            return _among(wanted, sums)
    said = [each for each in bracket.bounds if each.role == "upper"]
    if said:
        return _of_bounds(wanted, said)
    if any(each.role == "lower" for each in bracket.bounds):
        # "from 28,000" alone ends where the next one begins; the structure tells.
        return None if bracket.is_open else wanted
    return _of_bounds(wanted, [each for each in bracket.bounds if not each.role])


def _of_bounds(wanted: float, bounds: Sequence[Bound]) -> float | None:
    for bound in bounds:
        found = _among(wanted, bound.number.values)
        if found is not None:
            return found
    return None


def _among(wanted: float, values: Sequence[float]) -> float | None:
    return next((each for each in values if _close(each, wanted)), None)


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9)


def _is_sum(bracket: Bracket) -> bool:
    return any(each.role in ("first", "next") for each in bracket.bounds)


def _weigh(
    search: Search,
    topic: Topic,
    list_: RangeList,
    match: _Match,
    repair: str,
    usable: Sequence[RangeList],
) -> Proof | str:
    """Judge a list whose every range is stated: its year, its structure, its values."""
    for other in usable:
        if list_.year and other.year and other.year > list_.year:
            newer = f"the text also states one for {other.year}"
            return f"the list is of {list_.year}; {newer}"
    starts = starts_of(search, list_)
    if flaw := find_flaw(match.ranges, topic.field.structure, starts):
        return flaw
    if reason := _out_of_range(topic, match.ranges):
        return reason
    read = resolve(list_)
    if read and not find_flaw(read.ranges, topic.field.structure, starts):
        is_same = same_ranges(read.ranges, match.ranges)
        if not is_same:
            shown = show_ranges(read.ranges, topic.field.result_unit)
            return f"the text's own list says {shown}"
    elif _has_loose_end(match):
        return "the text doesn't say where each range ends"
    return _proof(list_, match, repair)


def _has_loose_end(match: _Match) -> bool:
    """Tell whether an end was taken from no number of the text."""
    stated = {
        value
        for bracket in match.brackets
        for bound in bracket.bounds
        for value in bound.number.values
    }
    ends = [each.upper for each in match.ranges if each.upper is not None]
    return not match.has_sums and any(
        not any(joins(end, value) or end == value for value in stated) for end in ends
    )


def _out_of_range(topic: Topic, ranges: Sequence[Range]) -> str:
    field = topic.field
    for each in ranges:
        if field.minimum is not None and each.value < field.minimum:
            return f"{each.value:g} is below the least believable value"
        if field.maximum is not None and each.value > field.maximum:
            return f"{each.value:g} is above the largest believable value"
    return ""


def _as_match(read: Resolved) -> _Match:
    return _Match(read.ranges, read.source.brackets, read.has_sums)


def _proof(list_: RangeList, match: _Match, repair: str) -> Proof:
    places = [list_.candidate(each) for each in match.brackets]
    text = [
        each.unit.text[each.place.start : each.place.end] for each in match.brackets
    ]
    words = zip(text, match.brackets, strict=True)
    nothing = [f"'{said}' read as 0" for said, each in words if _is_unsaid(each)]
    scale = places[0].unit.scale
    scaled = f"amounts as '{' '.join(scale.text.split())}' counts them" if scale else ""
    repairs = [repair, "sums" if match.has_sums else "", scaled, *nothing]
    return Proof(
        match.ranges,
        places[0],
        ", ".join(filter(None, repairs)),
        tuple(places[1:]),
        match.has_sums,
        _currency(match),
    )


def _is_unsaid(bracket: Bracket) -> bool:
    """Tell whether words such as "not taxed" stand for the value."""
    return bracket.rate.spelled and bracket.values == (0.0,)


def _currency(match: _Match) -> str:
    """Return the one currency the bounds or their table's titles name."""
    named = {bound.number.currency for each in match.brackets for bound in each.bounds}
    if not any(named):
        headers = {each.unit.unit.header for each in match.brackets}
        named = {find_currency(each.text) for each in headers if each}
    named.discard("")
    return named.pop() if len(named) == 1 else ""


def _why_not(topic: Topic, wanted: Sequence[Range], usable: Sequence[RangeList]) -> str:
    title = topic.field.title or topic.field.name
    if not usable:
        return f"no list of ranges speaks of '{title}'"
    end = 0.0
    for each in wanted:
        is_stated = any(
            _stated(each, bracket, end)
            for list_ in usable
            for bracket in list_.brackets
        )
        if not is_stated:
            shown = show_ranges((each,), topic.field.result_unit)
            return f"no range of the text is {shown}"
        end = end if each.upper is None else each.upper
    return f"no single list of the text holds all ranges of '{title}'"
