"""A run past its deadline: begun categories are published, the rest is left."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from subak.api import RunRequest, aplan, arun
from subak.cli.main import execute
from subak.engine.clock import Alarm, SystemClock
from subak.engine.events import Event
from subak.testing.site import FakeSite
from subak.views.summary import RunSummary
from tests.job.pages import COUNTRIES, FACTS, pages, source
from tests.job.serving import served

SIX = datetime(2027, 1, 4, 6, tzinfo=UTC).timestamp()
LATE_S = 2 * 3_600.0
SCHEDULE = '\n[schedule]\nat = "06:00"\ntimezone = "UTC"\ndeadline = "07:05"\n'


class _Silent:
    """A bell that only the test rings."""

    def cancel(self) -> None:
        """Do nothing."""


class _Morning(SystemClock):
    """It is six, until the first call is sent; from then on it is past eight."""

    def __init__(self) -> None:
        self._began = SystemClock.monotonic()
        self._ahead_s = 0.0
        self._bells: list[Callable[[], None]] = []

    def now(self) -> float:
        """Return the time of that morning."""
        return SIX + SystemClock.monotonic() - self._began + self._ahead_s

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Alarm:
        """Keep the deadline's bell; the others ring by themselves."""
        if seconds < LATE_S / 10:
            return super().call_later(seconds, callback)
        self._bells.append(callback)
        return _Silent()

    def listen(self, event: Event) -> None:
        """Let it be late once everybody has heard of the first call."""
        if event.kind == "call.sent" and not self._ahead_s:
            asyncio.get_running_loop().call_soon(self._strike)

    def _strike(self) -> None:
        if not self._ahead_s:
            self._ahead_s = LATE_S
            for bell in self._bells:
                bell()


def _write(folder: Path, site: FakeSite) -> str:
    sources = "".join(
        source(site.url(f"/{name.lower()}"), name).replace('"tax"', f'"{name.lower()}"')
        for name in COUNTRIES
    )
    facts = FACTS.replace('category = "tax"\n', "")
    path = folder / "recipe.toml"
    path.write_text(
        f'name = "job"\n[model]\nuse = "echo"\nmax_parallel = 1\n{sources}{facts}'
        f'{SCHEDULE}\n[output]\nformats = ["json"]\n'
    )
    return str(path)


def _run_late(recipe: str) -> RunSummary:
    clock = _Morning()
    request = RunRequest(recipe, workers=0)
    return asyncio.run(arun(request, clock=clock, listeners=[clock.listen]))


def test_run_past_its_deadline_finishes_what_has_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One category is published, two are left by name; the next run does them."""
    with served() as (site, _):
        recipe = _write(tmp_path, site)
        late = _run_late(recipe)
        assert late.status == "partial"
        assert late.failures == ()
        assert late.deadline is not None
        assert (late.deadline.told, late.deadline.zone) == ("07:05", "UTC")
        assert late.deadline.is_passed
        assert len(late.deadline.left) == 2
        assert execute(["status", "--dir", str(tmp_path), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)["deadline"]
        assert (told["met"], len(told["left"])) == (False, 2)
        begun = {name.lower() for name in COUNTRIES} - set(late.deadline.left)
        facts = json.loads((tmp_path / "out" / "facts.json").read_bytes())["facts"]
        assert {row["category"] for row in facts} == begun
        again = asyncio.run(arun(RunRequest(recipe, deadline="none", workers=0)))
    assert (again.status, again.calls.repeated, again.deadline) == ("done", 0, None)
    assert again.calls.sent > 0
    facts = json.loads((tmp_path / "out" / "facts.json").read_bytes())["facts"]
    assert {row["category"] for row in facts} == {name.lower() for name in COUNTRIES}


def test_left_categories_keep_what_was_published_before(tmp_path: Path) -> None:
    """Yesterday's values stay where today left the category alone."""
    with served() as (site, _):
        recipe = _write(tmp_path, site)
        first = asyncio.run(arun(RunRequest(recipe, deadline="none", workers=0)))
        assert first.status == "done"
        for path, page in pages().items():
            site.pages[path] = str(page).replace("percent on", "percent now on")
        late = _run_late(recipe)
    assert late.deadline is not None
    assert len(late.deadline.left) == 2
    facts = json.loads((tmp_path / "out" / "facts.json").read_bytes())["facts"]
    assert {row["category"] for row in facts} == {name.lower() for name in COUNTRIES}
    assert len(facts) == 2 * len(COUNTRIES)


def test_deadline_that_is_far_off_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told in the run's object; a flag that is no time is refused."""
    with served() as (site, _):
        recipe = _write(tmp_path, site)
        clock = _Morning()
        done = asyncio.run(arun(RunRequest(recipe, workers=0), clock=clock))
    told = done.to_json()["deadline"]
    assert isinstance(told, dict)
    assert done.status == "done"
    assert (told["time"], told["zone"], told["left"]) == ("07:05", "UTC", [])
    assert told["at"] - SIX == 65 * 60
    assert execute(["run", recipe, "--deadline", "7 am"]) == 2
    assert "write it as 07:05" in capsys.readouterr().err


def test_plan_says_whether_the_deadline_will_be_met(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the first run nobody knows; after it the plan goes by what it took."""
    with served() as (site, _):
        recipe = _write(tmp_path, site)
        before = asyncio.run(aplan(RunRequest(recipe, workers=0))).outlook
        assert before is not None
        assert (before.verdict, before.runs) == ("unknown", 0)
        asyncio.run(arun(RunRequest(recipe, deadline="none", workers=0)))
    capsys.readouterr()
    assert execute(["plan", recipe, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["deadline"]
    assert (told["verdict"], told["runs"]) == ("met", 1)
    assert told["available_seconds"] == 65 * 60
    names = {cut["name"] for cut in told["categories"]}
    assert names == {name.lower() for name in COUNTRIES}
    taken = sum(cut["seconds"] for cut in told["categories"])
    assert taken <= told["usual_seconds"] * 1.01 + 0.1
    assert execute(["plan", recipe]) == 0
    shown = capsys.readouterr().out
    assert "until  07:05 UTC, 1 h 5 min after 06:00" in shown
    assert "will be met" in shown
