"""`python -m bench.later_run FOLDER STAGE DAYS`: a recipe's run some days from now.

Prints the object that `subak run --json` prints, and ends with the same code. Runs as
that command does; workers import this module too, so it imports nothing of weight.
"""

from __future__ import annotations

import json
import sys

from subak.engine.clock import SystemClock

_DAY_S = 86_400.0
_PARTIAL = 3


class LaterClock(SystemClock):
    """The machine's clock on a later day."""

    def __init__(self, days: float) -> None:
        ahead_s = days * _DAY_S
        today = SystemClock.now
        self.now = lambda: today() + ahead_s


def main() -> None:
    """Run."""
    from subak.api import RunRequest, arun
    from subak.cli.event_loop import run
    from subak.engine.interpreter import favour_the_loop

    folder, stage, days = sys.argv[1:]
    favour_the_loop()
    request = RunRequest(folder, model="echo", only=stage)
    summary = run(arun(request, clock=LaterClock(float(days))))
    print(json.dumps(summary.to_json()))
    sys.exit(_PARTIAL if summary.failures else 0)


if __name__ == "__main__":
    main()
