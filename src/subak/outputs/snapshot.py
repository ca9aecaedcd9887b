"""render_snapshot: a document's stored text as HTML with its cited spans marked.

Invariant: the text content of the result equals the stored text, character by
character; marks of structure ("# ", "| ") are there but not displayed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

from markupsafe import Markup

from subak.outputs.blocks import Block, Leaf, iter_blocks
from subak.outputs.highlight import Highlighter, Span

_TABLE = Markup(
    '<div class="scroll" role="region" aria-label="Table" tabindex="0">'
    '<table dir="auto">{}</table></div>'
)
_GROUPS = {"row": "table", "rule": "table"}


def render_snapshot(text: str, spans: Iterable[Span]) -> Markup:
    """Return the text as headings, paragraphs, lists and tables."""
    marks = Highlighter(text, spans)
    parts = []
    for group, blocks in groupby(iter_blocks(text), key=_group):
        parts.append(_RENDERERS[group](list(blocks), marks))
    return Markup("").join([*parts, marks.draw_missing_anchors()])


def _group(block: Block) -> str:
    return _GROUPS.get(block.kind, block.kind)


def _draw(leaves: Iterable[Leaf], marks: Highlighter) -> Markup:
    return Markup("").join(marks.draw(leaf) for leaf in leaves)


def _blank(blocks: list[Block], marks: Highlighter) -> Markup:
    return Markup("").join(_draw(block.cells[0], marks) for block in blocks)


def _headings(blocks: list[Block], marks: Highlighter) -> Markup:
    return Markup("").join(
        Markup('<h{0} dir="auto">{1}</h{0}>').format(
            min(block.level + 1, 6), _draw(block.cells[0], marks)
        )
        for block in blocks
    )


def _paragraph(blocks: list[Block], marks: Highlighter) -> Markup:
    return Markup('<p dir="auto">{}</p>').format(_lines(blocks, marks))


def _lines(blocks: list[Block], marks: Highlighter) -> Markup:
    leaves = [leaf for block in blocks for leaf in block.cells[0]]
    shown = [_inside(leaf) for leaf in leaves[:-1]]
    return _draw([*shown, *leaves[-1:]], marks)


def _inside(leaf: Leaf) -> Leaf:
    # Line breaks between the lines of a paragraph are seen, so they are no markup.
    return Leaf(leaf.start, leaf.end)


def _list(blocks: list[Block], marks: Highlighter) -> Markup:
    items = Markup("").join(
        Markup('<li class="level{}" dir="auto">{}</li>').format(
            min(block.level, 4), _draw(block.cells[0], marks)
        )
        for block in blocks
    )
    return Markup("<ul>{}</ul>").format(items)


def _table(blocks: list[Block], marks: Highlighter) -> Markup:
    has_head = len(blocks) > 1 and blocks[0].kind == "row" and blocks[1].kind == "rule"
    head, body = (blocks[:2], blocks[2:]) if has_head else ([], blocks)
    rows = Markup("").join(_rows(head, "th", marks))
    if head:
        rows = Markup("<thead>{}</thead>").format(rows)
    if body:
        content = Markup("").join(_rows(body, "td", marks))
        rows += Markup("<tbody>{}</tbody>").format(content)
    return _TABLE.format(rows)


def _rows(blocks: list[Block], cell: str, marks: Highlighter) -> Iterator[Markup]:
    for block in blocks:
        if block.kind == "rule":
            shown = _draw(block.cells[0], marks)
            yield Markup('<tr class="raw" hidden><td>{}</td></tr>').format(shown)
            continue
        tag = Markup(cell)
        cells = [
            Markup("<{0}>{1}</{0}>").format(tag, _draw(leaves, marks))
            for leaves in block.cells
        ]
        yield Markup("<tr>{}</tr>").format(Markup("").join(cells))


_RENDERERS: Mapping[str, Callable[[list[Block], Highlighter], Markup]] = {
    "blank": _blank,
    "heading": _headings,
    "item": _list,
    "line": _paragraph,
    "table": _table,
}
