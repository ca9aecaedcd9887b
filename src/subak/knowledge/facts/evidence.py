"""The evidence search for one proposed value: a proof, or the reason of refusal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from subak.knowledge.facts.candidates import (
    Candidate,
    Search,
    is_year,
)
from subak.knowledge.facts.fact import Evidence
from subak.knowledge.facts.highest import with_highest
from subak.knowledge.facts.implied import implied_answer
from subak.knowledge.facts.mention import Nearness, Topic, find_mention
from subak.knowledge.facts.money_name import as_money, find_money
from subak.knowledge.facts.outdated import is_outdated
from subak.knowledge.facts.proof import Proof
from subak.knowledge.facts.range_proof import prove_ranges, read_proposed
from subak.knowledge.facts.ranges import show_ranges
from subak.knowledge.facts.sums import find_sum
from subak.knowledge.facts.weight import outweighing
from subak.knowledge.facts.wording import find_answer, find_choice, find_run
from subak.knowledge.text.dates import read_dates
from subak.knowledge.text.numbers import read_numbers
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.units import Heading
from subak.knowledge.text.words import Span

_QUOTE_CHARS = 400
_FACTORS = (10.0, 100.0, 1e3, 1e6, 1e9, 1e12)
# Below this a lost zero can't be told from another small number.
_LEAST_MAGNITUDE = 1000


def find_proof(search: Search, topic: Topic, proposed: object) -> Proof | str:
    """Search a document for the proof of a proposed value.

    Returns:
        The proof, or why there is none, in words for a person.
    """
    kind = topic.field.kind
    if topic.field.is_number:
        return _prove_number(search, topic, proposed)
    if kind == "boolean":
        return _prove_boolean(search, topic, proposed)
    if kind == "ranges":
        return prove_ranges(search, topic, proposed)
    text = " ".join(str(proposed).split())
    if not any(char.isalnum() for char in text):
        return "the answer is empty"
    if kind == "enum":
        return _prove_choice(search, topic, text)
    if kind == "date":
        return _prove_date(search, topic, text)
    return _prove_text(search, topic, text)


def evidence_of(search: Search, proof: Proof) -> tuple[Evidence, ...]:
    """Return the quote that holds the value, then the heading that names the field.

    Of a list of ranges there is one quote each, in its order.
    """
    document = search.reading.document
    spans = [_place_in(each) for each in (proof.candidate, *proof.others)]
    if not isinstance(proof.value, tuple):
        spans = list(dict.fromkeys(spans))
    titles = [Span(each.start, each.end) for each in _titles(proof)]
    spans += [each for each in dict.fromkeys(titles) if each not in spans]
    quotes = [
        Evidence(
            document.id,
            document.url,
            each.start,
            each.end,
            document.text[each.start : each.end],
        )
        for each in spans
    ]
    return (replace(quotes[0], repair=proof.repair), *quotes[1:])


def _titles(proof: Proof) -> Iterator[Heading]:
    """Yield the heading that names the field, and the title amounts are counted by."""
    candidate = proof.candidate
    if heading := candidate.mention.heading:
        yield heading
    is_amount = candidate.number is None or not candidate.number.percent
    if candidate.unit.scale and (is_amount or isinstance(proof.value, tuple)):
        yield candidate.unit.scale


def within_range(topic: Topic, proof: Proof) -> Proof | str:
    """Return the proof, or why its value can't be believed."""
    if isinstance(proof.value, str | tuple):
        return proof
    field, value = topic.field, float(proof.value)
    if field.minimum is not None and value < field.minimum:
        return f"{show(value)} is below the least believable value {field.minimum:g}"
    if field.maximum is not None and value > field.maximum:
        return f"{show(value)} is above the largest believable value {field.maximum:g}"
    return proof


