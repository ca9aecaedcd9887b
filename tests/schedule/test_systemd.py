"""Systemd: timers written, enabled, listed and taken away."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from subak.errors import UserError
from subak.schedule.systemd import Systemd
from subak.schedule.timetable import Timetable, daily
from subak.schedule.units import Launch, Units, make_units
from tests.schedule.fake_systemctl import FakeSystemctl

TIMETABLE = Timetable(daily(["06:00"]), ZoneInfo("Asia/Makassar"))


def _units(folder: Path) -> Units:
    launch = Launch("taxes", folder / "recipe.toml", "python", folder / "environment")
    return make_units(launch, TIMETABLE, 1_798_761_600.0)


def test_install_writes_enables_and_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both files are there, systemd has read them, the timer is on."""
    fake = FakeSystemctl(tmp_path, monkeypatch)
    systemd, units = Systemd(fake.units), _units(tmp_path)
    assert systemd.is_there()
    paths = systemd.install(units)
    assert [path.read_text() for path in paths] == [units.service, units.timer]
    assert fake.asked == [
        "--user daemon-reload",
        f"--user enable --now {units.name}.timer",
    ]
    (installed,) = systemd.installed()
    assert (installed.name, installed.is_enabled) == (units.name, True)
    assert installed.recipe == tmp_path / "recipe.toml"
    assert not systemd.lingers()


def test_remove_stops_and_deletes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timer is off before its files go; what others installed stays."""
    fake = FakeSystemctl(tmp_path, monkeypatch)
    systemd, units = Systemd(fake.units), _units(tmp_path)
    systemd.install(units)
    other = fake.units / "subak-other.timer"
    other.write_text("[Timer]\nOnCalendar=daily\n")
    systemd.remove(units.name)
    assert fake.asked[2:] == [
        f"--user disable --now {units.name}.timer",
        "--user daemon-reload",
    ]
    assert systemd.installed() == []
    assert other.exists()
    with pytest.raises(UserError, match="no timer"):
        systemd.remove(units.name)


def test_refused_install_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What systemd says is told, with the other way there is."""
    fake = FakeSystemctl(tmp_path, monkeypatch, refuses=True)
    systemd = Systemd(fake.units)
    with pytest.raises(UserError, match="no such bus") as caught:
        systemd.install(_units(tmp_path))
    assert "--cron" in caught.value.hint
    assert systemd.installed() == []


def test_systemd_that_is_not_running_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program of that name is not enough."""
    fake = FakeSystemctl(tmp_path, monkeypatch, state="offline")
    assert not Systemd(fake.units).is_there()


def test_no_systemctl_at_all_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without systemd is asked without a fuss."""
    monkeypatch.setenv("PATH", str(tmp_path))
    systemd = Systemd(tmp_path)
    assert not systemd.is_there()
    assert not systemd.lingers()
