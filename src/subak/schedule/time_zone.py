"""Time zones by name, and the zone this machine lives in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from subak.errors import UserError

_FOLDER = "zoneinfo/"
_UNUSABLE = (KeyError, ValueError, OSError)  # not there, no name, a folder of zones


def find_zone(name: str, *, where: str = "") -> ZoneInfo:
    """Return the zone of that name, as "Asia/Makassar".

    Raises:
        UserError: There is none; names the nearest.
    """
    try:
        return ZoneInfo(name)
    except _UNUSABLE as error:
        raise UserError(
            f"there is no time zone '{name}'",
            where=where,
            hint=near_zone(name, available_timezones()),
        ) from error


def near_zone(name: str, known: Collection[str]) -> str:
    """Return what to do about a name that is no zone: usually the nearest that is."""
    if not known:
        return "this machine knows no time zones: pip install tzdata"
    by_text = {zone.casefold(): zone for zone in sorted(known)}
    cities = {zone.rpartition("/")[2]: text for text, zone in by_text.items()}
    wanted = name.strip().replace(" ", "_").casefold()
    close = get_close_matches(wanted, [*by_text, *cities], n=1, cutoff=0.6)
    if not close:
        return "names look like Asia/Makassar, Europe/Rome or UTC"
    return f"did you mean '{by_text[cities.get(close[0], close[0])]}'?"


def machine_zone(environ: Mapping[str, str], etc: Path = Path("/etc")) -> ZoneInfo:
    """Return the zone this machine's clocks show, UTC where it has none.

    Args:
        environ: ``TZ`` in it wins, as it does for every other program.
        etc: Folder with ``localtime`` and ``timezone``.
    """
    for name in _candidates(environ, etc):
        try:
            return ZoneInfo(name)
        except _UNUSABLE:
            continue
    return ZoneInfo("UTC")


def _candidates(environ: Mapping[str, str], etc: Path) -> list[str]:
    names = [environ.get("TZ", "").removeprefix(":")]
    try:
        names.append(str((etc / "localtime").resolve()))
        names.append((etc / "timezone").read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        pass  # one of them is enough, and there may be neither
    return [name.rpartition(_FOLDER)[2] for name in names if name]
