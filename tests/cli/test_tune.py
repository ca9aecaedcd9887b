"""`subak tune`: the command, its chart and what it says about a server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from subak.cli.style import Style
from subak.cli.tune import tune, tuning_json
from subak.cli.tune_words import bar, chart_lines, level_line, tuning_lines
from subak.errors import StorageError, Unreachable, UserError
from subak.llm.curve import Curve, Level
from subak.llm.model import EndpointInfo
from subak.llm.tune import Ended, Tuning
from subak.llm.verdict import Verdict, judge
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.page_outline import read_outline

EVIL = "<b>x</b>"
WORDS = " ".join(f"word{number}" for number in range(100))
LEVELS = (
    Level(1, 12.1, 0.4, 4.0, 3, 0, 1),
    Level(2, 20.3, 0.5, 4.7, 5, 0, 2),
    Level(4, 33.0, 0.7, 5.8, 8, 0, 4),
    Level(8, 33.4, 6.1, 11.5, 9, 0, 4),
)


@contextmanager
def _server(settings: FakeSettings) -> Iterator[str]:
    """Serve from another thread, as the command runs a loop of its own."""
    loop = asyncio.new_event_loop()
    server = FakeModelServer(lambda _messages, _schema: WORDS, settings=settings)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
        yield server.url
    finally:
        leave = server.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(leave, loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def _invoke(*words: str) -> Result:
    return CliRunner().invoke(tune, list(words), catch_exceptions=False)


def _tuning(
    *levels: Level, slots: int | None = None, ended: Ended = "flat", url: str = "u"
) -> Tuning:
    info = EndpointInfo(url, "m", slots=slots, server="Ollama 0.9")
    return Tuning(info, Curve(levels, slots), 1.0, ended)


def test_tune_finds_four_slots_and_draws_them(tmp_path: Path) -> None:
    """The whole command against a real server: it rises up to its slots, then not.

    The exact knee is tested in virtual time; here the machine may be busy.
    """
    settings = FakeSettings(models=(EVIL,), slots=4, token_s=0.01)
    page = tmp_path / "curve.html"
    with _server(settings) as url:
        words = [f"openai:{EVIL}@{url}", "--seconds", "6", "--html", str(page)]
        result = _invoke(*words, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["version"], found["slots"]) == (1, 4)
    speeds = {each["parallel"]: each["tokens_per_s"] for each in found["levels"]}
    assert set(speeds) <= {1, 2, 3, 4, 6, 8}
    assert speeds[4] > 1.8 * speeds[1]
    assert max(speeds.values()) < 1.5 * speeds[4]
    assert found["knee"] in (3, 4)
    assert "  4 at once" in result.stderr
    html = page.read_text(encoding="utf-8")
    assert EVIL not in html
    read_outline(html)


def test_tune_says_what_is_wrong() -> None:
    """No server, a wrong name, a spec of several, nothing to measure."""
    with pytest.raises(Unreachable) as unreachable:
        _invoke("openai:m@http://127.0.0.1:9")
    assert unreachable.value.exit_code == 4
    with _server(FakeSettings(models=("right",))) as url:
        with pytest.raises(UserError) as wrong:
            _invoke(f"openai:wrong@{url}")
        assert "it has: right" in wrong.value.hint
    with pytest.raises(UserError, match="one server is measured at a time"):
        _invoke("ollama:a + ollama:b@http://127.0.0.1:9")
    with pytest.raises(UserError, match="no speed to measure"):
        _invoke("echo")


def test_tune_shows_its_result_before_the_page_fails(tmp_path: Path) -> None:
    """A page that cannot be written does not cost the measurement."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    target = str(blocked / "curve.html")
    with _server(FakeSettings(slots=1, token_s=0.002)) as url:
        words = [f"openai:fake@{url}", "--seconds", "1", "--html", target]
        result = CliRunner().invoke(tune, words)
    assert isinstance(result.exception, StorageError)
    assert "knee" in result.stdout


def test_tune_ends_with_what_it_has_on_ctrl_c() -> None:
    """The chart so far is printed, and the exit code says interrupted."""
    with _server(FakeSettings(slots=2, token_s=0.002)) as url:
        words = ["tune", f"ollama:fake@{url}", "--seconds", "40"]
        process = subprocess.Popen(
            [sys.executable, "-m", "subak", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "NO_COLOR": "1"},
        )
        assert process.stderr is not None
        while "1 at once" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        shown, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "ended   interrupted" in shown
    assert "knee" in shown


def test_tune_knows_the_names_of_the_config(tmp_path: Path) -> None:
    """A name stands for the spec that subak.toml gives it."""
    (tmp_path / "subak.toml").write_text('[models]\nfast = "echo"\n')
    with (
        contextlib.chdir(tmp_path),
        pytest.raises(UserError, match="no speed to measure"),
    ):
        _invoke("fast")


