"""Settings of the interpreter for a process that does nothing but run a job."""

from __future__ import annotations

import gc
import sys

_GC_THRESHOLDS = (10_000, 50, 50)
_SWITCH_S = 0.001


def favour_the_loop() -> None:
    """Let the event loop wait less: for the garbage collector, and for the writer.

    What is imported is never garbage. The journal's writer thread gives way after a
    millisecond instead of five, for each call that ends makes room for the next.
    For commands only: a library leaves its host's interpreter alone.
    """
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    sys.setswitchinterval(_SWITCH_S)
