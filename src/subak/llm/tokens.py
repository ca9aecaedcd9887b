"""Token counts guessed from text, where no tokenizer is at hand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from subak.errors import ContextOverflow
from subak.llm.model import Message

CHARS_PER_TOKEN = 4
_FAR_BELOW = 0.6
_WORTH_CHECKING = 1024
_RUN = re.compile(r"(.)\1+", re.DOTALL)


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text is: 4 characters each, rounded up."""
    return -(-len(text) // CHARS_PER_TOKEN)


def estimate_prompt(messages: Sequence[Message]) -> int:
    """Return about how many tokens the messages' texts are."""
    tokens = 0
    for turn in messages:
        tokens += estimate_tokens(turn.content)
    return tokens


def context_for(messages: Sequence[Message], max_tokens: int) -> int:
    """Return a context, a power of two, that surely holds prompt and answer.

    Bytes instead of characters, so that scripts with one token a character fit;
    a third on top for dense text; 16 a turn for the chat template.
    """
    size_bytes = sum(len(turn.content.encode("utf-8", "replace")) for turn in messages)
    tokens = size_bytes // 3 + 16 * len(messages) + max_tokens + 64
    return 1 << max(12, (tokens - 1).bit_length())


def least_tokens(messages: Sequence[Message]) -> int:
    """Return how many tokens the messages have at the very least; 0 for short ones.

    Runs of one character are left out: a tokenizer may take a rule of dashes, or
    the blanks of a table, for one token.
    """
    least = _FAR_BELOW * estimate_prompt(messages)
    if least < _FAR_BELOW * _WORTH_CHECKING:
        return 0
    squeezed = sum(len(_RUN.sub(r"\1", turn.content)) for turn in messages)
    return int(_FAR_BELOW * squeezed / CHARS_PER_TOKEN)


def check_read_whole(
    messages: Sequence[Message], counted: int, cached: int, where: str
) -> None:
    """Refuse an answer to a prompt that the server has cut without a word.

    Args:
        messages: The prompt.
        counted: Tokens the server says it read, 0 where it does not say.
        cached: Tokens it had in its cache; some servers count them apart.
        where: The server.

    Raises:
        ContextOverflow: It counts far fewer tokens than there can be.
    """
    if not counted or counted >= _FAR_BELOW * estimate_prompt(messages):
        return
    if counted + cached < least_tokens(messages):
        raise ContextOverflow(
            f"the server read {counted} tokens of a prompt of about "
            f"{estimate_prompt(messages)} and cut the rest",
            where=where,
            hint="give the server a larger context, or ask less (recipe: max_chars)",
        )
