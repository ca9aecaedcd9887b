"""memory_bound: what native code may take in a worker before it is ended."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_STATM = Path("/proc/self/statm")


@contextmanager
def memory_bound(extra_bytes: int) -> Iterator[None]:
    """Let this worker take that much more memory inside the block, not more.

    Native code that gets none ends its process, which is what workers are for: the
    executor says so. Outside workers, and where the system doesn't tell what a process
    has, nothing is bounded.
    """
    taken = _taken_bytes() if multiprocessing.parent_process() is not None else 0
    if not taken:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = taken + extra_bytes
    if soft != resource.RLIM_INFINITY:
        most = min(most, soft)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _taken_bytes() -> int:
    with suppress(OSError, ValueError, IndexError):
        return int(_STATM.read_text().split()[0]) * resource.getpagesize()
    return 0
