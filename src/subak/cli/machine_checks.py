"""machine_checks: what of a computer could be in the way of a run."""

from __future__ import annotations

from pathlib import Path

from subak import __version__
from subak.cli.check import Check
from subak.views.machine import Machine
from subak.views.wording import count, duration, moment, size

_LITTLE_DISK = 2_000_000_000
_DAY_S = 86_400
_MOST_CALLS = 1_024
_OTHER_FILES = 64
_LATE_S = 0.02


def machine_checks(
    machine: Machine, folder: Path, now: float, late_s: float | None
) -> list[Check]:
    """Look at Python, system, cores, memory, disk, clock, files and timers.

    Args:
        folder: The workspace whose disk counts.
        now: What the clock says, seconds since the epoch.
        late_s: How late the event loop wakes a sleeper; None when that was not tried.
    """
    return [
        Check("subak", "ok", f"{__version__} on Python {machine.python}"),
        Check("system", "ok", machine.system),
        Check("cores", "ok", f"{count(machine.cores, 'core')}, {_memory(machine)}"),
        _disk(machine, folder),
        _clock(now, machine.time_zone),
        _open_files(),
        *([] if late_s is None else [_timers(late_s)]),
    ]


def _memory(machine: Machine) -> str:
    if not machine.memory_bytes:
        return "memory unknown"
    free = size(machine.memory_free_bytes)
    return f"{size(machine.memory_bytes)} of memory, {free} of it free"


def _disk(machine: Machine, folder: Path) -> Check:
    words = f"{size(machine.disk_free_bytes)} free at {folder.resolve()}"
    if machine.disk_free_bytes < _LITTLE_DISK:
        hint = "make room, or use another folder: --dir DIR"
        return Check("disk", "look", words, hint)
    return Check("disk", "ok", words)


def _clock(now: float, zone: str) -> Check:
    installed = Path(__file__).stat().st_mtime
    words = f"{moment(now)} {zone}"
    if now < installed - _DAY_S:
        hint = "set the clock; certificates and dates need it"
        return Check("clock", "look", f"{words}, before subak was installed", hint)
    return Check("clock", "ok", words)


def _open_files() -> Check:
    from subak.llm.open_files import allow_open_files

    return open_files_check(allow_open_files())


def open_files_check(allowed: int | None) -> Check:
    """Tell whether so many open files are enough for the most calls at once."""
    if allowed is None:
        return Check("open files", "ok", "no limit")
    needed = _MOST_CALLS + _OTHER_FILES
    words = f"{count(allowed)} at once"
    if allowed < needed:
        calls = max(1, allowed - _OTHER_FILES)
        few = f"{words}: enough for {count(calls, 'call')} in flight"
        hint = f"ulimit -n {4 * _MOST_CALLS} before subak allows {_MOST_CALLS:,}"
        return Check("open files", "look", few, hint)
    return Check("open files", "ok", f"{words}: {_MOST_CALLS:,} calls in flight fit")


def _timers(late_s: float) -> Check:
    shown = duration(late_s) if late_s >= 0.001 else "less than 1 ms"
    words = f"the event loop wakes {shown} late"
    if late_s > _LATE_S:
        hint = "the machine is busy: speeds measured now are too low"
        return Check("timers", "look", words, hint)
    return Check("timers", "ok", words)
