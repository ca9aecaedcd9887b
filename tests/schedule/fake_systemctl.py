"""A systemctl of a test's own: a real program that notes what it is asked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_SCRIPT = """#!/bin/sh
echo "$@" >> "{log}"
case "$*" in
  *is-system-running*) echo "{state}" ;;
  *show-user*) echo "{linger}" ;;
  *enable*) {enable} ;;
esac
"""
_LINK = (
    'mkdir -p "{units}/timers.target.wants"; for last; do :; done;'
    ' ln -sf "../$last" "{units}/timers.target.wants/$last"'
)


class FakeSystemctl:
    """Stands first in PATH, for systemctl and loginctl.

    Args:
        folder: Where the programs, the units and the notes are.
        state: What it says of the system.
        refuses: It fails to enable a timer.
    """

    def __init__(
        self,
        folder: Path,
        environment: pytest.MonkeyPatch,
        *,
        state: str = "running",
        linger: str = "no",
        refuses: bool = False,
    ) -> None:
        self.units = folder / "config" / "systemd" / "user"
        self._log = folder / "asked.txt"
        link = _LINK.format(units=self.units)
        script = _SCRIPT.format(
            log=self._log,
            state=state,
            linger=linger,
            enable='echo "no such bus" >&2; exit 1' if refuses else link,
        )
        programs = folder / "bin"
        programs.mkdir()
        for name in ("systemctl", "loginctl"):
            (programs / name).write_text(script)
            (programs / name).chmod(0o755)
        environment.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
        environment.setenv("XDG_CONFIG_HOME", str(folder / "config"))

    @property
    def asked(self) -> list[str]:
        """Return what it was asked, line by line, but for how it is."""
        if not self._log.exists():
            return []
        lines = self._log.read_text().splitlines()
        return [line for line in lines if "is-system-running" not in line]
