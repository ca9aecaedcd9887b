"""Visits: when a page is asked for again, and how."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.documents.snapshot import Snapshot
from subak.knowledge.documents.visits import (
    AUDIT_DAYS,
    TRUSTED,
    How,
    Trust,
    Visit,
    Wish,
    after_answer,
    after_change,
    after_failure,
    decide,
)

DAY = 86_400.0
MORNING = 1_800_000_000.0 // DAY * DAY + 6 * 3_600
PAGE = Snapshot("https://site.example/a", "https://site.example/a", "b1", etag='"1"')
PLAIN = Wish()

times = st.floats(min_value=0, max_value=60 * DAY)
hints = st.sampled_from(["", "2027-01-01", "2027-01-05T10:00:00Z", "etag-of-feed"])
trusts = st.builds(Trust, st.booleans(), st.booleans())
states = st.builds(
    replace,
    st.just(PAGE),
    url=st.sampled_from(["https://site.example/", "https://site.example/a"]),
    etag=st.sampled_from(["", '"1"']),
    hint=hints,
    last_read=times.map(lambda age: MORNING - age),
    last_fetched=times.map(lambda age: MORNING - age),
    unchanged_streak=st.integers(0, 20),
    failures=st.integers(0, 6),
    status=st.sampled_from([0, 200, 404, 410]),
    next_due=st.floats(MORNING - 20 * DAY, MORNING + 20 * DAY),
)
wishes = st.builds(Wish, hint=hints, may_rest=st.booleans())


def read_now(known: Snapshot | None, now: float, body: str = "b1") -> Snapshot:
    """Return the state after a visit that got these bytes."""
    return after_answer(known, replace(PAGE, body=body, last_read=now), now)


def mornings(days: int, wish: Wish, url: str = PAGE.url) -> list[Visit]:
    """Return what is decided each morning about a page that never changes."""
    page = replace(PAGE, url=url, hint=wish.hint)
    known = after_answer(None, replace(page, last_read=MORNING), MORNING)
    decided = []
    for day in range(1, days + 1):
        # A timer is never exact: some mornings it is a little early.
        now = MORNING + day * DAY - 600 * (day % 3)
        visit = decide(known, wish, now)
        decided.append(visit)
        if visit.how != "spare":
            read = now if visit.how == "anew" else known.last_read
            known = after_answer(known, replace(known, last_read=read), now)
    return decided


@given(states, wishes, trusts)
def test_decide_asks_conditionally_only_where_that_can_be_answered(
    known: Snapshot, wish: Wish, trust: Trust
) -> None:
    """Of a page without validators, or of a liar, no 304 is ever asked for."""
    visit = decide(known, wish, MORNING, trust)
    if visit.how == "conditional":
        assert trust.in_validators
        assert known.etag
        assert not known.is_removed


@given(states, wishes, trusts)
def test_decide_never_spares_a_page_longer_than_an_audit(
    known: Snapshot, wish: Wish, trust: Trust
) -> None:
    """After fourteen days every page that is there is read whole."""
    visit = decide(replace(known, failures=0), wish, MORNING, trust)
    if MORNING - known.last_read >= AUDIT_DAYS * DAY:
        assert visit.how == "anew"


@given(states, wishes, trusts)
def test_decide_reads_a_page_whose_hint_changed(
    known: Snapshot, wish: Wish, trust: Trust
) -> None:
    """No validator is asked when the site itself says that the page changed."""
    if wish.hint and known.hint and wish.hint != known.hint and not known.failures:
        assert decide(known, wish, MORNING, trust).how == "anew"


@given(states, wishes, trusts)
def test_decide_spares_for_a_reason(known: Snapshot, wish: Wish, trust: Trust) -> None:
    """Nothing is left out but by a hint, by long steadiness, or after failures."""
    visit = decide(known, wish, MORNING, trust)
    if visit.reason == "same hint":
        assert trust.in_hints
        assert wish.hint == known.hint != ""
    elif visit.reason == "not due":
        assert wish.may_rest
        assert known.unchanged_streak > 2
        assert known.next_due > MORNING
        assert known.url != "https://site.example/"
    else:
        assert (visit.how == "spare") is (visit.reason == "failing")


def test_decide_new_page_is_read() -> None:
    """What was never seen is asked for plainly."""
    assert decide(None, PLAIN, MORNING) == Visit("anew", "new")


def test_decide_steady_page_is_visited_ever_less() -> None:
    """Every day at first; then after 2, 4, 8 days; but whole once in a fortnight."""
    decided = mornings(30, PLAIN)
    visited = [
        day for day, visit in enumerate(decided, 1) if visit.how == "conditional"
    ]
    assert [each.how for each in decided[:3]] != ["spare"] * 3
    audits = [day for day, visit in enumerate(decided, 1) if visit.reason == "audit"]
    gaps = [later - earlier for earlier, later in pairwise(audits)]
    assert len(visited) + len(audits) <= 9
    assert all(gap == AUDIT_DAYS for gap in gaps)
    assert {each.reason for each in decided} == {"conditional", "not due", "audit"}


@pytest.mark.parametrize(
    ("url", "wish"),
    [
        ("https://site.example/", PLAIN),
        ("https://site.example", PLAIN),
        (PAGE.url, Wish(may_rest=False)),
    ],
)
def test_decide_front_and_listing_pages_never_rest(url: str, wish: Wish) -> None:
    """What lists other pages is visited every day, however steady."""
    assert "spare" not in {visit.how for visit in mornings(30, wish, url)}


def test_decide_hourly_runs_do_not_wear_a_page_out() -> None:
    """Twenty visits in one day make one day of steadiness."""
    known = read_now(None, MORNING)
    for hour in range(1, 20):
        known = read_now(known, MORNING + hour * 3_600)
    assert known.unchanged_streak == 0


def test_decide_same_hint_spares_but_for_the_audit() -> None:
    """With a hint that stays the same a page is read once in fourteen days."""
    decided = mornings(28, Wish("2025-05-05T10:00:00Z"))
    assert [visit.how for visit in decided].count("anew") == 2
    assert {visit.reason for visit in decided} == {"same hint", "audit"}


@pytest.mark.parametrize(
    ("hint", "read_after_s", "how"),
    [
        ("2027-01-05", 6 * 3_600, "conditional"),
        ("2027-01-05", 30 * 3_600, "conditional"),
        ("2027-01-05", 37 * 3_600, "spare"),
        ("2027-01-05T05:00:00Z", 6 * 3_600, "spare"),
        ("2027-13-45", 6 * 3_600, "spare"),
    ],
)
def test_decide_day_without_a_time_proves_nothing_about_that_day(
    hint: str, read_after_s: float, how: How
) -> None:
    """A page read on the day of its lastmod may have changed after that."""
    day = 1_799_107_200.0  # 2027-01-05
    read = day + read_after_s
    known = replace(
        PAGE, url="https://site.example/b", hint=hint, last_read=read, next_due=0
    )
    assert decide(known, Wish(hint), read + 3_600).how == how


def test_decide_first_hint_is_taken_down_not_obeyed() -> None:
    """A hint that was not known at the last visit says nothing of a change."""
    known = read_now(None, MORNING)
    assert decide(known, Wish("2027-01-01"), MORNING + 3_600).how == "conditional"


def test_decide_liars_are_not_asked() -> None:
    """Distrusted hints spare nothing; distrusted validators ask for nothing."""
    known = replace(read_now(None, MORNING), hint="h")
    wish, later = Wish("h"), MORNING + 3_600
    assert decide(known, wish, later, TRUSTED).how == "spare"
    assert decide(known, wish, later, Trust(in_hints=False)).how == "conditional"
    nothing = Trust(in_hints=False, in_validators=False)
    assert decide(known, wish, later, nothing) == Visit("anew", "no validators")


def test_decide_recipe_may_leave_more_time() -> None:
    """A source with `every = "7d"` is asked weekly, a little early at the most."""
    known, wish = read_now(None, MORNING), Wish(rest_s=7 * DAY)
    asked = [day for day in range(1, 9) if _is_asked(known, wish, day)]
    assert asked == [7, 8]
    assert not _is_asked(known, wish, 5.5)


def _is_asked(known: Snapshot, wish: Wish, day: float) -> bool:
    return decide(known, wish, MORNING + day * DAY).how != "spare"


def test_decide_lasting_failures_rest_for_days() -> None:
    """A page that says 403 is asked on two mornings, then after 1, 2, 4, 8 days."""
    known: Snapshot | None = None
    asked = []
    for day in range(25):
        now = MORNING + day * DAY
        if decide(known, PLAIN, now).how == "spare":
            continue
        asked.append(day)
        before = known or Snapshot(PAGE.url, PAGE.url, "", status=0)
        known = after_failure(before, "HTTP 403", 0, now)
    assert asked == [0, 1, 2, 4, 8, 16]


def test_decide_failing_page_that_answers_is_forgiven() -> None:
    """One answer, and the page is as good as any."""
    known = replace(PAGE, failures=4, failure="HTTP 403", next_due=MORNING)
    again = read_now(known, MORNING)
    assert (again.failures, again.failure) == (0, "")


def test_after_answer_new_bytes_clear_what_was_made_of_the_old_ones() -> None:
    """Document and links belong to a body; the first time stays for ever."""
    first = replace(read_now(None, MORNING), document="d1", links=("x",))
    same = read_now(first, MORNING + DAY)
    assert (same.document, same.links, same.unchanged_streak) == ("d1", ("x",), 1)
    assert same.last_changed == MORNING
    other = read_now(same, MORNING + 2 * DAY, "b2")
    assert (other.document, other.links) == ("", ())
    assert (other.first_fetched, other.last_changed) == (MORNING, MORNING + 2 * DAY)


def test_after_change_begins_anew() -> None:
    """A text that changed is looked at every day again."""
    streak, due = after_change(MORNING)
    assert streak == 0
    assert MORNING < due < MORNING + DAY
