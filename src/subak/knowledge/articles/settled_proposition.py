"""What was settled as propositions: with what it was, and with what others state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from subak.knowledge.articles.phrases import phrases_of
from subak.knowledge.articles.proposition import Proposition, proposition_of
from subak.knowledge.articles.spoken_day import spoken_day
from subak.knowledge.articles.spoken_value import spoken_value
from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.settling.settlement import Settled


def propose_settled(
    settled: Iterable[Settled],
    fields: Mapping[str, str],
    *,
    language: str = "en",
    title_of: Callable[[str], str] = lambda _: "",
) -> tuple[Proposition, ...]:
    """Return what can be cited of the settled values, in their order.

    What was taken from a file has no quote and is shown in tables only.
    """
    found = []
    for one in settled:
        if not one.fact.evidence:
            continue
        proposition = proposition_of(
            [one.fact], fields, language=language, title_of=title_of
        )
        rivals = tuple(
            proposition_of([other], fields, language=language, title_of=title_of)
            for other in one.others
            if other.evidence
        )
        is_changed = one.status == "changed"
        found.append(
            replace(
                proposition,
                is_disputed=proposition.is_disputed or bool(rivals),
                status=one.status,
                note="; ".join(_notes(one, proposition.text, language)),
                change=_change(one.fact.value, one.was),
                rivals=rivals,
                date=one.since,
                moved=_direction(one.fact.value, one.was) if is_changed else 0,
            )
        )
    return tuple(found)


def _notes(one: Settled, text: str, language: str) -> Iterator[str]:
    """Yield since when or for which year it holds, then what it was."""
    phrases, fact = phrases_of(language), one.fact
    if fact.valid_from and not one.was_until:
        yield phrases.since.format(date=spoken_day(fact.valid_from, language))
    elif fact.year and not fact.valid_from and str(fact.year) not in text:
        yield str(fact.year)
    if one.status == "kept":
        date = spoken_day(one.last_confirmed, language)
        yield phrases.kept_since.format(date=date) if date else phrases.kept
    elif one.status == "changed" and one.was is not None:
        yield note_before(one, language)


def note_before(one: Settled, language: str) -> str:
    """Return what a value was and until when, "" for one that was not known."""
    if one.was is None:
        return ""
    phrases = phrases_of(language)
    value = spoken_value(one.was, _unit_before(one), language)
    if one.was_until:
        date = spoken_day(one.was_until, language)
        return phrases.was_until.format(value=value, date=date)
    if one.was_seen:
        date = spoken_day(one.was_seen, language)
        return phrases.was_seen.format(value=value, date=date)
    return phrases.was.format(value=value)


def _unit_before(one: Settled) -> str:
    """Return the unit of the value before; of what, only where that is another."""
    unit = one.was_unit or one.fact.unit
    is_share = unit == one.fact.unit and unit.startswith("%")
    return "%" if is_share and not isinstance(one.fact.value, tuple) else unit


def _change(value: FieldValue, was: FieldValue | None) -> float:
    """Return how far a number moved; any other change counts as a whole one."""
    if was is None:
        return 0.0
    if isinstance(value, bool | str | tuple) or isinstance(was, bool | str | tuple):
        return 1.0
    return abs(value - was) / max(abs(was), abs(value), 1e-9)


def _direction(value: FieldValue, was: FieldValue | None) -> int:
    """Return 1 for a number that rose, -1 for one that fell, else 0."""
    if was is None or isinstance(value, bool | str | tuple):
        return 0
    if isinstance(was, bool | str | tuple):
        return 0
    return (value > was) - (value < was)
