"""python -m bench [ROW ...]: measure the rows of the table, one after another.

Exit code 0: every figure is met; 2: wrong arguments; 3: a row is short or failed.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.kept import FOLDER, keep, load_all
from bench.machine import describe_machine
from bench.row import Result, Row
from bench.table import to_markdown, to_text
from bench.table_rows import ROWS, find_row

RESULTS = Path(__file__).parent / "RESULTS.md"
_TITLE = "What subak reaches"
_SOURCE = Path(__file__).parent.parent / "src"


def main() -> int:
    """Measure what is asked for, print the table, tell by the exit code."""
    given = _read_arguments()
    rows = [row for row in map(find_row, given.rows) if row is not None]
    if not given.report:
        _measure_all(rows or ROWS, is_quick=given.quick)
    kept = load_all()
    asked = [result for result in kept if not given.rows or result.row in given.rows]
    print(to_text(asked, kept))
    if given.write:
        text = to_markdown(kept, describe_machine(), _TITLE)
        RESULTS.write_text(text, "utf-8")
        _say(f"written: {RESULTS}")
    return 0 if asked and all(result.is_good for result in asked) else 3


def _read_arguments() -> argparse.Namespace:
    keys = [row.key for row in ROWS]
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the rows of the table, print it, say what is short.",
        epilog="rows: " + "; ".join(f"{row.key} ({row.title})" for row in ROWS),
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help="default: all")
    parser.add_argument("--quick", action="store_true", help="try the mechanics only")
    parser.add_argument("--write", action="store_true", help="write bench/RESULTS.md")
    parser.add_argument(
        "--report", action="store_true", help="measure nothing, show what is kept"
    )
    given = parser.parse_args()
    unknown = [key for key in given.rows if key not in keys]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(keys)}")
    return given


def _measure_all(rows: Sequence[Row], *, is_quick: bool) -> None:
    # As a user has it: where Python may write no bytecode, each of our processes, the
    # workers' too, would compile hundreds of modules anew, 0.6 s of a start.
    compileall.compile_dir(_SOURCE, quiet=1)
    in_order = sorted(rows, key=lambda row: not row.needs_quiet)
    for number, row in enumerate(in_order, start=1):
        need = ", needs an otherwise idle machine" if row.needs_quiet else ""
        _say(f"[{number}/{len(rows)}] {row.title} ({row.key}){need}")
        _measure(row, is_quick=is_quick)


def _measure(row: Row, *, is_quick: bool) -> None:
    """Measure a row in a process group of its own, and see to its end."""
    (FOLDER / f"{row.key}.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "bench.one_row", row.key, str(FOLDER)]
    command += ["--quick"] if is_quick else []
    started = time.monotonic()
    process = subprocess.Popen(command, start_new_session=True)
    reason = ""
    try:
        code = process.wait(row.timeout_s)
        reason = f"its process ended with {code}" if code else ""
    except subprocess.TimeoutExpired:
        reason = f"not done after {row.timeout_s:.0f} s"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    seconds = time.monotonic() - started
    if reason and not (FOLDER / f"{row.key}.json").exists():
        keep(Result(row.key, "failed", reason=reason, seconds=seconds))
    _say(f"    {seconds:.0f} s")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # A row must not outlive whoever asked for it, however that is stopped.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
