"""`subak schedule` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from subak.cli.main import execute
from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from tests.schedule.fake_systemctl import FakeSystemctl

TEXT = """
name = "taxes"
[[source]]
kind = "files"
paths = ["*.txt"]
[model]
use = "echo"
[output]
formats = ["texts"]
[schedule]
at = "06:00"
timezone = "Asia/Makassar"
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """Return the folder of a recipe with a schedule."""
    folder = tmp_path / "my taxes"
    folder.mkdir()
    (folder / "recipe.toml").write_text(TEXT)
    (folder / "one.txt").write_text("The rate of value added tax is 12 percent.\n" * 9)
    return folder


def test_install_list_and_remove(
    recipe: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """From nothing to a timer and back, each step saying what it did."""
    fake = FakeSystemctl(tmp_path, monkeypatch)
    assert execute(["schedule", "list"]) == 0
    assert "nothing is installed" in capsys.readouterr().err
    assert execute(["schedule", "install", str(recipe)]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[1].endswith(".timer")
    assert "loginctl enable-linger" in shown.err
    assert "Asia/Makassar" in shown.err
    assert execute(["schedule", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["timers"]
    assert row["recipe"] == str(recipe / "recipe.toml")
    assert (row["enabled"], row["state"]) == (True, "as the recipe says")
    assert execute(["schedule", "remove", str(recipe)]) == 0
    assert "removed subak-taxes-" in capsys.readouterr().out
    assert not list(fake.units.glob("subak-*"))
    assert execute(["schedule", "remove", str(recipe)]) == 2


def test_list_says_where_recipe_and_timer_part(
    recipe: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A changed recipe is to be installed again, one that is gone is told."""
    FakeSystemctl(tmp_path, monkeypatch)
    assert execute(["schedule", "install", str(recipe), "-q"]) == 0
    path = recipe / "recipe.toml"
    path.write_text(TEXT.replace("06:00", "07:00"))
    capsys.readouterr()
    assert execute(["schedule", "list"]) == 0
    shown = capsys.readouterr().out
    assert "recipe changed: install it again" in shown
    name = next(word for word in shown.split() if word.startswith("subak-"))
    path.unlink()
    assert execute(["schedule", "list"]) == 0
    assert "broken: there is no recipe" in capsys.readouterr().out
    assert execute(["schedule", "remove", name]) == 0


def test_install_print_shows_units_and_writes_nothing(
    recipe: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Both files are on stdout, whole."""
    fake = FakeSystemctl(tmp_path, monkeypatch)
    assert execute(["schedule", "install", str(recipe), "--print"]) == 0
    shown = capsys.readouterr().out
    assert "OnCalendar=*-*-* 06:00:00 Asia/Makassar" in shown
    assert f'"{recipe / "recipe.toml"}" "--scheduled"' in shown
    assert fake.asked == []
    assert not fake.units.exists()


@pytest.mark.parametrize("flags", [[], ["--cron"]])
def test_install_without_systemd_shows_a_crontab_line(
    recipe: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    flags: list[str],
) -> None:
    """With the zone's handling: hours of this machine, and what is not due waits."""
    FakeSystemctl(tmp_path, monkeypatch, state="running" if flags else "offline")
    monkeypatch.setenv("TZ", "UTC")
    assert execute(["schedule", "install", str(recipe), *flags]) == 0
    shown = capsys.readouterr()
    line = shown.out.splitlines()[1]
    assert line.startswith("0 22 * * * ")
    assert "--scheduled" in line
    assert "crontab -e" in shown.err
    assert "Asia/Makassar" in shown.err


def test_next_shows_both_zones(
    recipe: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Times of the recipe's zone and of this machine's, as many as asked for."""
    monkeypatch.setenv("TZ", "Europe/Rome")
    assert execute(["schedule", "next", str(recipe), "--count", "7"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["Asia/Makassar", "Europe/Rome"]
    times = [line.split() for line in lines[2:]]
    assert len(times) == 7
    assert {row[2] for row in times} == {"06:00"}
    assert {row[5] for row in times} <= {"23:00", "00:00"}
    assert execute(["schedule", "next", str(recipe), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["version"], told["zone"]) == (1, "Asia/Makassar")
    assert told["here"] == "Europe/Rome"
    assert len(told["times"]) == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["next", "tax"], "subak init tax --from tax"),
        (["next", "nosuch"], "there is no recipe"),
        (["nxt", "tax"], "did you mean 'next'?"),
        (["install"], "RECIPE"),
    ],
)
def test_wrong_words_exit_2_with_a_way_out(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is answered with what to type."""
    assert execute(["schedule", *words]) == 2
    assert said in capsys.readouterr().err


def test_recipe_without_a_schedule_is_told_what_to_write(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two lines of TOML are shown."""
    (recipe / "recipe.toml").write_text(TEXT.partition("[schedule]")[0])
    assert execute(["schedule", "install", str(recipe)]) == 2
    assert 'at = "06:00"' in capsys.readouterr().err


def test_schedule_alone_shows_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """Examples first, then each command with its line."""
    assert execute(["schedule"]) == 0
    shown = capsys.readouterr().out
    assert shown.index("subak schedule install taxes") < shown.index("Commands:")
    assert execute(["schedule", "next", "--help"]) == 0
    assert "--count" in capsys.readouterr().out


def test_scheduled_run_begins_once_and_says_why_not_again(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a timer types: due, then not due, then skipped beside another run."""
    line = ["run", str(recipe), "--scheduled", "--json"]
    assert execute(line) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "done"
    assert execute(line) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["version"], told["status"]) == (1, "skipped")
    assert told["reason"].startswith("nothing is due before")
    assert execute(["run", str(recipe), "--scheduled"]) == 0
    assert "nothing is due before" in capsys.readouterr().err


def test_scheduled_run_beside_another_is_skipped(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It exits well, for the other run does the work."""
    (recipe / "recipe.toml").write_text(f'{TEXT}overlap = "skip"\n')
    with WorkspaceLock(Workspace(recipe)):
        assert execute(["run", str(recipe), "--scheduled", "--json"]) == 0
        assert "holds this workspace" in json.loads(capsys.readouterr().out)["reason"]
        assert execute(["run", str(recipe), "--json"]) == 2
