"""What a figure is bounded by and belongs to, and what an operator stands before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from subak.knowledge.checking.sense import CURRENCIES, Part, Reading


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


BOUNDS = _set(
    "about almost exactly atleast atmost above below until since before after within"
    " average estimated"
)
_JOINTS = _set("and or but e ed o ma dan atau serta")
_IGNORED = BOUNDS | {"any"}


def states_same(one: Part, other: Part) -> bool:
    first, second = one.figure, other.figure
    if first is None or second is None:
        return False
    if first.says(second):
        return True
    if {first.measure, second.measure} == {"", "person"}:
        return first.kind == second.kind and first.values == second.values
    for units in ({"year": 12, "month": 1}, {"week": 7, "day": 1}):
        if not {first.measure, second.measure} <= units.keys():
            continue
        ours = {value * units[first.measure] for value in first.values}
        theirs = {value * units[second.measure] for value in second.values}
        return ours == theirs
    return False


def is_date(part: Part) -> bool:
    return part.figure is not None and part.figure.kind in {"year", "date"}


def bounds_of(reading: Reading, figure: Part) -> frozenset[str]:
    """Return what limits a figure: what stands right before it or right after."""
    at = reading.parts.index(figure)
    found: set[str] = set()
    for part in reversed(reading.parts[max(0, at - 4) : at]):
        if part.kind == "figure" or part.text in {",", "and"}:
            break
        found |= part.senses & BOUNDS if part.kind == "operator" else set()
        if part.kind == "small" and part.text in {"from", "to", "by", "per"}:
            is_since = part.text == "from" and is_date(figure)
            found.add("since" if is_since else part.text)
        if part.kind == "sense" and not is_currency(part):
            break
    for part in reading.parts[at + 1 : at + 3]:
        if part.kind == "operator" and part.senses <= {"atleast", "atmost"}:
            found |= part.senses
    return frozenset(found)


def is_other_money(said: Reading, ours: Part, source: Reading, theirs: Part) -> bool:
    """Tell whether two figures stand beside two currencies."""
    first, second = _money(said, ours), _money(source, theirs)
    return bool(first) and bool(second) and first.isdisjoint(second)


def _money(reading: Reading, figure: Part) -> frozenset[str]:
    at = reading.parts.index(figure)
    beside = reading.parts[max(0, at - 1) : at] + reading.parts[at + 1 : at + 2]
    return frozenset().union(*(one.senses for one in beside)) & CURRENCIES


def is_currency(part: Part) -> bool:
    return bool(part.senses & CURRENCIES)


def owners_of(reading: Reading) -> Iterator[Part | None]:
    """Yield for each figure what it belongs to: "50-euro fee", "fee of 50 euros"."""
    actors = {one.text for one in reading.meant if one.senses & reading.lexicon.actors}
    for figure in reading.figures:
        at = reading.parts.index(figure)
        after = [part for part in reading.parts[at + 1 :] if not is_currency(part)]
        is_followed = bool(after) and after[0].kind == "sense" and len(actors) < 2
        if is_followed and not after[0].is_proper:
            yield after[0]
            continue
        nearest: Part | None = None
        for part in reversed(reading.parts[:at]):
            if part.kind == "figure" and not is_date(part):
                break
            if part.kind == "sense" and not is_currency(part):
                is_actor = len(actors) > 1 and part.text in actors
                nearest = part if nearest is None or is_actor else nearest
                if is_actor:
                    break
        yield nearest


def classes_of(parts: Sequence[Part]) -> Iterator[str]:
    """Yield the classes of operators; one of several readings stands for them all."""
    for part in parts:
        yield min(part.senses)


def carriers_of(reading: Reading, name: str) -> Iterator[tuple[Part, ...]]:
    """Yield what each operator of that class stands before: its phrase, if any."""
    for at, part in enumerate(reading.parts):
        if part.kind == "operator" and min(part.senses) == name:
            yield tuple(_phrase(reading.parts[at + 1 :]))


def _phrase(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield the next word that says something, and those of its phrase."""
    found = False
    for part in parts:
        is_operator = part.kind == "operator" and not part.senses & _IGNORED
        if found and (is_operator or part.kind in {"light", "mark", "figure"}):
            return
        if found and part.text in _JOINTS:
            return
        if is_operator or (part.kind == "sense" and not _is_place_tied(part)):
            yield part
            found = True
            if is_operator:
                return


def _is_place_tied(part: Part) -> bool:
    return part.is_proper and bool(part.preposition)


def is_alike(ours: Sequence[Part], theirs: Sequence[Part]) -> bool:
    """Tell whether two phrases share a word; an empty one meets any."""
    if not ours or not theirs:
        return True
    return any(is_met(one, other) for one in ours for other in theirs)


def is_met(one: Part | None, other: Part | None) -> bool:
    if one is None or other is None:
        return True
    if one.figure and other.figure:
        return states_same(one, other)
    return one.says(other)


def form_of(reading: Reading, part: Part) -> tuple[str, str, str]:
    """Return what kind of figure it is: percent, years, euros."""
    at = reading.parts.index(part)
    beside = reading.parts[max(0, at - 1) : at] + reading.parts[at + 1 : at + 2]
    money = next((one.text for one in beside if is_currency(one)), "")
    figure = part.figure
    return (figure.kind, figure.measure, money) if figure else ("", "", "")
