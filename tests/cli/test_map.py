"""`subak map` as a person types it: streams, signals, exit codes, words."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from subak.cli.main import execute
from subak.cli.run_state import RunState
from subak.engine.events import Event
from subak.llm.model import Message
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.cli.test_run import check_contract
from tests.mapping.serving import read_rows, served, write_rows


def _answer(messages: Sequence[Message], _schema: str | None) -> str:
    return f"answer to {messages[-1].content}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with rows and a prompt."""
    monkeypatch.chdir(tmp_path)
    write_rows(tmp_path / "rows.jsonl", [{"id": n, "text": f"t{n}"} for n in range(9)])
    (tmp_path / "p.txt").write_text("Say {text}")
    return tmp_path


_WORDS = ["map", "rows.jsonl", "--prompt", "p.txt", "--model", "echo"]


def _popen(words: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "subak", *words],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def test_map_ends_with_the_contracted_object(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same object as a run's; rows are its tasks, facts are none."""
    assert execute([*_WORDS, "--out", "out.jsonl", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    check_contract(told)
    assert told["recipe"] == "map out.jsonl"
    assert set(told["facts"].values()) == {0}
    assert told["tasks"] == {"done": 9, "cached": 0, "failed": 0, "skipped": 0}
    assert told["outputs"] == ["out.jsonl"]
    assert execute([*_WORDS, "--out", "out.jsonl", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["calls"]["sent"], again["tasks"]["cached"]) == (0, 9)


def test_failed_rows_exit_3_and_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rest is done; the screen says which line, why and what to do."""
    with (folder / "rows.jsonl").open("a") as file:
        file.write("oops\n")
    assert execute([*_WORDS, "--out", "out.jsonl"]) == 3
    shown = capsys.readouterr()
    assert "9 done, 0 cached, 1 failed" in shown.out
    assert "line 10: not JSON" in shown.out
    assert "next:" in shown.out
    assert "line 10" in shown.err
    assert len(read_rows(folder / "out.jsonl")) == 10


def test_rows_to_stdout_leave_no_other_word_there(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """`--out -` can be piped on; the numbers go to stderr."""
    process = _popen([*_WORDS, "--out", "-"], folder)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == list(range(9))
    assert execute([*_WORDS, "--out", "-", "--json"]) == 2


def test_stdin_is_read_as_it_comes(folder: Path) -> None:
    """A row that came is answered while the next one is still awaited."""
    words = ["map", "-", "--prompt", "p.txt", "--model", "echo", "--out", "-", "-q"]
    process = _popen(words, folder)
    assert process.stdin is not None
    assert process.stdout is not None
    rows = [{"id": n, "text": f"t{n}"} for n in range(25)]
    for row in rows:
        process.stdin.write(json.dumps(row).encode() + b"\n")
    process.stdin.flush()
    first = json.loads(process.stdout.readline())
    assert first["output"] == "Say t0"
    process.stdin.write(b'{"text": "last"}')
    process.stdin.close()
    rest = process.stdout.read().splitlines()
    assert process.wait(30) == 0
    assert json.loads(rest[-1])["id"] == 26
    process.stdout.close()


def test_stdin_format_is_seen_or_said(folder: Path) -> None:
    """CSV is told from JSON by its first byte; --format decides otherwise."""
    words = ["map", "-", "--prompt", "p.txt", "--model", "echo", "--out", "-", "-q"]
    process = _popen(words, folder)
    out, _ = process.communicate(b'text\n"a, b"\n', timeout=30)
    assert json.loads(out)["output"] == "Say a, b"
    process = _popen([*words, "--format", "jsonl"], folder)
    out, _ = process.communicate(b'text\n"a, b"\n', timeout=30)
    assert process.returncode == 3
    assert "not JSON" in json.loads(out.splitlines()[0])["error"]


def test_csv_is_written_where_the_name_says_so(folder: Path) -> None:
    """One header, one line a row."""
    assert execute([*_WORDS, "--out", "out.csv", "--limit", "2", "-q"]) == 0
    text = (folder / "out.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["id"], row["output"]) for row in rows] == [
        ("0", "Say t0"),
        ("1", "Say t1"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["map", "none.jsonl", "--prompt", "p.txt", "--out", "o"], "none.jsonl"),
        (["map", "rows.jsonl", "--prompt", "none.txt", "--out", "o"], "none.txt"),
        (["map", "rows.jsonl", "--out", "o"], "--prompt"),
        (["map", "rows.jsonl", "--prompt", "p.txt"], "--out"),
        ([*_WORDS, "--out", "rows.jsonl"], "replace the input"),
        ([*_WORDS, "--out", "p.txt/o"], "cannot write"),
        ([*_WORDS, "--out", "o", "--schema", "p.txt"], "cannot read the schema"),
        ([*_WORDS, "--out", "o", "--limit", "0"], "--limit"),
        ([*_WORDS, "--out", "o", "--max-tokens", "0"], "--max-tokens"),
        ([*_WORDS, "--out", "o", "--model", "ollma:x"], "did you mean 'ollama'"),
    ],
)
def test_mistakes_exit_2_with_a_way_out(
    words: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong, where, what next; stdout stays empty, the rows untouched."""
    before = (folder / "rows.jsonl").read_bytes()
    assert execute(words) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert "next:" in shown.err
    assert shown.out == ""
    assert (folder / "rows.jsonl").read_bytes() == before
    assert not (folder / "o").exists()


def test_unknown_field_is_answered_with_the_nearest(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typo in the prompt costs nothing."""
    (folder / "p.txt").write_text("Say {txet}")
    assert execute([*_WORDS, "--out", "o"]) == 2
    assert "did you mean 'text'" in capsys.readouterr().err


def test_missing_server_exits_4(folder: Path) -> None:
    """Nobody there: the run can go on later."""
    words = ["map", "rows.jsonl", "--prompt", "p.txt", "--out", "out.jsonl"]
    assert execute([*words, "--model", "openai:m@http://127.0.0.1:9/v1"]) == 4
    assert not (folder / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("number", "presses"),
    [(signal.SIGINT, 1), (signal.SIGTERM, 1), (signal.SIGINT, 2)],
)
def test_signal_ends_it_resumable(
    folder: Path, number: signal.Signals, presses: int
) -> None:
    """The first drains, the second stops; both exit 130, and the same line goes on."""
    slow = FakeSettings(slots=1, token_s=0.02)
    server = FakeModelServer(_answer, settings=slow)
    with served(server) as model:
        words = ["map", "rows.jsonl", "--prompt", "p.txt", "--out", "out.jsonl"]
        words += ["--model", model, "--max-parallel", "1", "--json"]
        first = _popen(words, folder)
        deadline = time.monotonic() + 30
        while not server.asked and time.monotonic() < deadline:
            time.sleep(0.01)
        for _ in range(presses):
            first.send_signal(number)
            time.sleep(0.02)
        out, _ = first.communicate(timeout=30)
        assert first.returncode == 130
        assert not (folder / "out.jsonl").exists()
        sent = len(server.asked)
        assert sent < 9
        if presses == 1:
            assert json.loads(out)["status"] == "interrupted"
            assert json.loads(out)["tasks"]["done"] == sent
        second = _popen(words, folder)
        out, _ = second.communicate(timeout=30)
    assert second.returncode == 0
    told = json.loads(out)
    assert (told["status"], told["calls"]["repeated"]) == ("done", 0)
    assert len(server.asked) <= 9 + presses - 1


def test_reader_that_leaves_stdout_ends_it_quietly(folder: Path) -> None:
    """`| head` is no error."""
    rows = [{"id": n, "text": f"t{n}"} for n in range(3_000)]
    write_rows(folder / "rows.jsonl", rows)
    command = f"{sys.executable} -m subak {' '.join(_WORDS)} --out - -q | head -n 2"
    done = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, timeout=40, check=False
    )
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == b""


def test_progress_shows_rows_that_have_no_events_of_their_own() -> None:
    """Numbers in bulk stand where a recipe's tasks would; the rest gives the ETA."""
    state = RunState()
    state.apply(Event(100.0, "run.started", "r", data={"recipe": "map o"}))
    numbers = {"done": 20, "cached": 50, "failed": 5, "total": 100}
    state.apply(Event(110.0, "map.progress", "r", "map", data=numbers))
    assert (state.done, state.failed, state.ended) == (70, 5, 75)
    assert state.total("map") == 100
    assert state.eta_s(110.0) == pytest.approx(10.0)


def test_help_teaches_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """Three lines to type come first."""
    assert execute(["map", "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Examples:")
    assert shown.count("subak map ") >= 4
    assert "{field}" in shown
