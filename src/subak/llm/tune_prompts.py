"""TunePrompts: small real tasks to measure a server with, no two alike."""

from __future__ import annotations

import random

from subak.llm.model import Message, Prompt

_LEAST_TOKENS, _MOST_TOKENS = 32, 64
MEAN_TOKENS = (_LEAST_TOKENS + _MOST_TOKENS) / 2
_TASKS = (
    "Explain to a child why {thing} changes over a year.",
    "Describe {thing} to somebody who has never seen one.",
    "Write a short letter to the editor about {thing}.",
    "Tell what a tourist should know about {thing}.",
    "Invent a proverb about {thing} and explain it.",
    "Compare {thing} of today with that of a century ago.",
    "Write the beginning of a story in which {thing} is lost.",
    "List what can go wrong with {thing}, in one sentence.",
)
_THINGS = (
    "a harbour",
    "the night train",
    "a school garden",
    "the price of bread",
    "a mountain village",
    "the town library",
    "an old lighthouse",
    "the weather forecast",
    "a public swimming pool",
    "the post office",
    "a rice terrace",
    "the village well",
    "a watermelon field",
)


class TunePrompts:
    """Makes prompts whose answers have different lengths.

    Each begins with a number of its own, so that no cache of answers or of prompt
    beginnings serves it. The answers are cut at 32 to 64 tokens; equal ones would
    make all callers wait, and write, at the same time.

    Args:
        seed: Another seed gives other prompts.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def next(self, *, is_first: bool = False) -> Prompt:
        """Return the next prompt.

        Args:
            is_first: A caller's first one: its answer is cut at a random place, so
                that callers who begin together are out of step at once.
        """
        draw = self._random
        nonce = f"{draw.getrandbits(48):012x}"
        task = draw.choice(_TASKS).format(thing=draw.choice(_THINGS))
        text = f"[{nonce}] {task} Answer in about fifty words, in plain sentences."
        tokens = draw.randint(_LEAST_TOKENS, _MOST_TOKENS)
        return Prompt(
            (Message("user", text),),
            max_tokens=draw.randint(4, tokens) if is_first else tokens,
            temperature=0.7,
            seed=draw.getrandbits(30),
        )
