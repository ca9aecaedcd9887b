"""GET_FACT: the values published about something, with their proof."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Annotated

import apsw
from msgspec import Meta, Struct

from subak.errors import UserError
from subak.knowledge.facts.fact import Refusal
from subak.knowledge.settling.settlement import Settled
from subak.mcp.cursor import Cursor, fill
from subak.mcp.fact_words import FactTold, tell_fact
from subak.mcp.foreign_words import NOTICE, Told, one_line, told_value
from subak.mcp.library import Library
from subak.mcp.tool import Tell, Tool
from subak.views.facts import Facts, read_facts

_MOST_REFUSED = 10
_MOST_OTHERS = 5


class FactAsked(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Arguments of get_fact."""

    entity: Annotated[
        str,
        Meta(min_length=1, max_length=200, description='What it is about: "Italy".'),
    ]
    field: Annotated[
        str, Meta(max_length=200, description='Of this field: "vat_standard".')
    ] = ""
    category: Annotated[str | None, Meta(description="Of this category.")] = None
    cursor: Annotated[
        str, Meta(description="next_cursor of the answer before this one.")
    ] = ""


class PublishedFact(Struct, frozen=True):
    """A published value.

    Status is "new", "changed", "same" or "kept"; a kept one no document proves any
    more: see last_confirmed. Others are what other documents state instead.
    """

    fact: FactTold
    status: str
    confirmed: bool
    since: str
    last_confirmed: str
    was: Told | None
    was_unit: str
    was_until: str
    others: list[FactTold]


class RefusedFact(Struct, frozen=True):
    """A value that a model proposed and no document proved."""

    category: str
    field: str
    proposed: str
    reason: str
    url: str


class FactAnswer(Struct, frozen=True):
    """Published values of an entity, and refused ones."""

    notice: str
    run: str
    facts: list[PublishedFact]
    refused: list[RefusedFact]
    next_cursor: str | None


async def _get(library: Library, asked: FactAsked, _: Tell) -> FactAnswer:
    named = (asked.entity, asked.field, asked.category)
    cursor = Cursor.read(asked.cursor, "get_fact", *named)

    def look(db: apsw.Connection) -> FactAnswer:
        return _find(read_facts(db, cursor.run, category=asked.category), asked, cursor)

    return await library.read(look)


def _find(found: Facts, asked: FactAsked, cursor: Cursor) -> FactAnswer:
    """Return what was found.

    Raises:
        UserError: Nothing is known of the entity or the field.
    """
    settled = [one for one in found.settled if _is(one.fact.entity, asked.entity)]
    refused = [one for one in found.refused if _is(one.entity, asked.entity)]
    if not settled and not refused:
        names = [one.fact.entity for one in found.settled]
        raise _unknown("facts about", asked.entity, names)
    if asked.field:
        fields = [one.fact.field for one in settled]
        settled = [one for one in settled if _is(one.fact.field, asked.field)]
        refused = [one for one in refused if _is(one.field, asked.field)]
        if not settled and not refused:
            raise _unknown(f"{asked.entity}: field", asked.field, fields)
    facts, after = fill(settled, cursor.at, _published)
    return FactAnswer(
        notice=NOTICE,
        run=found.run.id,
        facts=facts,
        refused=[_refusal(one) for one in refused[:_MOST_REFUSED]],
        next_cursor=cursor.on(after, found.run.id),
    )


def _is(name: str, wanted: str) -> bool:
    """Tell whether it is that name, as it stands or as it was told."""
    return _plain(wanted) in (_plain(name), _plain(one_line(name)))


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def _published(one: Settled) -> PublishedFact:
    return PublishedFact(
        fact=tell_fact(one.fact),
        status=one.status,
        confirmed=one.is_confirmed,
        since=one.since,
        last_confirmed=one.last_confirmed,
        was=None if one.was is None else told_value(one.was),
        was_unit=one_line(one.was_unit),
        was_until=one.was_until,
        others=[tell_fact(each, 1) for each in one.others[:_MOST_OTHERS]],
    )


def _refusal(one: Refusal) -> RefusedFact:
    return RefusedFact(
        category=one_line(one.category),
        field=one_line(one.field),
        proposed=one_line(one.proposed),
        reason=one_line(one.reason),
        url=one_line(one.url, 1_000),
    )


def _unknown(what: str, wanted: str, known: Sequence[str]) -> UserError:
    names = sorted({one_line(name, 80) for name in known})
    by_plain = {_plain(name): name for name in names}
    close = difflib.get_close_matches(_plain(wanted), by_plain, n=1, cutoff=0.5)
    if close:
        hint = f"did you mean '{by_plain[close[0]]}'?"
    elif names:
        hint = f"known: {', '.join(names[:20])}{', …' if len(names) > 20 else ''}"
    else:
        hint = "this workspace has published no facts; use search or ask"
    return UserError(f"no {what} '{one_line(wanted, 80)}'", hint=hint)


GET_FACT = Tool(
    name="get_fact",
    title="Look a fact up",
    text="Return the published values about an entity, each with the quotes that prove"
    " it, since when it stands, what it was before and what other documents say"
    " instead; and values that were refused, with the reason.",
    asked=FactAsked,
    answer=FactAnswer,
    run=_get,
)
