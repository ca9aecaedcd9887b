"""Token counts guessed from text, where no tokenizer is at hand."""

from __future__ import annotations

from collections.abc import Sequence

from subak.llm.model import Message

CHARS_PER_TOKEN = 4


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text is: 4 characters each, rounded up."""
    return -(-len(text) // CHARS_PER_TOKEN)


def estimate_prompt(messages: Sequence[Message]) -> int:
    """Return about how many tokens the messages' texts are."""
    return sum(estimate_tokens(turn.content) for turn in messages)


def context_for(messages: Sequence[Message], max_tokens: int) -> int:
    """Return a context, a power of two, that surely holds prompt and answer.

    Bytes instead of characters, so that scripts with one token a character fit;
    a third on top for dense text; 16 a turn for the chat template.
    """
    size_bytes = sum(len(turn.content.encode("utf-8", "replace")) for turn in messages)
    tokens = size_bytes // 3 + 16 * len(messages) + max_tokens + 64
    return 1 << max(12, (tokens - 1).bit_length())
