"""Systemd: the user's own timers, as far as they are subak's."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.errors import UserError
from subak.schedule.units import PREFIX, Units, recipe_of

_LIMIT_S = 30
_WORKING = frozenset({"running", "degraded", "starting", "initializing"})


@dataclass(frozen=True, slots=True)
class Installed:
    """A timer that is there.

    Args:
        name: Of the unit, without its ending.
        recipe: The recipe file it runs.
        timer: The timer's text.
        is_enabled: systemd starts it.
    """

    name: str
    recipe: Path
    timer: str
    is_enabled: bool


class Systemd:
    """Install, remove and list timers.

    Args:
        folder: Where the user's units are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_there(self) -> bool:
        """Tell whether a systemd of this user can be asked."""
        done = _ask(["systemctl", "--user", "is-system-running"])
        return done is not None and done.stdout.strip() in _WORKING

    def install(self, units: Units) -> Sequence[Path]:
        """Write the units and let systemd start the timer from now on.

        Raises:
            UserError: systemd refused; nothing is left behind.
            StorageError: The units cannot be written.
        """
        paths = self._paths(units.name)
        for path, text in zip(paths, (units.service, units.timer), strict=True):
            write_atomically(path, text.encode())
        _do(["systemctl", "--user", "daemon-reload"])
        try:
            _do(["systemctl", "--user", "enable", "--now", f"{units.name}.timer"])
        except UserError:
            self.remove(units.name)
            raise
        return paths

    def remove(self, name: str) -> None:
        """Stop a timer and delete its units; a run that is on goes on.

        Raises:
            UserError: There is no such timer; names those that are there.
        """
        if not any(path.exists() for path in self._paths(name)):
            known = ", ".join(one.name for one in self.installed())
            raise UserError(
                f"no timer '{name}' is installed",
                where=str(self._folder),
                hint=f"there are: {known}"
                if known
                else "what cron does is taken out of its lines: crontab -e",
            )
        if self.is_there():
            _ask(["systemctl", "--user", "disable", "--now", f"{name}.timer"])
        for path in self._paths(name):
            path.unlink(missing_ok=True)
        if self.is_there():
            _do(["systemctl", "--user", "daemon-reload"])

    def installed(self) -> list[Installed]:
        """Return the timers that subak has installed, by name."""
        found = []
        for path in sorted(self._folder.glob(f"{PREFIX}*.timer")):
            timer = path.read_text(encoding="utf-8", errors="replace")
            recipe = recipe_of(timer)
            if recipe is not None:
                wanted = self._folder / "timers.target.wants" / path.name
                found.append(Installed(path.stem, recipe, timer, wanted.is_symlink()))
        return found

    def lingers(self) -> bool:
        """Tell whether the user's timers run while nobody is logged in."""
        done = _ask(["loginctl", "show-user", "--property=Linger", "--value"])
        return done is not None and done.stdout.strip() == "yes"

    def _paths(self, name: str) -> tuple[Path, Path]:
        return self._folder / f"{name}.service", self._folder / f"{name}.timer"


def _ask(words: Sequence[str]) -> subprocess.CompletedProcess[str] | None:
    """Run a command and return what it said, None where it cannot be run."""
    try:
        return subprocess.run(
            words, capture_output=True, text=True, timeout=_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def _do(words: Sequence[str]) -> None:
    done = _ask(words)
    if done is None or done.returncode:
        said = "it did not answer" if done is None else done.stderr.strip()
        raise UserError(
            f"systemd refused: {said[:300]}",
            where=" ".join(words),
            hint="subak schedule install RECIPE --cron shows a crontab line instead",
        )
