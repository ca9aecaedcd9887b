"""Compare: two runs side by side, and the values that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from subak.errors import UserError
from subak.outputs.values import show_value
from subak.views.comparison import compare_runs
from subak.views.paged import last_if_beyond, paged
from subak.views.past_runs import PastRun
from subak.views.runs import find_previous, get_run
from subak.views.wording import count, duration
from subak.web.page import Asked, Page, Shown
from subak.web.pages.known_recipe import known_recipe

_SIZE = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the comparison: what, then, now, and the difference in words."""

    title: str
    earlier: str
    later: str
    difference: str


def read_compare(asked: Asked) -> Shown:
    """Read two runs; by default the newest and the one of its recipe before it."""
    later = get_run(asked.db, asked.query.get("later", ""))
    earlier = asked.query.get("earlier", "")
    if not earlier:
        previous = find_previous(asked.db, later)
        if previous is None:
            raise UserError(
                f"run {later.id} has no run before it to be compared with",
                hint="run the recipe once more, then compare",
            )
        earlier = previous.id
    found = compare_runs(asked.db, earlier, later.id)
    values = {
        "found": found,
        "figures": _figures(found.earlier, found.later),
        "changes": last_if_beyond(
            lambda page: paged(found.changes, page, _SIZE), asked.number("page")
        ),
        "recipe": known_recipe(asked),
        "show": show_value,
    }
    return Shown("compare.html.j2", values)


def _figures(one: PastRun, other: PastRun) -> list[Figure]:
    lines = [
        Figure(
            "Time of work",
            duration(one.seconds),
            duration(other.seconds),
            _faster(one.seconds, other.seconds),
        )
    ]
    for title, name, numbers in (
        ("Tasks done", "done", (one.tasks, other.tasks)),
        ("Tasks from the journal", "cached", (one.tasks, other.tasks)),
        ("Tasks failed", "failed", (one.tasks, other.tasks)),
        ("Model calls", "sent", (one.calls, other.calls)),
        ("Calls tried again", "retried", (one.calls, other.calls)),
        ("Tokens read", "in", (one.tokens, other.tokens)),
        ("Tokens written", "out", (one.tokens, other.tokens)),
        ("Values proved", "proved", (one.facts, other.facts)),
        ("Values refused", "refused", (one.facts, other.facts)),
    ):
        lines.append(_counted(title, name, *numbers))
    return lines


def _counted(
    title: str, name: str, one: Mapping[str, int], other: Mapping[str, int]
) -> Figure:
    before, after = one.get(name, 0), other.get(name, 0)
    sign = "+" if after > before else "−"
    words = "" if before == after else f"{sign}{count(abs(after - before))}"
    return Figure(title, count(before), count(after), words)


def _faster(before: float | None, after: float | None) -> str:
    if not before or not after:
        return ""
    if before >= after:
        return f"{before / after:,.1f} times as fast"
    return f"{after / before:,.1f} times as long"


COMPARE = Page("compare", "compare", "Compare runs", read_compare, under="runs")
