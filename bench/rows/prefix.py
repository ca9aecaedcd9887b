"""Prefix cache: what real llama.cpp need not read again, as it counts itself."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bench.drive import DriveJob
from bench.prefix_cache import measure as measure_by_hand
from bench.row import Check, Conditions, Measured
from bench.rows.llama import find_model
from bench.sweep import drive_once
from subak.llm.machine import this_machine

AT_LEAST = 0.9
_CATEGORIES, _DOCUMENTS = 14, 10
_TOKENS = 8
_SEED = 7
_TIMEOUT_S = 900.0
_WORDS = ("tax", "rate", "income", "visa", "permit", "office", "yearly", "notice")


@dataclass(frozen=True, slots=True)
class Served:
    """Tokens of shared beginnings.

    Args:
        shared: Of all prompts whose beginning the server had seen.
        cached: Those of them that it had in its cache.
    """

    shared: int
    cached: int

    @property
    def share(self) -> float:
        """Return the part the cache served."""
        return self.cached / max(1, self.shared)


def measure(conditions: Conditions) -> Measured:
    """Ask in a mixed order and let subak sort it; then sorted by hand, beside it."""
    model = find_model()
    categories = conditions.pick(_CATEGORIES, 2)
    documents = conditions.pick(_DOCUMENTS, 3)
    slots = this_machine().slots
    job = DriveJob(
        model,
        "",
        _prompts(categories, documents),
        warm=("Say one word.",),
        max_tokens=_TOKENS,
        slots=slots,
    )
    conditions.say(f"{categories} x {documents} in a mixed order, {slots} slots")
    driven = drive_once(job, conditions.folder / "run", _TIMEOUT_S)
    served = count_served(driven.cached, categories)
    conditions.say(f"{served.share:.1%} of {served.shared} tokens")
    raw: dict[str, object] = {"model": model, "slots": slots, "run": asdict(driven)}
    notes = [
        f"{categories} categories x {documents} documents, all asked at once in an "
        f"order that mixes the categories; subak's limiter sorts. {slots} slots. "
        "Shared: the longest beginning the server ever had in its cache, for every "
        "document but the first of its category."
    ]
    if not conditions.is_quick:
        conditions.say("the same sorted by hand, one at a time")
        by_hand = asyncio.run(measure_by_hand(model))
        raw["by_hand"] = {**asdict(by_hand), "share": by_hand.share}
        notes.append(
            f"Sorted by hand and sent one at a time: {by_hand.share:.1%} "
            "(`python -m bench.prefix_cache`)."
        )
    check = Check(
        "real llama.cpp: shared prefix tokens from its cache",
        f">= {AT_LEAST:.0%}",
        f"{served.share:.1%} of {served.shared:,}"
        + (f", {driven.failed} lost" if driven.failed else ""),
        served.share >= AT_LEAST and not driven.failed,
    )
    return Measured((check,), raw, tuple(notes), ("python -m bench prefix",))


def count_served(cached: Sequence[int], categories: int) -> Served:
    """Add up what the cache served of what it could have.

    Args:
        cached: Cached tokens of each prompt; prompt i belongs to category
            i modulo ``categories``, -1 for no answer.
        categories: How many there are.
    """
    reachable = max([*cached, 0])
    total = Served(0, 0)
    for category in range(categories):
        # The one with the fewest came first: nothing of it could be there yet.
        later = sorted(cached[category::categories])[1:]
        found = sum(max(0, count) for count in later)
        total = Served(total.shared + reachable * len(later), total.cached + found)
    return total


def _prompts(categories: int, documents: int) -> tuple[str, ...]:
    """Return prompts category by category in turn: the worst order to send them."""
    return tuple(
        f"Category {category}. Rules: {_words(f'{category}', 170)}.\n"
        f"Document {document}: {_words(f'{category} {document}', 50)}. "
        "Which word is first?"
        for document in range(documents)
        for category in range(categories)
    )


def _words(name: str, count: int) -> str:
    return " ".join(random.Random(f"{_SEED} {name}").choices(_WORDS, k=count))
