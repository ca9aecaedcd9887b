"""`subak status`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subak.cli.status import status
from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from subak.errors import UserError
from subak.views.wording import moment
from tests.views.sample import BASE, RUN, SampleJournal, write_synthetic_run


def _status(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(
        status, ["--dir", str(folder), *words], catch_exceptions=False
    )


def _stopped(folder: Path) -> None:
    journal = SampleJournal(folder)
    journal.begin()
    journal.task("fetch", "germany", at=0)
    journal.begun("facts", "germany", at=1)
    journal.sent("k", "facts", "germany", at=1)
    journal.save()


def test_status_shows_stages_numbers_and_what_next(tmp_path: Path) -> None:
    """The whole screen for a run with one failure."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("fetch", "germany", at=0, seconds=1)
    journal.task("fetch", "france", "failed", at=0, seconds=1)
    journal.attempt("fetch", "france", "TimedOut", "no answer", at=1)
    journal.task("facts", "germany", at=1, seconds=2)
    journal.call("k1", "facts", "germany", at=1, seconds=2)
    journal.event(3, "fact.proved", "facts", "germany", field="vat")
    journal.event(3, "output.written", path="out/facts.json")
    journal.end(4, "partial")
    journal.save()
    assert _status(tmp_path).stdout == (
        f"intel  {RUN}  partial\n"
        f"began {moment(BASE)}, worked 4.0 s\n"
        "\n"
        "stage  done  cached  failed  calls  tokens  model time\n"
        "fetch     1       -       1      -       -           -\n"
        "facts     1       -       -      1     240       2.0 s\n"
        "\n"
        "calls   1 sent, 1 answered, 0 retried, 0 repeated\n"
        "speed   1.0 x one at a time (2.0 s of calls, at most 1 at once,"
        " 1.0 on average)\n"
        "facts   1 proved, 0 refused\n"
        "pages   1: 1 failed\n"
        "failed  fetch/france: no answer\n"
        "wrote   out/facts.json\n"
        "next    subak logs --failed   |   subak report --open\n"
    )


def test_status_names_its_workspace_either_way(tmp_path: Path) -> None:
    """By its name alone or after --dir, which counts if both are there."""
    write_synthetic_run(tmp_path)
    told = CliRunner().invoke(status, [str(tmp_path)], catch_exceptions=False).stdout
    assert told == _status(tmp_path).stdout
    assert _status(tmp_path, str(tmp_path / "other")).stdout == told


def test_status_says_how_fresh_the_categories_are(tmp_path: Path) -> None:
    """Of a run that has ended, below its times."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("verify", "tax", at=1, labels={"category": "tax"})
    journal.task("verify", "visa", "failed", at=1, labels={"category": "visa"})
    journal.end(4, "partial")
    journal.save()
    lines = _status(tmp_path).stdout.splitlines()
    assert lines[2] == "1 of 2 categories is fresh."


def test_status_of_a_killed_run_says_how_to_go_on(tmp_path: Path) -> None:
    """Without a living process a running run counts as interrupted."""
    _stopped(tmp_path)
    shown = _status(tmp_path).stdout
    assert f"{RUN}  interrupted\n" in shown
    assert "left off facts/germany\n" in shown
    assert "next    the same `subak run` goes on where it stopped\n" in shown


def test_status_of_a_living_run_says_what_it_does(tmp_path: Path) -> None:
    """With a living process it is running, and its tasks are at work."""
    _stopped(tmp_path)
    with WorkspaceLock(Workspace(tmp_path)):
        shown = _status(tmp_path).stdout
    assert f"{RUN}  running\n" in shown
    assert "at work facts/germany\n" in shown
    assert "next    subak logs -f\n" in shown


def test_status_of_a_stale_lock_is_not_fooled(tmp_path: Path) -> None:
    """A lock file that names a living process which does not hold it means nothing."""
    _stopped(tmp_path)
    Workspace(tmp_path).lock.write_text(f"{os.getpid()}\n")
    assert f"{RUN}  interrupted\n" in _status(tmp_path).stdout


def test_status_json_is_one_versioned_object(tmp_path: Path) -> None:
    """Programs get the summary's object with the stages, and nothing else."""
    write_synthetic_run(tmp_path)
    found = json.loads(_status(tmp_path, "--json").stdout)
    assert found["version"] == 1
    assert found["tasks"] == {"done": 125, "cached": 5, "failed": 1, "skipped": 0}
    assert [stage["stage"] for stage in found["stages"]] == [
        "fetch",
        "extract",
        "facts",
        "draft",
        "verify",
        "publish",
    ]


def test_status_all_lists_the_runs(tmp_path: Path) -> None:
    """All runs, newest first, as text and as JSON."""
    write_synthetic_run(tmp_path)
    lines = _status(tmp_path, "--all").stdout.splitlines()
    assert lines[0].split() == ["run", "recipe", "status", "began"]
    assert lines[1].startswith(f"{RUN}")
    found = json.loads(_status(tmp_path, "--all", "--json").stdout)
    assert found["runs"][0]["run"] == RUN
    assert len(found["runs"]) == 4


def test_status_of_an_earlier_run_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    """A run is found by as much of its id as makes it the only one."""
    write_synthetic_run(tmp_path)
    assert "20261121-060000-01cd" in _status(tmp_path, "--run", "20261121").stdout
    with pytest.raises(UserError, match="more than one run"):
        _status(tmp_path, "--run", "2026")


def test_status_without_a_journal_says_what_to_do(tmp_path: Path) -> None:
    """An empty folder is answered with the command that fills it."""
    with pytest.raises(UserError, match="no journal in") as caught:
        _status(tmp_path)
    assert "subak run RECIPE" in caught.value.hint
    assert caught.value.exit_code == 2


def test_status_never_writes(tmp_path: Path) -> None:
    """Looking leaves the workspace as it was."""
    path = write_synthetic_run(tmp_path).save()
    before = path.read_bytes()
    _status(tmp_path)
    assert path.read_bytes() == before
    assert not Workspace(tmp_path).lock.exists()
