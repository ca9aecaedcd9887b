"""Block: one heading, paragraph, item or row of a page; ``join_blocks`` makes text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "item", "row", "paragraph"]

_TIGHT: frozenset[Kind] = frozenset({"item", "row"})


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page's text.

    Args:
        kind: What it is.
        text: Its Markdown, several lines where the page breaks them.
        group: The same number for the items of a list or the rows of a table.
        node: The element it was read from, 0 when unknown.
    """

    kind: Kind
    text: str
    group: int = 0
    node: int = 0


def join_blocks(blocks: Iterable[Block]) -> str:
    """Return the text: neighbours in a list or table line on line, others apart."""
    parts: list[str] = []
    last: Block | None = None
    for block in blocks:
        if last is not None:
            same = (block.kind, block.group) == (last.kind, last.group)
            parts.append("\n" if same and block.kind in _TIGHT else "\n\n")
        parts.append(block.text)
        last = block
    return "".join(parts)
