"""Bulletin: what a person has to know of a run first, in sentences.

What is fresh, what is old and since when, what waits for somebody and what to type.
All else that is told of a run explains it.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import apsw

from subak.engine.events import Scalar
from subak.knowledge.settling.settlement import Settled
from subak.views.category_state import CategoryState, read_category_states
from subak.views.deadline import read_deadline
from subak.views.freshness import freshness
from subak.views.mended import read_mended
from subak.views.need import (
    Need,
    category_needs,
    other_needs,
    refused_need,
    site_needs,
)
from subak.views.recorded_run import RecordedRun
from subak.views.runs import Run
from subak.views.status import Status
from subak.views.stored_events import iter_events
from subak.views.wording import count, moment, shorten, text_of

Tone = Literal["good", "mixed", "bad"]

_MOST_KEPT = 3
_DAMAGED = "SELECT count(*) FROM event WHERE run = ? AND kind = 'journal.damaged'"


@dataclass(frozen=True, slots=True)
class Aged:
    """Something that stands as it was.

    Args:
        what: What, a sentence.
        since: Since when, in words, "" where nobody knows.
    """

    what: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A run in sentences.

    Args:
        verdict: The whole in one or two sentences.
        needs: What somebody should look at, the most pressing first.
        fresh: What is of this run.
        old: What stands as it was before.
        mended: What went wrong and was mended without anybody.
    """

    verdict: str
    tone: Tone
    needs: tuple[Need, ...] = ()
    fresh: tuple[str, ...] = ()
    old: tuple[Aged, ...] = ()
    mended: tuple[str, ...] = ()

    @property
    def needs_person(self) -> bool:
        """Tell whether anything should not wait."""
        return any(not need.can_wait for need in self.needs)

    def to_json(self) -> dict[str, object]:
        """Return the bulletin with the names of the outer contract."""
        return {
            "verdict": self.verdict,
            "tone": self.tone,
            "needs_person": self.needs_person,
            "needs": [need.to_json() for need in self.needs],
            "fresh": list(self.fresh),
            "old": [{"what": one.what, "since": one.since} for one in self.old],
            "mended": list(self.mended),
        }


def read_bulletin(
    db: apsw.Connection, status: Status, recorded: RecordedRun
) -> Bulletin:
    """Return the bulletin of a run.

    Args:
        status: Of the same run.
    """
    run, summary = recorded.run, status.summary
    states = read_category_states(db, run.id, recorded.tasks, summary.failures)
    again = command_of(run)
    refused = recorded.proof.refused
    needs = [
        *_ending_needs(db, status, again),
        *category_needs(states, again),
        *site_needs(summary.failed_sites, status, again),
        *other_needs(summary.failures, again),
        *([refused_need(refused)] if refused else []),
    ]
    failed = {failure.item for failure in summary.failures}
    tone = _tone(status, needs)
    return Bulletin(
        verdict=_verdict(status, states, needs, tone),
        tone=tone,
        needs=tuple(needs),
        fresh=tuple(_fresh(status, states)),
        old=tuple(_old(status, states)),
        mended=read_mended(db, run.id, failed),
    )


def command_of(run: Run) -> str:
    """Return what to type to run the same recipe again, "" for a map."""
    try:
        options = json.loads(run.options or "{}")
    except ValueError:
        options = {}
    recipe = options.get("recipe") if isinstance(options, dict) else None
    if isinstance(options, dict) and "rows" in options:
        return ""
    return f"subak run {shlex.quote(text_of(recipe) or run.recipe)}"


def _ending_needs(db: apsw.Connection, status: Status, again: str) -> Iterator[Need]:
    """Yield what is amiss with the run as a whole."""
    summary = status.summary
    if summary.status == "interrupted":
        told = _last_break(db, summary.run)
        yield Need(
            what="The run could not go on."
            if told
            else "The run was stopped before its end.",
            why=shorten(text_of(told.get("message")), 220),
            meanwhile="What was finished is kept and costs nothing again.",
            todo=shorten(text_of(told.get("hint")), 220),
            command=again,
            can_wait=not told,
        )
    deadline = read_deadline(db, summary.run)
    if deadline is not None and deadline.left:
        left = ", ".join(shorten(name, 40) for name in deadline.left[:_MOST_KEPT])
        more = len(deadline.left) - _MOST_KEPT
        yield Need(
            what=f"At the deadline {deadline.told} there was still work left:"
            f" {left}{f' and {more} more' if more > 0 else ''}.",
            meanwhile="The next run goes on there.",
            command=again,
        )
    if damaged := int(db.execute(_DAMAGED, (summary.run,)).get):
        yield Need(
            what=f"{count(damaged, 'stored record')} of the journal"
            f" {'is' if damaged == 1 else 'are'} damaged.",
            meanwhile="What they held was made anew.",
            todo="Look at the disk: this does not happen by itself.",
            command="subak doctor",
        )


