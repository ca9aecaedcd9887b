"""`subak status --watch`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from click.testing import CliRunner

from subak.cli.status import status
from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from tests.views.sample import SampleJournal


def _journal(folder: Path) -> SampleJournal:
    journal = SampleJournal(folder)
    journal.begin()
    journal.task("fetch", "germany", at=0)
    journal.save()
    return journal


def test_watch_of_a_run_nobody_works_on_shows_it_once(tmp_path: Path) -> None:
    """The same as without --watch, and it ends."""
    _journal(tmp_path)
    words = ["--dir", str(tmp_path)]
    runner = CliRunner()
    shown = runner.invoke(status, [*words, "--watch"], catch_exceptions=False)
    assert shown.stdout == runner.invoke(status, words).stdout


def test_watch_shows_what_changes_until_the_run_ends(tmp_path: Path) -> None:
    """One object for each state off a terminal: running first, done at last."""
    journal = _journal(tmp_path)
    words = [sys.executable, "-m", "subak", "status", "--watch", "--json"]
    with WorkspaceLock(Workspace(tmp_path)):
        watcher = subprocess.Popen(
            [*words, "--dir", str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert watcher.stdout is not None
        first = json.loads(watcher.stdout.readline())
        journal.task("facts", "germany", at=1)
        journal.end(3)
        journal.save()
        time.sleep(0.1)
    # With a timeout it would miss what readline has buffered.
    rest, _ = watcher.communicate()
    assert first["status"] == "running"
    assert json.loads(rest.splitlines()[-1])["status"] == "done"
