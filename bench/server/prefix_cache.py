"""PrefixCache: how many tokens of a prompt a server need not read again."""

from __future__ import annotations

from collections import OrderedDict

CHARS_PER_TOKEN = 4
_BLOCK_CHARS = 64


class PrefixCache:
    """Least recently used blocks, each known by everything that stands before it."""

    def __init__(self, tokens: int) -> None:
        self._room = tokens * CHARS_PER_TOKEN // _BLOCK_CHARS
        self._blocks: OrderedDict[int, None] = OrderedDict()

    def take(self, prompt: str) -> int:
        """Return the tokens found from the start of a prompt, then keep all of it."""
        if not self._room:
            return 0
        before, found, is_unbroken = 0, 0, True
        for at in range(0, len(prompt) - _BLOCK_CHARS + 1, _BLOCK_CHARS):
            before = hash((before, prompt[at : at + _BLOCK_CHARS]))
            is_unbroken = is_unbroken and before in self._blocks
            found += is_unbroken
            self._blocks[before] = None
            self._blocks.move_to_end(before)
        while len(self._blocks) > self._room:
            self._blocks.popitem(last=False)
        return found * _BLOCK_CHARS // CHARS_PER_TOKEN
