"""python -m bench.eval [ROW ...]: how right facts, sentences and retrieval are.

Exit code 0: every figure is met; 2: wrong arguments; 3: a figure is short, or a row
failed. Answers of models are kept in the user's cache: a second measurement without a
change is quick, and says so.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from bench.eval.rows import ROWS, find_row
from bench.eval.setting import Setting
from bench.eval.table import to_markdown, to_text
from bench.kept import keep
from bench.machine import describe_machine
from bench.one_row import measure_row
from bench.row import Conditions, Measured, Result

EVAL = Path(__file__).parent.parent / "EVAL.md"
KEPT = Path(__file__).parent / "results"
Measure = Callable[[Setting], Measured]


def main(words: Sequence[str] | None = None) -> int:
    """Measure what is asked for, print the table, tell by the exit code."""
    given = _read_arguments(words)
    keys = given.rows or [row.key for row in ROWS]
    for number, key in enumerate(keys if not given.report else (), start=1):
        row = find_row(key)
        assert row is not None
        _say(f"[{number}/{len(keys)}] {row.title} ({key})")
        keep(_measure(key, given), given.kept)
    kept = load_all(given.kept)
    asked = [result for result in kept if result.row in keys]
    print(to_text(asked))
    if given.write:
        EVAL.write_text(to_markdown(kept, describe_machine()), encoding="utf-8")
        _say(f"written: {EVAL}")
    return 0 if asked and all(result.is_good for result in asked) else 3


def load_all(folder: Path) -> list[Result]:
    """Return the results there are, in the order of the table."""
    files = [folder / f"{row.key}.json" for row in ROWS]
    return [
        msgspec.json.decode(file.read_bytes(), type=Result)
        for file in files
        if file.exists()
    ]


def _measure(key: str, given: argparse.Namespace) -> Result:
    module = importlib.import_module(f"bench.eval.{key}")
    measure: Measure = module.measure
    setting = Setting(
        Conditions(Path()),
        given.set,
        tuple(given.pairs),
        tuple(given.articles),
        given.limit,
        given.fresh,
        given.model,
    )

    def run(conditions: Conditions) -> Measured:
        return measure(replace(setting, conditions=conditions))

    return measure_row(key, run, is_quick=given.quick)


def _read_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    keys = [row.key for row in ROWS]
    parser = argparse.ArgumentParser(
        prog="python -m bench.eval",
        description="Measure how right facts, sentences and retrieval are.",
        epilog="rows: " + "; ".join(f"{row.key} ({row.title})" for row in ROWS),
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help="default: all")
    parser.add_argument("--set", default="tax", metavar="SET", help="labelled set")
    parser.add_argument(
        "--pairs",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="sentence pairs as JSONL: source, sentence, label, kind",
    )
    parser.add_argument(
        "--articles",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="articles a run has written",
    )
    parser.add_argument(
        "--model", default="", metavar="SPEC", help="judge of doubtful sentences"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="first documents only")
    parser.add_argument("--fresh", action="store_true", help="ask models anew")
    parser.add_argument("--quick", action="store_true", help="try the mechanics only")
    parser.add_argument("--write", action="store_true", help="write bench/EVAL.md")
    parser.add_argument("--report", action="store_true", help="show what is kept")
    parser.add_argument("--kept", type=Path, default=KEPT, help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    unknown = [key for key in given.rows if key not in keys]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(keys)}")
    return given


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
