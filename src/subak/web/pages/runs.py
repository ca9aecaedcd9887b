"""Runs: every run of the workspace, the newest first."""

from __future__ import annotations

from subak.views.paged import last_if_beyond
from subak.views.past_runs import list_past_runs
from subak.web.page import Asked, Page, Shown

_SIZE = 25


def read_runs(asked: Asked) -> Shown:
    """Read a page of the history."""
    runs = last_if_beyond(
        lambda page: list_past_runs(asked.db, page=page, size=_SIZE),
        asked.number("page"),
    )
    return Shown("runs.html.j2", {"runs": runs})


RUNS = Page("runs", "runs", "Runs", read_runs, place=10)
