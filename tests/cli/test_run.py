"""`subak run`, `plan`, `init` and `config` as a person types them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from subak.cli.main import execute
from subak.testing.model_faults import FaultPlan
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.job.serving import served, write_job

CONTRACT = {
    "version": int,
    "run": str,
    "recipe": str,
    "status": str,
    "seconds": float,
    "tasks": {"done", "cached", "failed", "skipped"},
    "calls": {"sent", "succeeded", "retried", "repeated", "rejected"},
    "tokens": {"in", "out", "cached"},
    "parallel": {"peak", "mean", "serial_seconds", "speedup"},
    "facts": {"proved", "refused", "changed", "kept", "conflicts"},
    "failures": list,
    "outputs": list,
    "fetch": {
        *("pages", "new", "changed", "unchanged", "spared", "removed", "copies"),
        *("failed", "bytes", "requests"),
    },
    "failed_sites": list,
}


def check_contract(told: dict[str, object]) -> None:
    """Assert that this is the object every run ends with, no key more or less."""
    assert set(told) == set(CONTRACT)
    for key, shape in CONTRACT.items():
        value = told[key]
        if isinstance(shape, set):
            assert isinstance(value, dict)
            assert set(value) == shape
        elif shape is float:
            assert isinstance(value, int | float)
        else:
            assert isinstance(value, type(shape()) if callable(shape) else object)
    assert told["version"] == 1


def test_run_ends_with_the_contracted_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """stdout is one JSON object, everything else goes to stderr."""
    with served() as (site, _):
        recipe = write_job(tmp_path, site, "echo")
        assert execute(["run", str(recipe), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        check_contract(told)
        assert execute(["run", str(tmp_path), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["calls"]["sent"], again["status"]) == (0, "done")
    assert all(Path(path).is_file() for path in told["outputs"])


def test_run_classic_log_has_the_old_family_of_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What people grep for is still there."""
    with served() as (site, server):
        recipe = write_job(tmp_path, site, f"openai:fake@{server.url}/v1")
        assert execute(["run", str(recipe), "--log-style", "classic"]) == 0
    shown = capsys.readouterr().err
    for tag in ("[PARALLEL] Using", "[LLM-REQUEST]", "[LLM-RESPONSE]", "[FETCH]"):
        assert tag in shown
    assert "HTTP 200" in shown


def test_run_with_a_failed_page_exits_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The failure is told with item, stage, error and what to do."""
    with served() as (site, _):
        del site.pages["/kenya"]
        recipe = write_job(tmp_path, site, "echo")
        assert execute(["run", str(recipe), "--json"]) == 3
    (failure,) = json.loads(capsys.readouterr().out)["failures"]
    assert set(failure) == {"item", "stage", "error", "hint"}
    assert all(failure.values())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "nosuch.toml"], "subak init"),
        (["run", "nosuch.toml", "--limit", "0"], "--limit"),
        (["run"], "RECIPE"),
        (["rn", "x"], "did you mean 'run'"),
        (["init", "x", "--from", "tx"], "did you mean 'tax'"),
        (["demo", "--fast", "--countries", "99"], "1 to"),
    ],
)
def test_wrong_words_exit_2_with_a_way_out(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A usage error names what is wrong and what to type."""
    assert execute(words) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


def test_run_refresh_of_an_unknown_stage_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typo in a stage's name is answered with the nearest one."""
    with served() as (site, _):
        recipe = write_job(tmp_path, site, "echo")
        assert execute(["run", str(recipe), "--refresh", "fact"]) == 2
    assert "did you mean 'facts'" in capsys.readouterr().err


def test_plan_says_what_is_to_do_and_what_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the first run all is to do; after it, only what looks outside."""
    with served() as (site, _):
        recipe = str(write_job(tmp_path, site, "echo"))
        assert execute(["plan", recipe, "--json"]) == 0
        before = json.loads(capsys.readouterr().out)
        assert before["expected"]["calls"] is None
        assert execute(["run", recipe, "-q"]) == 0
    capsys.readouterr()
    assert execute(["plan", recipe, "--json"]) == 0
    stages = {
        each["stage"]: each for each in json.loads(capsys.readouterr().out)["stages"]
    }
    assert (stages["facts"]["cached"], stages["facts"]["to_do"]) == (3, 0)
    assert stages["fetch"]["to_do"] == 3
    Path(recipe).write_text(Path(recipe).read_text().replace("corporate tax", "tax"))
    assert execute(["plan", recipe, "--why"]) == 0
    assert "schemas changed" in capsys.readouterr().out


def test_init_writes_a_folder_and_never_overwrites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The copy is a valid recipe with its prompts; a second init is refused."""
    folder = tmp_path / "taxes"
    assert execute(["init", str(folder), "--from", "tax", "--prompts"]) == 0
    assert execute(["plan", str(folder), "--json"]) == 0
    assert (folder / "prompts" / "facts.md").is_file()
    assert execute(["init", str(folder), "--from", "tax"]) == 2
    assert "overwritten" in capsys.readouterr().err


def test_config_tells_the_origin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each value comes with the place it was read from."""
    (tmp_path / "subak.toml").write_text('model = "echo"\n')
    assert execute(["config", "--origin", "--dir", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert str(tmp_path / "subak.toml") in shown
    assert "built in" in shown


def test_ctrl_c_keeps_what_is_finished_and_exits_130(tmp_path: Path) -> None:
    """One Ctrl-C drains; the same command goes on and completes."""
    slow = FakeModelServer(settings=FakeSettings(slots=1, token_s=0.01))
    with served(slow) as (site, server):
        recipe = write_job(tmp_path, site, f"openai:fake@{server.url}/v1")
        command = [sys.executable, "-m", "subak", "run", str(recipe), "--json"]
        first = subprocess.Popen(
            [*command, "--max-parallel", "1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        deadline = time.monotonic() + 30
        while not server.asked and time.monotonic() < deadline:
            time.sleep(0.02)
        first.send_signal(signal.SIGINT)
        out, _ = first.communicate(timeout=30)
        assert first.returncode == 130
        assert json.loads(out)["status"] == "interrupted"
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=40, check=False
        )
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert (told["status"], told["calls"]["repeated"]) == ("done", 0)
    assert told["run"] == json.loads(out)["run"]


def test_busy_and_failing_model_costs_retries_not_items(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """429, 500 and cut streams are tried again until every item is done."""
    faults = FaultPlan(seed=3, first=("busy", "failed", "cut"))
    with served(FakeModelServer(faults=faults)) as (site, server):
        recipe = write_job(tmp_path, site, f"openai:fake@{server.url}/v1")
        assert execute(["run", str(recipe), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["calls"]["retried"] >= 3
    assert (told["calls"]["repeated"], told["tasks"]["failed"]) == (0, 0)
