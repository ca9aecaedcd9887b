"""Blocks: headings, paragraphs, list items and table rows become one folded text."""

from __future__ import annotations

from collections.abc import Sequence

from subak.sources.block import Block, Kind, join_blocks

# Never visible, so never evidence: controls, soft hyphen, zero-width space, word
# joiners, bidirectional marks, tag characters. Joiners of scripts (200C, 200D) stay.
_INVISIBLE = {
    code: None
    for start, end in (
        (0x00, 0x08),
        (0x0E, 0x1B),
        (0x7F, 0x84),
        (0x86, 0x9F),
        (0xAD, 0xAD),
        (0x200B, 0x200B),
        (0x200E, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x2064),
        (0x2066, 0x206F),
        (0xD800, 0xDFFF),
        (0xFEFF, 0xFEFF),
        (0xFFF9, 0xFFFB),
        (0xE0000, 0xE007F),
    )
    for code in range(start, end + 1)
}
_MAX_DEPTH = 5


class Blocks:
    """Collect the blocks of a page in reading order.

    Guarantees: the same blocks give the same text; runs of white space are one space;
    neighbouring items or rows follow line on line, other blocks after a blank line.
    """

    def __init__(self) -> None:
        self._found: list[Block] = []
        self._group = 0
        self.node = 0  # what comes next is read from this element

    @property
    def found(self) -> tuple[Block, ...]:
        """Return everything added so far, piece by piece."""
        return tuple(self._found)

    def heading(self, level: int, text: str) -> None:
        """Add ``## text`` (two marks for level 2)."""
        if line := _fold(text):
            self._add("heading", f"{'#' * min(max(level, 1), 6)} {line}")

    def item(self, text: str, depth: int = 0) -> None:
        """Add ``- text``, two blanks further in for each level of nesting."""
        if line := _fold(text):
            self._add("item", f"{'  ' * min(depth, _MAX_DEPTH)}- {line}")

    def row(self, cells: Sequence[str], *, is_header: bool = False) -> None:
        """Add ``| a | b |``; a row with a single filled cell is a paragraph."""
        lines = [_fold(cell).replace("|", "\\|") for cell in cells]
        filled = [line for line in lines if line]
        if len(filled) < 2:
            self.paragraph("".join(filled).replace("\\|", "|"))
            return
        row = f"| {' | '.join(lines)} |"
        if is_header:
            row += f"\n|{' --- |' * len(lines)}"
        self._add("row", row)

    def paragraph(self, text: str) -> None:
        """Add text; its line breaks stay."""
        lines = [folded for line in text.split("\n") if (folded := _fold(line))]
        if lines:
            self._add("paragraph", "\n".join(lines))

    def end(self) -> None:
        """Set the next item or row apart from the last one: a new list or table."""
        self._group += 1

    def text(self) -> str:
        """Return everything added so far."""
        return join_blocks(self._found)

    def _add(self, kind: Kind, text: str) -> None:
        self._found.append(Block(kind, text, self._group, self.node))


def _fold(text: str) -> str:
    folded = " ".join(text.split())
    if folded.isprintable():  # nothing invisible is; looking each up takes longer
        return folded
    return " ".join(text.translate(_INVISIBLE).split())
