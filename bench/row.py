"""Row: one line of the table: what is measured, by which module, what came of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Status = Literal["measured", "skipped", "failed"]


class CannotMeasureError(Exception):
    """A row that cannot be measured here; says why."""


class NotInstalledError(CannotMeasureError):
    """What a row measures is not installed: skipped, not failed."""


@dataclass(frozen=True, slots=True)
class Check:
    """One figure against its target.

    Args:
        what: The figure's name.
        target: What it should be, in words.
        measured: What it is, in words.
        is_met: Whether that will do.
    """

    what: str
    target: str
    measured: str
    is_met: bool

    @property
    def verdict(self) -> str:
        """Return one word."""
        return "met" if self.is_met else "SHORT"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a row's module hands back.

    Args:
        checks: The figures that have a target.
        raw: Everything that was measured, JSON-able.
        notes: What a reader of the table should know.
        commands: What was run, as one would type it.
    """

    checks: tuple[Check, ...]
    raw: Mapping[str, object]
    notes: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A row's result as it is kept in bench/results.

    Args:
        row: Key of the row.
        status: Whether it could be measured.
        measured: What came of it, None unless measured.
        reason: Why it could not be measured.
        seconds: How long that took.
        date: When, ISO 8601.
        load: Load averages at the start.
        is_quick: Whether it only tried the mechanics.
    """

    row: str
    status: Status
    measured: Measured | None = None
    reason: str = ""
    seconds: float = 0.0
    date: str = ""
    load: tuple[float, ...] = ()
    is_quick: bool = False

    @property
    def is_good(self) -> bool:
        """Tell whether it was measured and every target was met."""
        if self.status == "skipped":
            return True
        checks = self.measured.checks if self.measured else ()
        return self.status == "measured" and all(check.is_met for check in checks)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a row's module is given.

    Args:
        folder: An empty folder of its own.
        is_quick: Try the mechanics with tiny numbers.
    """

    folder: Path
    is_quick: bool = False

    def pick(self, full: int, quick: int) -> int:
        """Return a number for this run."""
        return quick if self.is_quick else full

    def say(self, text: str) -> None:
        """Tell how it goes, on stderr."""
        print(f"    {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    Args:
        key: Its name on the command line, and of its module in ``bench.rows``.
        title: What the table calls it.
        meaning: What is measured and how, for the reader of RESULTS.md.
        timeout_s: When it is killed.
        needs_quiet: Whether other work on the machine would change its figures; such
            rows are measured first, so that one need not stay away to the end.
    """

    key: str
    title: str
    meaning: str
    timeout_s: float = 900.0
    needs_quiet: bool = False
