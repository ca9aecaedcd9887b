"""Item and make_items: what there is to ask, with lengths as real jobs have them.

Prompt and output lengths are log-normal and correlated; outputs are capped as by
max_tokens.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

_CORRELATION = 0.3
_SHORTEST_PROMPT = 16
_SHORTEST_OUTPUT = 4


@dataclass(frozen=True, slots=True)
class Item:
    """One prompt and the length of its answer."""

    number: int
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of item in a mix; lengths are medians with the sigma of their logs."""

    weight: float
    prompt: float
    prompt_sigma: float
    output: float
    output_sigma: float
    longest_prompt: int
    longest_output: int


MIXES: dict[str, tuple[Kind, ...]] = {
    "mixed": (
        Kind(0.7, 700, 0.6, 150, 0.5, 6000, 1024),
        Kind(0.3, 1600, 0.4, 500, 0.45, 6000, 1024),
    ),
    "small": (
        Kind(0.7, 110, 0.5, 60, 0.5, 1200, 300),
        Kind(0.3, 220, 0.4, 130, 0.45, 1200, 300),
    ),
}


def make_items(count: int, mix: str, seed: int) -> Sequence[Item]:
    """Draw items; the same arguments give the same items."""
    rng = Random(f"{mix}-{seed}-{count}")
    kinds = MIXES[mix]
    weights = [kind.weight for kind in kinds]
    return [_draw(rng, number, kinds, weights) for number in range(count)]


def _draw(
    rng: Random, number: int, kinds: Sequence[Kind], weights: Sequence[float]
) -> Item:
    kind = rng.choices(kinds, weights)[0]
    first = rng.gauss(0, 1)
    rest = math.sqrt(1 - _CORRELATION * _CORRELATION)
    second = _CORRELATION * first + rest * rng.gauss(0, 1)
    prompt = int(kind.prompt * math.exp(kind.prompt_sigma * first))
    output = int(kind.output * math.exp(kind.output_sigma * second))
    return Item(
        number,
        min(kind.longest_prompt, max(_SHORTEST_PROMPT, prompt)),
        min(kind.longest_output, max(_SHORTEST_OUTPUT, output)),
    )
