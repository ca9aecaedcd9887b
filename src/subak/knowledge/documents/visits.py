"""Visits: whether a page is asked for again, and how; pure.

A listing's hint (a sitemap's lastmod) decides first, then the server's validators.
Neither is believed for ever: each page is read whole once in fourteen days, and a
hint or a validator that was found to lie is no longer asked.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

from subak.knowledge.documents.snapshot import SERVED, Snapshot

How = Literal["anew", "conditional", "spare"]
Reason = Literal[
    "new",
    "gone before",
    "lost copy",
    "this run",
    "refresh",
    "audit",
    "hint changed",
    "no validators",
    "conditional",
    "same hint",
    "not due",
    "failing",
]

AUDIT_DAYS = 14
_DAY_S = 86_400.0
# A run every morning is not late when it comes a little early.
_SLACK_S = 4 * 3_600.0
_INTERVAL_DAYS = (1, 2, 4, 8, 14)
# So often a page must have been the same before it is visited less often.
_STEADY = 2
_DAY_ONLY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Visit:
    """How a page is asked for, and why so."""

    how: How
    reason: Reason


@dataclass(frozen=True, slots=True)
class Trust:
    """What of a page's site may be believed."""

    in_hints: bool = True
    in_validators: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a page.

    Args:
        hint: What the listing says of its state now, "" when nothing.
        rest_s: Seconds the recipe leaves between two requests for it.
        may_rest: It is visited less often when it stays the same; not a page that
            lists others, nor a file of this machine.
    """

    hint: str = ""
    rest_s: float = 0.0
    may_rest: bool = True


TRUSTED = Trust()


def decide(
    known: Snapshot | None, wish: Wish, now: float, trust: Trust = TRUSTED
) -> Visit:
    """Return whether and how a page is to be asked for.

    Args:
        known: Its state after the last visit; its bytes are at hand.
        now: Seconds since the epoch.
    """
    if known is None:
        return Visit("anew", "new")
    if known.failures >= _STEADY and now < known.next_due:
        return Visit("spare", "failing")
    if known.is_removed or not known.body:
        return Visit("anew", "gone before")
    slack_s = min(_SLACK_S, wish.rest_s / 6)
    if now < known.last_fetched + wish.rest_s - slack_s:
        return Visit("spare", "not due")
    if is_audited(known, now):
        return Visit("anew", "audit")
    if (spared_or_read := _by_hint(known, wish, now, trust)) is not None:
        return spared_or_read
    if trust.in_validators and (known.etag or known.last_modified):
        return Visit("conditional", "conditional")
    return Visit("anew", "no validators")


def _by_hint(known: Snapshot, wish: Wish, now: float, trust: Trust) -> Visit | None:
    """Return what the listing's hint decides, or the page's own steadiness."""
    has_hint = bool(wish.hint and known.hint)
    if has_hint and wish.hint != known.hint:
        return Visit("anew", "hint changed")
    if has_hint and trust.in_hints:
        is_proof = is_conclusive(wish.hint, known.last_read)
        return Visit("spare", "same hint") if is_proof else None
    if wish.may_rest and _rests(known, now):
        return Visit("spare", "not due")
    return None


def is_audited(known: Snapshot, now: float) -> bool:
    """Tell whether today the page is read whole, whatever anybody says of it.

    The hash of the URL picks one day of fourteen; who does not run on that day reads
    it when fourteen have passed.
    """
    age_s = now - known.last_read
    if age_s >= AUDIT_DAYS * _DAY_S - _SLACK_S:
        return True
    today = int(now // _DAY_S)
    is_its_day = (zlib.crc32(known.url.encode()) + today) % AUDIT_DAYS == 0
    return is_its_day and age_s >= _interval_s(0)


def is_conclusive(hint: str, read: float) -> bool:
    """Tell whether a hint that stayed the same proves that nothing changed.

    A date without a time says nothing of what happened later on that day.
    """
    day = _DAY_ONLY.fullmatch(hint)
    if day is None:
        return True
    try:
        began = datetime(int(day[1]), int(day[2]), int(day[3]), tzinfo=UTC)
    except ValueError:
        return True
    # Its day ends up to 12 hours later than ours, where the site's clock is west.
    return read >= began.timestamp() + 1.5 * _DAY_S


def after_answer(known: Snapshot | None, answer: Snapshot, now: float) -> Snapshot:
    """Return the state after a visit that got the page or heard it is unchanged.

    Other bytes need not be another text, so the streak goes on until ``after_change``.

    Args:
        answer: What is known of the page now; of its times only ``last_read`` counts.
    """
    if known is None:
        due = now + _interval_s(0)
        known = replace(answer, body="", first_fetched=now, next_due=due)
    is_same = known.body == answer.body
    counts = bool(known.body) and now >= known.next_due
    streak = known.unchanged_streak + counts
    return replace(
        answer,
        document=known.document if is_same else "",
        links=known.links if is_same else (),
        published=known.published if is_same else answer.published,
        first_fetched=known.first_fetched,
        last_fetched=now,
        last_changed=known.last_changed if is_same else now,
        status=SERVED,
        unchanged_streak=streak,
        failures=0,
        failure="",
        next_due=now + _interval_s(streak) if counts else known.next_due,
    )


def after_change(now: float) -> tuple[int, float]:
    """Return streak and next visit of a page whose text became another."""
    return 0, now + _interval_s(0)


def after_failure(known: Snapshot, failure: str, status: int, now: float) -> Snapshot:
    """Return the state after a visit that failed in a way that is likely to last."""
    counts = not known.failures or now >= known.next_due
    failures = known.failures + counts
    return replace(
        known,
        last_fetched=now,
        status=status,
        failures=failures,
        failure=failure,
        next_due=now + _interval_s(failures) if counts else known.next_due,
    )


def _rests(known: Snapshot, now: float) -> bool:
    if now >= known.next_due or known.unchanged_streak <= _STEADY:
        return False
    place = urlsplit(known.url)
    return bool(place.path.strip("/") or place.query)  # a front page never rests


def _interval_s(streak: int) -> float:
    """Return how long to wait after so many visits alike."""
    step = min(max(0, streak - _STEADY), len(_INTERVAL_DAYS) - 1)
    return _INTERVAL_DAYS[step] * _DAY_S - _SLACK_S
