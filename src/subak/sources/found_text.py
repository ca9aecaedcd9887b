"""FoundText: what another reader took from a page, asked block by block."""

from __future__ import annotations

from collections.abc import Iterable

from subak.sources.block import Block

_MARKS = "#- "


class FoundText:
    """A text in which white space and the marks of headings and items don't count."""

    def __init__(self, *texts: str) -> None:
        self._words = "\n".join(_fold(text) for text in texts)

    def __len__(self) -> int:
        """Return the number of its characters but spaces."""
        return len(self._words)

    def has(self, block: Block) -> bool:
        """Tell whether all of a block stands in it: its lines, a row's cells."""
        if block.kind == "row":
            cells = block.text.partition("\n")[0].replace("\\|", "").split("|")
            return all(_fold(cell) in self._words for cell in cells)
        lines = block.text.lstrip(_MARKS).split("\n")
        return all(_fold(line) in self._words for line in lines)


def count_chars(blocks: Iterable[Block]) -> int:
    """Return how many characters blocks have, without spaces."""
    return sum(len(block.text) - block.text.count(" ") for block in blocks)


def _fold(text: str) -> str:
    return "".join(text.split())
