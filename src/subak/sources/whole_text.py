"""Our own reading of a tree: all of its text as blocks, with the structure kept."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from subak.sources.block import Block, join_blocks
from subak.sources.blocks import Blocks
from subak.sources.table_grid import table_grid

_LISTS = frozenset({"ul", "ol"})
_BLOCK_TAGS = (
    "address, article, aside, blockquote, body, center, dd, details, dialog, div, dl, "
    "dt, fieldset, figcaption, figure, footer, form, h1, h2, h3, h4, h5, h6, header, "
    "hgroup, hr, li, main, nav, ol, p, pre, section, summary, table, tbody, td, tfoot, "
    "th, thead, tr, ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split(", "))
_RICH = "table, h1, h2, h3, h4, h5, h6, p + p"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def structured_text(root: LexborNode) -> str:
    """Return everything below a node as blocks; nothing is left out."""
    return join_blocks(read_blocks(root))


def read_blocks(root: LexborNode) -> tuple[Block, ...]:
    """Return everything below a node, piece by piece."""
    blocks = Blocks()
    _Reader(root, blocks).walk(root)
    return blocks.found


class _Reader:
    """Walk a tree and put what it says into blocks."""

    def __init__(self, root: LexborNode, blocks: Blocks) -> None:
        self._blocks = blocks
        self._holders = _holders(root, _BLOCK_TAGS)
        self._rich = _holders(root, _RICH)

    def walk(self, node: LexborNode) -> None:
        run: list[str] = []
        for child in node.iter(include_text=True):
            if child.tag not in _BLOCKS and child.mem_id not in self._holders:
                run.append(_piece(child))
                continue
            self._paragraph(node, run)
            self._block(child)
        self._paragraph(node, run)

    def _paragraph(self, node: LexborNode, run: list[str]) -> None:
        self._blocks.node = node.mem_id
        self._blocks.paragraph("".join(run))
        run.clear()

    def _block(self, node: LexborNode) -> None:
        tag = node.tag or ""
        self._blocks.node = node.mem_id
        if tag in _HEADINGS:
            self._blocks.heading(int(tag[1]), _inline(node))
        elif tag == "pre":
            self._blocks.paragraph(node.text())
        elif tag in _LISTS or tag == "dl" or (tag == "table" and not _is_layout(node)):
            self._blocks.end()
            if tag in _LISTS:
                self._list(node)
            elif tag == "dl":
                self._pairs(node)
            else:
                self._table(node)
            self._blocks.end()
        else:
            self.walk(node)

    def _list(self, node: LexborNode, depth: int = 0) -> None:
        for item in node.iter(include_text=False):
            self._blocks.node = item.mem_id
            if item.tag in _LISTS:
                self._list(item, depth + 1)
            elif item.mem_id in self._rich:
                self.walk(item)
            else:
                own = list(item.iter(include_text=True))
                text = "".join(_piece(part) for part in own if part.tag not in _LISTS)
                self._blocks.item(text, depth)
                for part in own:
                    if part.tag in _LISTS:
                        self._list(part, depth + 1)

    def _pairs(self, node: LexborNode) -> None:
        term = ""
        for part in node.css("dt, dd"):
            self._blocks.node = part.mem_id
            if part.tag == "dt":
                self._blocks.paragraph(term)
                term = _inline(part)
            elif part.mem_id in self._rich or part.css("ul, ol"):
                self._blocks.paragraph(term)
                self.walk(part)
                term = ""
            else:
                self._blocks.row((term, _inline(part)))
                term = ""
        self._blocks.paragraph(term)

    def _table(self, node: LexborNode) -> None:
        for caption in node.css("caption"):
            self._blocks.paragraph(_inline(caption))
        for row in table_grid(node, _inline):
            self._blocks.row(row.cells, is_header=row.is_header)


def _holders(root: LexborNode, tags: str) -> set[int]:
    """Return the elements that hold one of these."""
    holders: set[int] = set()
    for node in root.css(tags):
        above = node.parent
        while above is not None and above.mem_id not in holders:
            holders.add(above.mem_id)
            above = above.parent
    return holders


def _is_layout(table: LexborNode) -> bool:
    return len(table.css("table")) > 1 or bool(table.css("td h1, td h2, td h3, td h4"))


def _inline(node: LexborNode) -> str:
    return "".join(_piece(child) for child in node.iter(include_text=True))


def _piece(node: LexborNode) -> str:
    if node.is_text_node:
        return (node.text_content or "").replace("\n", " ")  # blocks fold the rest
    if node.tag == "br":
        return "\n"
    text = _inline(node)
    return f" {text} " if node.tag in _BLOCKS else text
