"""`subak logs`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subak.cli.logs import logs
from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from subak.errors import UserError
from subak.views.wording import time_of_day
from tests.views.sample import BASE, RUN, SampleJournal

KEY = "3fa9c1d2" * 8


def _logs(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(
        logs, ["--dir", str(folder), *words], catch_exceptions=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with one run, one call and one failure."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("fetch", "france", "failed", at=1)
    journal.attempt(
        "fetch", "france", "TimedOut", "no answer\x1b[2J", at=2, hint="try later"
    )
    journal.call(KEY, "facts", "germany", at=3, seconds=2)
    journal.event(6, "fact.refused", "facts", "germany", field="vat", reason="no quote")
    journal.end(7, "partial")
    journal.save()
    return tmp_path


def test_logs_say_every_event_in_words(folder: Path) -> None:
    """One line an event, the time of day first."""
    times = [time_of_day(BASE + n) for n in range(8)]
    assert _logs(folder).stdout.splitlines() == [
        f"{times[0]} run {RUN} started: intel",
        f"{times[1]} fetch/france: started",
        f"{times[2]} fetch/france: failed: ",
        f"{times[3]} facts/germany: call {KEY[:12]} sent to"
        " openai:qwen2.5-coder-1.5b@http://127.0.0.1:8080"
        " at http://127.0.0.1:8080/v1/chat/completions, slot 0",
        f"{times[3]} facts/germany: call {KEY[:12]} begins to answer",
        f"{times[5]} facts/germany: call {KEY[:12]} answered in 2.0 s, 40 tokens",
        f"{times[6]} facts/germany: refused vat: no quote",
        f"{times[7]} run {RUN} partial",
    ]


def test_logs_limit_keeps_the_newest(folder: Path) -> None:
    """The end of a long log is what one wants to see."""
    (line,) = _logs(folder, "-n", "1").stdout.splitlines()
    assert line.endswith(f"run {RUN} partial")


def test_logs_failed_show_reason_and_way_out(folder: Path) -> None:
    """Every failure with its class, its message and its hint; escapes are gone."""
    at = time_of_day(BASE + 2)
    assert _logs(folder, "--failed").stdout == (
        f"{at} fetch/france  task attempt 1: TimedOut\n"
        "         no answer[2J\n"
        "         next  try later\n"
    )


def test_logs_failed_of_a_clean_run_says_so(tmp_path: Path) -> None:
    """Nothing on stdout, a word on stderr."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.save()
    shown = _logs(tmp_path, "--failed")
    assert (shown.stdout, shown.stderr) == ("", f"nothing failed in run {RUN}\n")
    assert _logs(tmp_path, "--failed", "-q").stderr == ""


def test_logs_call_shows_the_whole_exchange(folder: Path) -> None:
    """A call's id leads to its full prompt and answer."""
    shown = _logs(folder, "--call", KEY[:6]).stdout
    assert "--- system ---\nYou read documents.\n" in shown
    assert "--- user ---\nText about germany.\nWhat is the VAT rate?\n" in shown
    assert '--- answer ---\n{"vat": "germany"}\n' in shown
    assert "took    2.0 s, first token after 500 ms, 26.7 tokens/s\n" in shown
    assert "tokens  200 in (0 cached), 40 out, finish: stop\n" in shown


def test_logs_call_json_holds_the_same(folder: Path) -> None:
    """The exchange as one object."""
    found = json.loads(_logs(folder, "--call", KEY[:6], "--json").stdout)
    assert found["version"] == 1
    assert found["messages"][1]["content"].startswith("Text about germany.")
    assert found["answer"] == '{"vat": "germany"}'


def test_logs_unknown_call_says_where_to_look(folder: Path) -> None:
    """An id that leads nowhere is answered with where ids are listed."""
    with pytest.raises(UserError, match="no answered call 'ffff'") as caught:
        _logs(folder, "--call", "ffff")
    assert "subak trace" in caught.value.hint


def test_logs_json_is_one_object(folder: Path) -> None:
    """Events and failures each come as one versioned object."""
    events = json.loads(_logs(folder, "--json").stdout)
    assert (events["version"], events["run"]) == (1, RUN)
    assert [event["kind"] for event in events["events"]][-1] == "run.finished"
    failed = json.loads(_logs(folder, "--failed", "--json").stdout)
    assert failed["failures"][0]["error"] == "TimedOut"


def test_logs_follow_ends_with_the_run(folder: Path) -> None:
    """Following a run that is over prints it and ends; as JSON, a line an event."""
    assert _logs(folder, "-f").stdout == _logs(folder).stdout
    lines = _logs(folder, "-f", "--json").stdout.splitlines()
    assert json.loads(lines[0])["kind"] == "run.started"
    assert len(lines) == 8


def test_logs_follow_waits_for_a_living_run(tmp_path: Path) -> None:
    """While a process holds the workspace, what it adds is shown until the end."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.save()
    words = [sys.executable, "-m", "subak", "logs", "-f", "--dir", str(tmp_path)]
    with (
        WorkspaceLock(Workspace(tmp_path)),
        subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as follower,
    ):
        assert follower.stdout is not None
        assert "started: intel" in follower.stdout.readline()
        journal.task("facts", "germany", at=1)
        journal.end(3)
        journal.save()
        # With a timeout it would miss what readline has buffered.
        shown, _ = follower.communicate()
    assert "facts/germany: done in 1.0 s\n" in shown
    assert follower.returncode == 0
