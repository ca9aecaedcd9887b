"""Units: texts that systemd reads as they are meant."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from subak.schedule.timetable import Timetable, daily
from subak.schedule.units import Launch, make_units, recipe_of

_ANALYZE = shutil.which("systemd-analyze")
_NOW = 1_798_761_600.0
TIMETABLE = Timetable(daily(["06:00"]), ZoneInfo("Asia/Makassar"))


def _launch(recipe: Path) -> Launch:
    return Launch("taxes", recipe, sys.executable, Path("/home/me/a%b/environment"))


def test_units_say_when_and_what() -> None:
    """The timer has zone and persistence, the service the whole command."""
    recipe = Path("/home/me/taxes/recipe.toml")
    units = make_units(_launch(recipe), TIMETABLE, _NOW)
    assert "OnCalendar=*-*-* 06:00:00 Asia/Makassar\n" in units.timer
    assert "Persistent=true\n" in units.timer
    assert "WantedBy=timers.target\n" in units.timer
    assert (
        f'ExecStart="{sys.executable}" "-m" "subak" "run" "{recipe}" "--scheduled"\n'
    ) in units.service
    assert "EnvironmentFile=-/home/me/a%%b/environment\n" in units.service
    assert units.name in units.service
    assert recipe_of(units.timer) == recipe


def test_units_of_two_recipes_have_two_names() -> None:
    """Two folders with recipes of one name don't share a timer."""
    first, second = (_launch(Path(f"/{name}/recipe.toml")) for name in "ab")
    assert first.unit != second.unit
    assert first.unit.startswith("subak-taxes-")
    assert first.unit == _launch(Path("/a/recipe.toml")).unit


@pytest.mark.parametrize("timer", ["", "[Timer]\n", "Recipe=7\n", "Recipe={\n"])
def test_recipe_of_a_timer_of_others_is_none(timer: str) -> None:
    """What subak did not write is none of its timers."""
    assert recipe_of(timer) is None


@pytest.mark.skipif(not _ANALYZE, reason="no systemd-analyze here")
@pytest.mark.parametrize(
    "folder",
    ["plain", "two words", "50 % off $HOME ${x}", "a'b\"c\\d", "é;#|*", "a\nb"],
)
def test_units_are_right_by_systemd_itself(tmp_path: Path, folder: str) -> None:
    """`systemd-analyze verify` has nothing to say, whatever the recipe's folder."""
    recipe = tmp_path / folder / "recipe.toml"
    units = make_units(_launch(recipe), TIMETABLE, _NOW)
    for ending, text in (("service", units.service), ("timer", units.timer)):
        (tmp_path / f"{units.name}.{ending}").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [
            *(str(_ANALYZE), "verify", "--man=no", "--recursive-errors=no"),
            *map(str, sorted(tmp_path.glob("*.service"))),
            *map(str, sorted(tmp_path.glob("*.timer"))),
        ],
        capture_output=True,
        text=True,
    )
    mine = [line for line in done.stderr.splitlines() if units.name in line]
    assert mine == []
    assert recipe_of(units.timer) == recipe
