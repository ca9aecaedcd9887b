"""Time zones: found by name, told apart from what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.errors import UserError
from subak.schedule.time_zone import find_zone, machine_zone, near_zone


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("asia/makasar", "Asia/Makassar"),
        ("Makassar", "Asia/Makassar"),
        ("New York", "America/New_York"),
        ("../../etc/passwd", "names look like"),
        ("Europe", "names look like|Europe/"),
        ("", "names look like"),
        ("Mars/Base", "names look like|/"),
    ],
)
def test_find_zone_of_no_zone_names_the_nearest(name: str, meant: str) -> None:
    """A typo is answered with what was meant."""
    with pytest.raises(UserError, match="there is no time zone") as caught:
        find_zone(name, where="schedule.timezone")
    assert caught.value.where == "schedule.timezone"
    assert any(part in caught.value.hint for part in meant.split("|"))


def test_machine_without_zones_is_told_where_to_get_them() -> None:
    """There every name is unknown, however right it is."""
    assert near_zone("Asia/Makassar", ()).endswith("pip install tzdata")


def test_find_zone_finds_one() -> None:
    """A right name is a zone."""
    assert str(find_zone("Asia/Makassar")) == "Asia/Makassar"


def test_machine_zone_goes_by_what_is_set_first(tmp_path: Path) -> None:
    """TZ beats the link, the link beats the name in a file, and none of them is UTC."""
    assert str(machine_zone({}, tmp_path)) == "UTC"
    (tmp_path / "timezone").write_text("Asia/Makassar\n")
    assert str(machine_zone({}, tmp_path)) == "Asia/Makassar"
    zones = tmp_path / "zoneinfo" / "Europe"
    zones.mkdir(parents=True)
    (zones / "Rome").touch()
    (tmp_path / "localtime").symlink_to(zones / "Rome")
    assert str(machine_zone({}, tmp_path)) == "Europe/Rome"
    assert str(machine_zone({"TZ": ":America/New_York"}, tmp_path)) == (
        "America/New_York"
    )
    assert str(machine_zone({"TZ": "no such"}, tmp_path)) == "Europe/Rome"
