"""A run as it stands in the middle of its work, made up: categories, slots, trouble."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.views.sample import BASE, URL, SampleJournal

_CATEGORIES = {
    "immigration": 42,
    "tax": 38,
    "property": 31,
    "licensing": 24,
    "employment": 36,
    "banking": 18,
    "courts": 22,
    "tourism": 27,
}
_SECONDS = 1_260.0
_SLOTS = 6


def write_run_at_work(folder: Path) -> SampleJournal:
    """Write a run that began twenty minutes ago and is not done yet."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.toml").write_text('name = "intel"\n')
    journal = SampleJournal(folder)
    rng = random.Random(5)
    start = time.time() - BASE - _SECONDS
    journal.begin("20261121-060000-ab12", at=start - 86_400)
    for category, pages in _CATEGORIES.items():
        for n in range(pages):
            for stage in ("fetch", "extract", "index", "claims"):
                journal.task(stage, f"{category}-{n:02}", at=start - 86_000)
        for stage in ("settle", "draft", "verify"):
            journal.task(stage, category, at=start - 82_000)
    journal.task("publish", "all", at=start - 81_000)
    journal.end(start - 80_900, summary='{"tasks": {}, "calls": {"sent": 1}}')
    journal.begin("20261122-060000-cd34", at=start)
    journal.event(start, "limiter.changed", name=URL, limit=2, reason="first guess")
    for at, before, limit in ((60, 2, 4), (150, 4, 6), (700, 6, 5), (800, 5, 6)):
        words = "throughput still rose" if limit > before else "the server slowed down"
        journal.event(
            start + at,
            "limiter.changed",
            name=URL,
            limit=limit,
            before=before,
            reason=words,
        )
    _work(journal, rng, start)
    journal.save()
    return journal


def _work(journal: SampleJournal, rng: random.Random, start: float) -> None:
    free = [start + 20.0] * _SLOTS
    now = start + _SECONDS
    number = 0
    for category, pages in _CATEGORIES.items():
        labels, ends = {"category": category}, [start]
        for n in range(pages):
            item = f"{category}-{n:02}"
            at = start + rng.random() * 120
            if rng.random() < 0.03:
                journal.task("fetch", item, "failed", at=at, seconds=9, labels=labels)
                journal.attempt(
                    "fetch",
                    item,
                    "TimedOut",
                    "no answer within 30 s",
                    at=at + 9,
                    hint=f"open https://news-{n}.example/ in a browser; is it up?",
                )
                continue
            journal.task("fetch", item, at=at, seconds=0.8, labels=labels)
            journal.task("extract", item, at=at + 1, seconds=0.1, labels=labels)
            journal.task("index", item, at=at + 1.2, seconds=0.1, labels=labels)
            slot = min(range(_SLOTS), key=free.__getitem__)
            took = 24 + rng.expovariate(0.05)
            begun, number = free[slot], number + 1
            key = f"{number:08x}" + "3fa9" * 14
            if begun > now:
                continue
            if begun + took > now:
                journal.sent(key, "claims", item, at=begun, slot=slot)
                journal.begun("claims", item, at=begun)
                free[slot] = start + 2 * _SECONDS
                continue
            tokens = (1400, int(took * 9), 600)
            journal.call(
                key, "claims", item, at=begun, seconds=took, slot=slot, tokens=tokens
            )
            journal.task("claims", item, at=begun, seconds=took, labels=labels)
            free[slot] = begun + took
            ends.append(free[slot])
        if len(ends) > pages * 0.8 and max(ends) + 9 < now:
            for place, stage in enumerate(("settle", "draft", "verify")):
                at = max(ends) + 3 * place
                journal.task(stage, category, at=at, seconds=3, labels=labels)