def _last_break(db: apsw.Connection, run: str) -> Mapping[str, Scalar]:
    """Return the error that ended the run when it was last at work, nothing without."""
    told: Mapping[str, Scalar] = {}
    for stored in iter_events(db, run, kinds=("run.resumed", "run.broken")):
        told = stored.event.data if stored.event.kind == "run.broken" else {}
    return told


def _tone(status: Status, needs: Sequence[Need]) -> Tone:
    if status.summary.status == "failed":
        return "bad"
    return "mixed" if any(not need.can_wait for need in needs) else "good"


def _verdict(
    status: Status, states: Sequence[CategoryState], needs: Sequence[Need], tone: Tone
) -> str:
    if status.summary.status == "running":
        return "The run is still at work; what stands here is how far it has come."
    if tone == "bad":
        return "Nothing could be finished. What was published before stands."
    urgent = sum(not need.can_wait for need in needs)
    rest = len(needs) - urgent
    fresh = freshness(states, is_whole=not urgent)
    if not needs:
        return f"{fresh} Nothing needs you."
    if not urgent:
        return f"{fresh} Nothing is urgent; {_look(rest)} when you like."
    wants = "thing needs" if urgent == 1 else "things need"
    also = f", {_look(rest)} when you like" if rest else ""
    return f"{fresh} {count(urgent)} {wants} a person{also}."


def _look(number: int) -> str:
    return f"{count(number, 'thing')} can be looked at"


def _fresh(status: Status, states: Sequence[CategoryState]) -> Iterator[str]:
    fetch = status.summary.fetch
    if fetch.pages:
        read = fetch.pages - fetch.failed
        news = ", ".join(
            f"{count(number)} {word}"
            for number, word in ((fetch.new, "new"), (fetch.changed, "changed"))
            if number
        )
        yield f"{count(read)} of {count(fetch.pages, 'page')} are up to date" + (
            f": {news}." if news else "; none has changed."
        )
    for state in states:
        if words := _state_words(state):
            yield f"{state.name}: {words}."


def _state_words(state: CategoryState) -> str:
    words = []
    confirmed = state.values - len(state.kept)
    if confirmed:
        news = f", {count(state.changed)} new or changed" if state.changed else ""
        words.append(f"{count(confirmed, 'value')} proved{news}")
    if state.article == "written":
        words.append("article written")
    elif state.article == "unchanged":
        words.append("article as before, for nothing has changed")
    return "; ".join(words)


def _old(status: Status, states: Sequence[CategoryState]) -> Iterator[Aged]:
    for state in states:
        if state.kept:
            yield _kept(state)
        if state.article in ("kept", "failed") and state.written is not None:
            what = "its last article stays" if state.article == "kept" else "no article"
            yield Aged(f"{state.name}: {what}.", moment(state.written))
    for source in status.sources:
        last = source.last_success
        if source.has_failed and last is not None and last < status.started:
            pages = source.counts.failed
            what = f"{count(pages, 'page')} of" if pages else "the list of pages of"
            yield Aged(
                f"{what} the source “{shorten(source.source, 60)}”.",
                moment(last),
            )


def _kept(state: CategoryState) -> Aged:
    shown = ", ".join(_value_words(one) for one in state.kept[:_MOST_KEPT])
    more = len(state.kept) - _MOST_KEPT
    known = [one.last_confirmed or one.since for one in state.kept]
    return Aged(
        f"{state.name}: {count(len(state.kept), 'value')} that nothing proves now:"
        f" {shown}{f' and {more} more' if more > 0 else ''}.",
        min(filter(None, known), default=""),
    )


def _value_words(one: Settled) -> str:
    return f"{shorten(one.fact.entity, 30)} {one.fact.field.replace('_', ' ')}"
