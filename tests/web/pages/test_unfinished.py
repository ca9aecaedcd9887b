"""Pages of a workspace whose only run was killed before it had read anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.web.pages.contents import PAGES
from tests.views.sample import RUN, SampleJournal
from tests.web.pages.looking import Looker


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a journal that has no archive and an unended run."""
    folder = tmp_path_factory.mktemp("killed")
    journal = SampleJournal(folder)
    journal.begin()
    journal.task("listing", "news", at=0.5)
    journal.begun("fetch", "germany", at=1.0)
    journal.sent("a" * 64, "facts", "italy", at=2.0)
    journal.save()
    return folder


@pytest.mark.parametrize(
    "name", [page.name for page in PAGES if page.place is not None]
)
def test_every_page_of_the_navigation_has_something_to_say(
    folder: Path, name: str
) -> None:
    """Where nothing is there yet, a page says so instead of failing."""
    assert Looker(folder).look(name).shown.status == 200


def test_search_before_anything_was_read_finds_nothing(folder: Path) -> None:
    """A journal without an index is not an error."""
    look = Looker(folder).look("search", q="vat")
    assert look.shown.values["hits"] == []


def test_killed_run_is_interrupted_and_a_living_one_runs(folder: Path) -> None:
    """Whether a process holds the workspace decides how an unended run is told."""
    dead, alive = Looker(folder), Looker(folder, is_alive=True)
    place = {"run": RUN, "stage": "fetch", "item": "germany"}
    for name, values in (("runs", {}), ("run", {"run": RUN}), ("task", place)):
        assert "interrupted" in dead.look(name, **values).text
        assert "interrupted" not in alive.look(name, **values).text


def test_call_that_was_never_answered_is_in_the_list(folder: Path) -> None:
    """A call that was under way stands among the slowest as open."""
    looker = Looker(folder)
    look = looker.look("run", run=RUN)
    assert "open" in look.text
    call = looker.follow(next(iter(look.links("call"))))
    assert "under way, or lost with its process" in call.text
