"""find_holder: which process runs on a workspace right now."""

from __future__ import annotations

import fcntl
import os

from subak.engine.workspace import Workspace


def find_holder(workspace: Workspace) -> int | None:
    """Return the process that holds the workspace, None when nobody does.

    The lock itself is only tried when the process it names lives, so that looking
    never makes a run that is just starting believe the workspace is taken.
    """
    try:
        with workspace.lock.open(encoding="ascii", errors="replace") as lock:
            pid = lock.read().strip()
            is_held = _is_alive(pid) and _is_locked(lock.fileno())
    except OSError:
        return None
    return int(pid) if is_held else None


def _is_alive(pid: str) -> bool:
    if not (pid.isascii() and pid.isdigit()):
        return False
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False
