"""`python -m bench.one_row KEY FILE [--quick]`: measure one row in this process."""

from __future__ import annotations

import datetime
import importlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.kept import keep
from bench.machine import load_averages
from bench.row import (
    CannotMeasureError,
    Conditions,
    Measured,
    NotInstalledError,
    Result,
    Status,
)

Measure = Callable[[Conditions], Measured]


def measure_row(key: str, measure: Measure, *, is_quick: bool) -> Result:
    """Measure; a row that cannot be measured says why."""
    date = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    load, started = load_averages(), time.monotonic()
    measured, reason = None, ""
    status: Status = "measured"
    with tempfile.TemporaryDirectory(prefix="subak-bench-") as name:
        try:
            measured = measure(Conditions(Path(name), is_quick))
        except NotInstalledError as error:
            status, reason = "skipped", str(error)
        except (CannotMeasureError, OSError) as error:
            status, reason = "failed", str(error)
    return Result(
        row=key,
        status=status,
        measured=measured,
        reason=reason,
        seconds=time.monotonic() - started,
        date=date,
        load=load,
        is_quick=is_quick,
    )


def main() -> None:
    """Measure the row named and keep what came of it in a folder."""
    key, folder, *flags = sys.argv[1:]
    module = importlib.import_module(f"bench.rows.{key}")
    result = measure_row(key, module.measure, is_quick="--quick" in flags)
    keep(result, Path(folder))


if __name__ == "__main__":
    main()
