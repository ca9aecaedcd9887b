"""What the stand-in says: prose whose words nobody else says in that order, or JSON.

The words are made up and drawn by Zipf's law, so that text compresses about as real
prose does, and nothing of one answer stands in another.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Mapping, Sequence
from functools import cache

from bench.server.draw import draw

_CONSONANTS = "bklmnrstdfghpvz"
_VOWELS = "aeiou"
_VOCABULARY = 3_000


def prose(item: str, words: int) -> str:
    """Return an answer of that many words."""
    vocabulary, weights = _zipf()
    chosen = random.Random(item).choices(vocabulary, cum_weights=weights, k=words)
    return f"{item}: " + " ".join(chosen)


def plain_object(item: str) -> str:
    """Return the object that a prompt which asks for JSON gets."""
    value = {
        "item": item,
        "score": round(draw(item, "score"), 3),
        "note": prose(item, 8),
    }
    return json.dumps(value)


def instance(schema: Mapping[str, object], item: str, name: str = "") -> object:
    """Return a value of the common part of a JSON Schema."""
    choices = schema.get("enum")
    if isinstance(choices, list) and choices:
        return choices[int(draw(item, name) * len(choices))]
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    properties = schema.get("properties")
    if isinstance(properties, dict):
        return {key: instance(part, item, key) for key, part in properties.items()}
    inner = schema.get("items")
    if kind == "array":
        return [instance(inner, item, name)] if isinstance(inner, dict) else []
    return _scalar(str(kind), item, name)


def broken(text: str) -> str:
    """Return JSON that was spoilt on the way."""
    return text[: max(1, len(text) * 6 // 10)] + ' ,, "oops'


def pieces(text: str, count: int) -> Sequence[str]:
    """Cut a text into that many pieces; some are empty when it is short."""
    cuts = [len(text) * number // count for number in range(count + 1)]
    return [text[start:end] for start, end in itertools.pairwise(cuts)]


def _scalar(kind: str, item: str, name: str) -> object:
    if kind == "integer":
        return int(draw(item, name) * 100)
    if kind == "number":
        return round(draw(item, name), 3)
    if kind == "boolean":
        return draw(item, name) < 0.5
    if kind == "null":
        return None
    return item if name in {"item", "id", "key"} else prose(f"{name} {item}", 6)


@cache
def _zipf() -> tuple[Sequence[str], Sequence[float]]:
    source = random.Random(7)
    syllables = [first + second for first in _CONSONANTS for second in _VOWELS]
    words = [
        "".join(source.choices(syllables, k=source.choice((1, 2, 2, 3, 4))))
        for _ in range(_VOCABULARY)
    ]
    weights = itertools.accumulate(1 / rank for rank in range(1, _VOCABULARY + 1))
    return words, list(weights)