def number_value(value: float) -> int | float:
    """Return a number as the integer it is, if it is one."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def show(proposed: object) -> str:
    """Return a proposed value as a person would write it."""
    if isinstance(proposed, bool):
        return "yes" if proposed else "no"
    if isinstance(proposed, list | tuple):
        ranges = read_proposed(proposed)
        return str(proposed) if isinstance(ranges, str) else show_ranges(ranges)
    return f"{proposed:.12g}" if isinstance(proposed, float) else str(proposed)


def _prove_number(search: Search, topic: Topic, proposed: object) -> Proof | str:
    value = _as_number(proposed)
    if value is None:
        return f"'{show(proposed)}' is not a number"
    found = with_highest(search, topic, search.numbers(topic))
    usable = [each for each in found if not each.objection]
    proof = _match(usable, value, "") or _mend(topic, usable, value)
    if isinstance(proof, str):
        return proof
    if proof:
        if newer := is_outdated(proof.candidate, usable):
            return _outdated(proposed, proof.candidate, newer)
        current = [each for each in usable if not is_outdated(each, usable)]
        if plainer := outweighing(topic, proof.candidate, current):
            return _outweighed(topic, plainer)
        return within_range(topic, proof)
    added = prove_sum(search, topic)
    if added and _is_close(float(str(added.value)), value):
        return within_range(topic, added)
    return _why_not(search, topic, value, found)


def prove_sum(search: Search, topic: Topic) -> Proof | None:
    """Return the sum of the parts a text gives for one side, None where it has none."""
    found = find_sum(search, topic)
    if found is None:
        return None
    first, *others = found.parts
    value = number_value(found.value)
    return Proof(value, first, found.shown, tuple(others), is_derived=True)


def _mend(
    topic: Topic, usable: Sequence[Candidate], value: float
) -> Proof | str | None:
    proofs = [
        proof
        for factor, repair in _repairs(topic, value)
        if (proof := _match(usable, value * factor, repair))
    ]
    if len(proofs) > 1:
        return f"{show(value)} could stand for several numbers of the text"
    return proofs[0] if proofs else None


def _repairs(topic: Topic, value: float) -> list[tuple[float, str]]:
    repairs: list[tuple[float, str]] = []
    if topic.field.kind == "percent" and 0 < abs(value) <= 1:
        repairs.append((100.0, "percent x100"))
    if topic.field.kind != "percent" and value:
        repairs += [(factor, "magnitude") for factor in _FACTORS]
    return repairs


def _match(usable: Sequence[Candidate], value: float, repair: str) -> Proof | None:
    matching = [each for each in usable if _holds(each, value)]
    if not matching:
        return None
    if repair:
        amounts = [each for each in matching if not is_year(each)]
        if not amounts or (repair == "magnitude" and abs(value) < _LEAST_MAGNITUDE):
            return None
        matching = amounts
    best = matching[0]
    stated = next(each for each in _values(best) if _is_close(each, value))
    if best.number and best.number.is_ambiguous:
        form = best.unit.text[best.place.start : best.place.end]
        repair = f"{repair}, " if repair else ""
        repair += f"'{form}' read as {show(stated)}"
    return Proof(number_value(stated), best, repair)


def _holds(candidate: Candidate, value: float) -> bool:
    return any(_is_close(each, value) for each in _values(candidate))


def _values(candidate: Candidate) -> tuple[float, ...]:
    return candidate.number.values if candidate.number else ()


def _is_close(stated: float, value: float) -> bool:
    return math.isclose(stated, value, rel_tol=1e-9)


def _outdated(proposed: object, old: Candidate, new: Candidate) -> str:
    stated = new.unit.text[new.place.start : new.place.end]
    return (
        f"{show(proposed)} is the value of {old.year}; "
        f"the text also states {stated} for {new.year}"
    )


def _outweighed(topic: Topic, plainer: Candidate) -> str:
    stated = plainer.unit.text[plainer.place.start : plainer.place.end]
    title = topic.field.title or topic.field.name
    if plainer.mention.nearness == Nearness.LABEL and plainer.number:
        return f"the text labels {show(plainer.number.values[0])} as '{title}'"
    return f"the text more plainly states {stated} as '{title}'"


def _why_not(
    search: Search, topic: Topic, value: float, found: Sequence[Candidate]
) -> str:
    for candidate in found:
        if candidate.objection and _holds(candidate, value):
            return f"{show(value)} is in the text, but {candidate.objection}"
    return _nothing(search, topic, show(value))


def _nothing(search: Search, topic: Topic, proposed: str) -> str:
    title = topic.field.title or topic.field.name
    if any(True for _ in search.units_about(topic)):
        return f"no sentence about '{title}' holds {proposed}"
    return f"no sentence speaks of '{title}'"


def _prove_boolean(search: Search, topic: Topic, proposed: object) -> Proof | str:
    if not isinstance(proposed, bool):
        return f"'{show(proposed)}' is neither yes nor no"
    answers = find_answer(search, topic)
    is_labelled = any(each.mention.nearness == Nearness.LABEL for _, each in answers)
    if not is_labelled and (implied := implied_answer(search, topic)):
        if implied.value == proposed:
            return implied
        return f"the text says {show(implied.value)}, not {show(proposed)}"
    if not answers:
        return _nothing(search, topic, "an explicit yes or no")
    best, candidate = answers[0]
    equals = [each for each, other in answers if other.rank[0] == candidate.rank[0]]
    if len(set(equals)) > 1:
        return "the text says both yes and no"
    if best != proposed:
        return f"the text says {show(best)}, not {show(proposed)}"
    return Proof(best, candidate)


def _prove_choice(search: Search, topic: Topic, proposed: str) -> Proof | str:
    found = find_choice(search, topic, proposed)
    if isinstance(found, str):
        return found or _nothing(search, topic, f"'{proposed}'")
    value, candidate = found
    return Proof(value, candidate)


def _prove_text(search: Search, topic: Topic, proposed: str) -> Proof | str:
    candidate = find_run(search, topic, proposed)
    if isinstance(candidate, str) and (named := find_money(search, topic, proposed)):
        candidate = named
    if isinstance(candidate, Candidate):
        candidate = as_money(search, topic, candidate)
    if isinstance(candidate, str):
        return candidate or _nothing(search, topic, f"'{proposed}'")
    place = candidate.place
    run = candidate.unit.text[place.start : place.end]
    return Proof(" ".join(run.split()), candidate)


def _prove_date(search: Search, topic: Topic, proposed: str) -> Proof | str:
    readings = read_dates(proposed)
    wanted = {value for each in readings for value in each.values} or {proposed}
    objection = ""
    for candidate, stated in _stated_dates(search, topic):
        value = next((each for each in stated if _agrees(each, wanted)), None)
        if value is None:
            continue
        objection = candidate.objection
        if not objection:
            repair = f"day and month read as {value}" if len(stated) > 1 else ""
            shortest = min((each for each in wanted if value.startswith(each)), key=len)
            return Proof(shortest, candidate, repair)
    if objection:
        return f"{proposed} is in the text, but {objection}"
    return _nothing(search, topic, proposed)


def _agrees(stated: str, wanted: set[str]) -> bool:
    return any(stated == each or stated.startswith(f"{each}-") for each in wanted)


def _stated_dates(
    search: Search, topic: Topic
) -> list[tuple[Candidate, tuple[str, ...]]]:
    """Return the dates and years in units about the topic, best first."""
    found: list[tuple[Candidate, tuple[str, ...]]] = []
    for unit in search.reading.units:
        inside = {year for each in unit.dates for year in range(each.start, each.end)}
        stated = [(Span(each.start, each.end), each.values) for each in unit.dates]
        stated += [
            (Span(year.start, year.end), (str(year.value),))
            for year in unit.years
            if year.start not in inside
        ]
        for place, values in stated:
            if mention := find_mention(topic, unit, place):
                objection = search.object_to(topic, unit, mention, place)
                candidate = Candidate(unit, place, mention, objection=objection)
                found.append((candidate, values))
    return sorted(found, key=lambda pair: pair[0].rank)


def _as_number(proposed: object) -> float | None:
    if isinstance(proposed, str):
        found = read_numbers(proposed)
        return found[0].values[0] if len(found) == 1 else None
    if isinstance(proposed, bool) or not isinstance(proposed, int | float):
        return None
    return float(proposed) if math.isfinite(proposed) else None


def _place_in(candidate: Candidate) -> Span:
    """Return where a candidate's quote stands in the document."""
    start = candidate.unit.unit.start
    span = _quote(candidate.unit, candidate.place)
    return Span(start + span.start, start + span.end)


def _quote(unit: ReadUnit, place: Span) -> Span:
    """Return the unit, or the part of about 400 characters around the value."""
    size = len(unit.text)
    if size <= _QUOTE_CHARS:
        return Span(0, size)
    spare = max(_QUOTE_CHARS - (place.end - place.start), 0) // 2
    start, end = max(place.start - spare, 0), min(place.end + spare, size)
    if start:
        cut = unit.text.find(" ", start, place.start)
        start = cut + 1 if cut >= 0 else place.start
    if end < size:
        cut = unit.text.rfind(" ", place.end, end)
        end = cut if cut >= 0 else place.end
    return Span(start, end)
