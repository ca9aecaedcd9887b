"""clean: what is old and nobody needs goes, all else stays, killed or not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import apsw
import pytest
from click.testing import CliRunner

from subak.api import RunRequest, run
from subak.cli.clean import clean as clean_command
from subak.engine.lock import WorkspaceLock
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.errors import StorageError, UserError, WorkspaceBusy
from subak.knowledge.documents.archive import find_document
from subak.recipes.cleaning import clean, rehearse_clean
from subak.testing.clock import VirtualClock
from subak.testing.site import FakeSite
from subak.views.summary import RunSummary, run_summary
from subak.views.why import explain
from tests.job.pages import PAGE, source
from tests.job.serving import served, write_job
from tests.recipes.killed_clean import DAY_S, LATER_S

ROOT = Path(__file__).parents[2]
NARNIA = """<html lang="en"><head><title>Narnia</title></head><body><article>
<h1>Narnia</h1><p>Behind the wardrobe there is a country of snow where a lamp-post
stands alone in a wood, and nobody there has ever heard of a levy.</p>
</article></body></html>"""


@dataclass(frozen=True, slots=True)
class _Lived:
    """A workspace with five runs, four of them over changed pages."""

    folder: Path
    recipe: Path
    site: FakeSite
    last: RunSummary
    told: dict[str, object]


def _told(folder: Path, last: RunSummary) -> dict[str, object]:
    database = open_reader(Workspace(folder).journal)
    try:
        return run_summary(database, last.run).to_json()
    finally:
        database.close()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Lived]:
    """Live five days once; the servers stay up."""
    folder = tmp_path_factory.mktemp("lived") / "job"
    with served() as (site, model):
        site.pages["/narnia"] = NARNIA
        recipe = write_job(folder, site, f"openai:fake@{model.url}/v1")
        lasting = recipe.read_text()
        recipe.write_text(lasting + source(site.url("/narnia"), "Narnia"))
        for rate in (19, 18, 17, 16):
            site.pages["/germany"] = PAGE.format(
                name="Germany", vat=rate, corporate=15, people=84
            )
            run(RunRequest(str(recipe), workers=0))
            recipe.write_text(lasting)
        last = run(RunRequest(str(recipe), workers=0))
        yield _Lived(folder, recipe, site, last, _told(folder, last))


@pytest.fixture
def copy(lived: _Lived, tmp_path: Path) -> Iterator[Path]:
    """Put the state in the place of the workspace, and back afterwards."""
    saved = tmp_path / "saved"
    shutil.copytree(lived.folder, saved)
    yield lived.folder
    shutil.rmtree(lived.folder)
    shutil.copytree(saved, lived.folder)


def _later() -> VirtualClock:
    return VirtualClock(time.time() + LATER_S)


def _check_good(lived: _Lived) -> None:
    """Check what a person would miss: numbers, reasons, citations."""
    database = open_reader(Workspace(lived.folder).journal)
    try:
        found = run_summary(database, lived.last.run)
        assert found.to_json() == lived.told
        assert explain(database, "Germany", run=lived.last.run).to_json()
        for document in _cited(database):
            assert find_document(database, document) is not None
        assert database.execute("PRAGMA integrity_check").get == "ok"
    finally:
        database.close()


def _cited(database: apsw.Connection) -> set[str]:
    facts = [
        json.loads(row[0]) for row in database.execute("SELECT fact FROM published")
    ]
    return {one["document"] for fact in facts for one in fact["evidence"]}


def test_clean_makes_room_and_the_next_run_pays_nothing(
    lived: _Lived, copy: Path
) -> None:
    """Old runs, calls and results go; citations stay; 0 calls and equal files after."""
    before = (copy / "out" / "facts.json").read_bytes()
    cleaned = clean(Workspace(copy), 30 * DAY_S, _later())
    for kind in ("event", "task", "result", "document", "body"):
        assert cleaned.amounts[kind].rows > 0, kind
    assert cleaned.kept_runs == 2
    _check_good(lived)
    again = run(RunRequest(str(lived.recipe), workers=0))
    assert (again.calls.sent, again.status) == (0, "done")
    assert again.facts.proved == lived.last.facts.proved
    assert (copy / "out" / "facts.json").read_bytes() == before


def test_clean_keeps_what_is_young(lived: _Lived, copy: Path) -> None:
    """Nothing is older than 30 days today, so nothing goes."""
    cleaned = clean(Workspace(copy), 30 * DAY_S, VirtualClock(time.time()))
    assert not any(one.rows for one in cleaned.amounts.values())
    assert cleaned.kept_runs == 5


def test_clean_twice_finds_nothing_more(lived: _Lived, copy: Path) -> None:
    """The second time there is nothing left to remove."""
    clean(Workspace(copy), 30 * DAY_S, _later())
    again = clean(Workspace(copy), 30 * DAY_S, _later())
    assert not any(one.rows for one in again.amounts.values())


def test_rehearsal_tells_the_same_and_changes_nothing(
    lived: _Lived, copy: Path
) -> None:
    """The amounts are those of the real thing; the file stays byte for byte."""
    journal = Workspace(copy).journal
    before = journal.read_bytes()
    told = rehearse_clean(Workspace(copy), 30 * DAY_S, _later())
    assert journal.read_bytes() == before
    assert told.freed_bytes is None
    assert clean(Workspace(copy), 30 * DAY_S, _later()).amounts == told.amounts


def test_calls_of_pages_that_are_still_read_stay(lived: _Lived, copy: Path) -> None:
    """All versions of the pages were asked about long ago; no answer is thrown away."""

    def answers() -> set[str]:
        database = open_reader(Workspace(copy).journal)
        try:
            rows = database.execute("SELECT hex(key) FROM call")
            return {str(key) for (key,) in rows}
        finally:
            database.close()

    before = answers()
    clean(Workspace(copy), 30 * DAY_S, _later())
    assert len(before) > 4
    assert answers() == before


def test_clean_can_be_killed_anywhere(
    lived: _Lived, copy: Path, tmp_path: Path
) -> None:
    """SIGKILL at the first of each kind of step: the workspace is good, then clean."""
    steps = _clean_apart(copy, 0)
    kinds = {name: steps.index(name) + 1 for name in dict.fromkeys(steps)}
    assert {"event", "task", "result", "run", "compact"} <= kinds.keys()
    for number in sorted(kinds.values()):
        shutil.rmtree(copy)
        shutil.copytree(tmp_path / "saved", copy)
        assert len(_clean_apart(copy, number)) == number
        _check_good(lived)
        clean(Workspace(copy), 30 * DAY_S, _later())
        _check_good(lived)
    assert run(RunRequest(str(lived.recipe), workers=0)).calls.sent == 0


def _clean_apart(folder: Path, deadly: int) -> list[str]:
    """Clean in a process of its own; return the steps it took."""
    module = "tests.recipes.killed_clean"
    done = subprocess.run(
        [sys.executable, "-m", module, str(folder), str(deadly)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (-9 if deadly else 0), done.stderr
    return done.stdout.split()


def test_clean_of_a_workspace_at_work_is_refused(lived: _Lived, copy: Path) -> None:
    """A run holds it: the process is named and nothing is touched."""
    with WorkspaceLock(Workspace(copy)), pytest.raises(WorkspaceBusy):
        clean(Workspace(copy), 30 * DAY_S, _later())


def test_command_says_what_went_and_refuses_odd_periods(
    lived: _Lived, copy: Path, tmp_path: Path
) -> None:
    """Rows and room in words, as JSON too; a period that is none, a place without."""
    words = ["--dir", str(copy), "--keep", "0h"]
    shown = CliRunner().invoke(
        clean_command, [*words, "--dry-run"], catch_exceptions=False
    )
    assert "nothing was changed" in shown.stdout
    told = CliRunner().invoke(clean_command, [*words, "--json"], catch_exceptions=False)
    assert json.loads(told.stdout)["removed"]["event"]["rows"] > 0
    with pytest.raises(UserError, match="no period"):
        CliRunner().invoke(clean_command, ["--keep", "soon"], catch_exceptions=False)
    with pytest.raises(StorageError):
        CliRunner().invoke(
            clean_command, ["--dir", str(tmp_path / "no")], catch_exceptions=False
        )
