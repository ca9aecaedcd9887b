"""Clean a workspace in a process that kills itself at the n-th step.

Run as ``python -m tests.recipes.killed_clean FOLDER STEP``; 0 lets it live. Prints the
steps that were taken.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from subak.engine.workspace import Workspace
from subak.recipes.cleaning import clean
from subak.testing.clock import VirtualClock

DAY_S = 86_400.0
LATER_S = 40 * DAY_S


def main() -> None:
    """Do it."""
    folder, deadly = Path(sys.argv[1]), int(sys.argv[2])
    steps = 0

    def step(name: str) -> None:
        nonlocal steps
        steps += 1
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
        if steps == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    clock = VirtualClock(time.time() + LATER_S)
    clean(Workspace(folder), 30 * DAY_S, clock, step)


if __name__ == "__main__":
    main()
