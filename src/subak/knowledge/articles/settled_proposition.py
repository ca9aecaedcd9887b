"""What was settled as propositions: with what it was, and with what others state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from subak.knowledge.articles.phrases import phrases_of
from subak.knowledge.articles.proposition import Proposition, proposition_of, shown
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
        found.append(
            replace(
                proposition,
                is_disputed=proposition.is_disputed or bool(rivals),
                status=one.status,
                note=_note(one, language),
                change=_change(one.fact.value, one.was),
                rivals=rivals,
                date=one.since,
            )
        )
    return tuple(found)


def _note(one: Settled, language: str) -> str:
    phrases = phrases_of(language)
    if one.status == "kept":
        if one.last_confirmed:
            return phrases.kept_since.format(date=one.last_confirmed)
        return phrases.kept
    if one.status != "changed" or one.was is None:
        return ""
    value = shown(one.was, one.was_unit or one.fact.unit, language)
    if one.was_until:
        return phrases.was_until.format(value=value, date=one.was_until)
    if one.was_seen:
        return phrases.was_seen.format(value=value, date=one.was_seen)
    return phrases.was.format(value=value)


def _change(value: FieldValue, was: FieldValue | None) -> float:
    """Return how far a number moved; any other change counts as a whole one."""
    if was is None:
        return 0.0
    if isinstance(value, bool | str | tuple) or isinstance(was, bool | str | tuple):
        return 1.0
    return abs(value - was) / max(abs(was), abs(value), 1e-9)