def test_chart_marks_the_knee_and_its_numbers() -> None:
    """One line a level; the longest bar belongs to the best one."""
    lines = chart_lines(Curve(LEVELS), 100, Style(is_on=False))
    assert lines[0].split() == ["at", "once", "tokens/s", "first", "token", "answer"]
    assert [line.split()[0] for line in lines[1:]] == ["1", "2", "4", "8"]
    assert "knee" in lines[3]
    assert sum("knee" in line for line in lines) == 1
    bars = [line.count("█") for line in lines[1:]]
    assert bars == sorted(bars)
    assert "6.1 s" in lines[4]


@given(width=st.integers(20, 200))
def test_chart_fits_narrow_terminals(width: int) -> None:
    """No line is wider than the terminal, down to the least that makes sense."""
    lines = chart_lines(Curve(LEVELS), width, Style(is_on=False))
    assert max(map(len, lines)) <= max(width, 26)


def test_chart_is_plain_without_color() -> None:
    """NO_COLOR leaves no escape; with colour only the knee is marked."""
    plain = tuning_lines(_tuning(*LEVELS), Verdict("l", "a"), 80, Style(is_on=False))
    assert "\x1b" not in "".join(plain)
    colored = chart_lines(Curve(LEVELS), 80, Style(is_on=True))
    assert [line.count("\x1b[32m") for line in colored[1:]] == [0, 0, 1, 0]


@given(st.floats(0, 60))
def test_bar_is_as_long_as_its_value(length: float) -> None:
    """In eighths of a column, never empty."""
    drawn = bar(length)
    assert 1 <= len(drawn) <= length + 1.1
    assert " " not in drawn


def test_lines_tell_knee_server_limit_and_what_to_do() -> None:
    """Below the chart stands what it means."""
    shown = "\n".join(
        tuning_lines(
            _tuning(*LEVELS), Verdict("its slots", "more"), 100, Style(is_on=False)
        )
    )
    assert "knee    4 at once: 33.0 tokens/s, 2.7 x one at a time" in shown
    assert "server  Ollama 0.9 at u, 4 slots seen at work, none published" in shown
    assert "limit   its slots" in shown
    assert shown.endswith("next    more")


def test_level_line_tells_refusals() -> None:
    """While it measures, each level is one line."""
    assert level_line(LEVELS[0]) == "     1 at once     12.1 tokens/s  (3 answers)"
    assert "2 calls refused" in level_line(Level(4, 1, None, 1, 9, 2))


def test_json_of_levels_keeps_the_contract() -> None:
    """The keys that programs rely on."""
    found = tuning_json("m", _tuning(*LEVELS), Verdict("l", "a"))
    assert {"version", "model", "url", "server", "slots", "levels", "knee", "best"} < (
        set(found)
    )
    assert found["knee"] == 4
    assert found["best"] == 4
    assert found["slots"] is None
    assert found["slots_seen"] == 4
    json.dumps(found, allow_nan=False)


def test_verdict_tells_slots_from_machine() -> None:
    """Slots all used: the setting; fewer used: the machine."""
    used = judge(_tuning(*LEVELS, slots=4))
    assert used.limit == "the server's 4 slots"
    assert "OLLAMA_NUM_PARALLEL" in used.advice
    flat = judge(_tuning(*LEVELS, slots=8))
    assert flat.limit.startswith("the machine, not the setting")
    assert flat.advice == ""


def test_verdict_of_a_curve_that_still_rose() -> None:
    """What was not reached is said, with what to type for the rest."""
    rising = LEVELS[:3]
    assert "--seconds" in judge(_tuning(*rising, ended="time")).advice
    assert "--max-parallel 8" in judge(_tuning(*rising, ended="cap")).advice
    assert judge(_tuning()).limit == "nothing was measured"


def test_verdict_of_refusals_names_the_level() -> None:
    """Who refuses, from where on."""
    refused = Level(16, 1.0, None, 1.0, 4, 9)
    info = EndpointInfo("u", "m")
    tuning = Tuning(info, Curve((*LEVELS, refused)), 1.0, "refusing", "busy")
    assert judge(tuning).limit == "calls fail at 16 at once: busy"


def test_verdict_of_the_embedded_model_names_its_slots() -> None:
    """Whether the number of slots that it gets is the right one."""
    few = judge(_tuning(*LEVELS, slots=8), own_slots=2)
    assert "2 slots here; --max-parallel 4 brings 63 % more" in few.advice
    same = judge(_tuning(*LEVELS, slots=8), own_slots=4)
    assert same.advice.startswith("nothing to change")
