"""How many files and connections this process may hold open, and making it enough."""

from __future__ import annotations

import sys

from subak.errors import UserError

_WANTED = 8_192


def allow_open_files(wanted: int = _WANTED) -> int | None:
    """Raise the soft limit as far as it is wanted and allowed; return what holds.

    Most systems allow 1,024 or 256 at first, which a thousand calls at once use up.
    None where the system has no such limit.
    """
    if sys.platform == "win32":
        return None
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    goal = wanted if hard == unlimited else min(wanted, hard)
    if soft == unlimited or soft >= goal:
        return None if soft == unlimited else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (goal, hard))
    except (OSError, ValueError):
        return soft
    return goal


def too_many_open_files(where: str) -> UserError:
    """Return the error for a connection that finds no file left."""
    allowed = allow_open_files()
    return UserError(
        f"no more connections: this process may open {allowed} files",
        where=where,
        hint=f"ulimit -n {_WANTED}, or fewer calls at once: --max-parallel",
    )
