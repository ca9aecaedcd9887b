"""How much of shared prompt beginnings a server reads from its cache.

``python -m bench.prefix_cache [MODEL] [--slots N] [--order prefix|shared|mixed]
[--categories N] [--documents N]``

14 categories with 10 documents each: the prompts of a category share their beginning.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from subak.engine.clock import SystemClock
from subak.llm.model import Completion, Endpoint, Message, NoProgress, Prompt
from subak.llm.open import open_endpoint
from subak.llm.options import EndpointOptions

CATEGORIES, DOCUMENTS = 14, 10
_WORDS = (
    *("tax", "rate", "income", "levy", "visa", "permit", "region", "office"),
    *("annual", "filing", "threshold", "resident", "bracket", "standard", "reduced"),
    *("report", "category", "update", "source", "market", "notice", "period", "rule"),
)
# <|im_end|>, a line break and the beginning of the assistant's turn.
_BEHIND_THE_PREFIX = 5


@dataclass(frozen=True, slots=True)
class PrefixShare:
    """What the server's cache served of what it could have served.

    Args:
        shared_tokens: Tokens of beginnings that an earlier prompt had already.
        cached_tokens: Those of them the server did not read again.
        tokens_in: All prompt tokens.
        tokens_cached: All prompt tokens that came from the cache.
        calls: Calls made.
        seconds: How long they took.
    """

    shared_tokens: int
    cached_tokens: int
    tokens_in: int
    tokens_cached: int
    calls: int
    seconds: float

    @property
    def share(self) -> float:
        """Return the part of the shared tokens that the cache served."""
        return self.cached_tokens / max(1, self.shared_tokens)


async def measure(
    spec: str,
    *,
    slots: int = 1,
    order: str = "prefix",
    size: tuple[int, int] = (CATEGORIES, DOCUMENTS),
    seed: int = 7,
) -> PrefixShare:
    """Ask all prompts, ``slots`` at once, and add up what the cache served.

    Args:
        spec: A model whose server counts cached tokens.
        slots: Requests at once.
        order: "prefix": one category after the other, each worker one of its own;
            "shared": the same, but all workers in one category; "mixed": shuffled.
        size: Categories, and documents of each.
        seed: Of the words and of the shuffling.
    """
    endpoint = open_endpoint(spec, EndpointOptions(slots=slots, context_tokens=1024))
    clock = SystemClock()
    lanes = _lanes(slots, _pairs(order, size, seed), shares=order != "prefix")
    try:
        await endpoint.complete(_prompt(-1, 0, seed), NoProgress())
        started = clock.monotonic()
        found = await _ask_all(endpoint, lanes, seed)
        seconds = clock.monotonic() - started
        lengths = [await _length(endpoint, c, seed) for c in range(size[0])]
    finally:
        await endpoint.close()
    return replace(_sum(found, lengths), seconds=seconds)


def _prompt(category: int, document: int, seed: int) -> Prompt:
    beginning = random.Random(f"{seed} {category}").choices(_WORDS, k=170)
    rest = random.Random(f"{seed} {category} {document}").choices(_WORDS, k=50)
    system = f"Category {category}. Rules: {' '.join(beginning)}."
    user = f"Document {document}: {' '.join(rest)}. Which word is first?"
    turns = (Message("system", system), Message("user", user))
    return Prompt(turns, max_tokens=8)


def _pairs(order: str, size: tuple[int, int], seed: int) -> list[list[tuple[int, int]]]:
    """Return the blocks of category and document that are asked without a pause."""
    blocks = [[(c, d) for d in range(size[1])] for c in range(size[0])]
    if order == "mixed":
        pairs = [pair for block in blocks for pair in block]
        random.Random(seed).shuffle(pairs)
        return [pairs]
    return blocks


def _lanes(
    slots: int, blocks: list[list[tuple[int, int]]], *, shares: bool
) -> list[Iterator[tuple[int, int]]]:
    """Return what each worker asks: block by block of its own, or all of the same."""
    if shares:
        return [iter([pair for block in blocks for pair in block])] * slots
    queue = iter(blocks)
    return [(pair for block in queue for pair in block) for _ in range(slots)]


async def _ask_all(
    endpoint: Endpoint, lanes: Sequence[Iterator[tuple[int, int]]], seed: int
) -> list[tuple[int, Completion]]:
    found: list[tuple[int, Completion]] = []

    async def work(lane: Iterator[tuple[int, int]]) -> None:
        for category, document in lane:
            prompt = _prompt(category, document, seed)
            found.append((category, await endpoint.complete(prompt, NoProgress())))
            _tell(len(found))

    async with asyncio.TaskGroup() as group:
        for lane in lanes:
            group.create_task(work(lane))
    return found


async def _length(endpoint: Endpoint, category: int, seed: int) -> int:
    """Return how many tokens the beginning of a category has, as the server counts."""
    system, _ = _prompt(category, 0, seed).messages
    bare = Prompt((system, Message("user", "")), max_tokens=1)
    completion = await endpoint.complete(bare, NoProgress())
    return completion.usage.tokens_in - _BEHIND_THE_PREFIX


def _sum(found: Sequence[tuple[int, Completion]], lengths: list[int]) -> PrefixShare:
    seen: set[int] = set()
    shared = cached = tokens_in = tokens_cached = 0
    for category, completion in found:
        usage = completion.usage
        tokens_in += usage.tokens_in
        tokens_cached += usage.tokens_cached
        if category in seen:
            shared += lengths[category]
            cached += min(lengths[category], usage.tokens_cached)
        seen.add(category)
    return PrefixShare(shared, cached, tokens_in, tokens_cached, len(found), 0.0)


def _tell(done: int) -> None:
    if done % DOCUMENTS == 0:
        sys.stderr.write(f"\r{done} calls ")
        sys.stderr.flush()


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", default="embedded:qwen2.5-coder-0.5b")
    parser.add_argument("--slots", type=int, default=1)
    parser.add_argument("--order", choices=("prefix", "shared", "mixed"))
    parser.add_argument("--categories", type=int, default=CATEGORIES)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    words = parser.parse_args()
    used = time.process_time()
    order = words.order or "prefix"
    size = (words.categories, words.documents)
    found = asyncio.run(measure(words.model, slots=words.slots, order=order, size=size))
    print(
        f"\n{words.slots} slots, order {order}: {found.share:.1%} of "
        f"{found.shared_tokens} shared tokens from the cache "
        f"({found.tokens_cached} of {found.tokens_in} tokens in all), "
        f"{found.calls} calls in {found.seconds:.0f} s, "
        f"{time.process_time() - used:.1f} s of the client's processor"
    )


if __name__ == "__main__":
    main()
