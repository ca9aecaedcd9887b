"""plain_article: the text of an article whose markup leaves no doubt about it.

Most articles are one run of paragraphs of one shape with headings, lists and tables
between them. For these another reader's judgement costs more than all the rest and
changes next to nothing: of 181 labelled articles 84 are plain, and their F1 is .985 so,
.988 otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from subak.sources.article_blocks import Headings, keep_headings, without_links
from subak.sources.block import Block
from subak.sources.found_text import count_chars
from subak.sources.prose import Prose

_CAPTIONS = "figure, figcaption, [class*=caption i], [class*=credit i]"
_FEWEST_PROSE = 500
_USUAL_SHAPE = 0.8  # of the prose of a plain article is in elements of one shape
_HOLDS = 0.95  # of the page's prose stands in the element that is the article
_KEPT = 0.9  # of that element's text is part of the article
_PARAGRAPH_CHARS = 60
_ABOVE_TEXT: Headings = "above text"


def plain_article(
    root: LexborNode, inner: Sequence[Block], prose: Prose, body: LexborNode
) -> list[Block] | None:
    """Return the blocks of a plain article, None where there is doubt.

    Args:
        root: The innermost element with most of the page's prose.
        inner: All blocks below it.
        prose: Of the body.
    """
    if prose.total < _FEWEST_PROSE or prose.share(root) < _HOLDS:
        return None
    captions = _captions(root)
    blocks = [one for one in inner if one.kind == "row" or one.node not in captions]
    shape = _usual_shape(blocks, prose)
    kept = [prose.shapes.get(block.node) == shape for block in blocks]
    if not shape or not any(kept):
        return None
    _keep_around(blocks, kept, prose)
    keep_headings(blocks, kept, _ABOVE_TEXT)
    chosen = [block for block, is_kept in zip(blocks, kept, strict=True) if is_kept]
    found = without_links(chosen, prose, body)
    return found if count_chars(found) >= _KEPT * count_chars(inner) else None


def _captions(root: LexborNode) -> set[int]:
    found: set[int] = set()
    for node in root.css(_CAPTIONS):
        if node.mem_id not in found:
            found.add(node.mem_id)
            found.update(below.mem_id for below in node.css("*"))
    return found


def _usual_shape(blocks: Sequence[Block], prose: Prose) -> str:
    """Return how nearly all paragraphs are made, "" when they differ."""
    chars: Counter[str] = Counter()
    for block in blocks:
        if shape := prose.shapes.get(block.node):
            chars[shape] += len(block.text)
    if not chars:
        return ""
    shape, most = chars.most_common(1)[0]
    return shape if most >= _USUAL_SHAPE * chars.total() else ""


def _keep_around(blocks: Sequence[Block], kept: list[bool], prose: Prose) -> None:
    """Keep what stands between paragraphs, a lead above, lists and tables below."""
    first = kept.index(True)
    last = len(kept) - 1 - kept[::-1].index(True)
    while first and _is_lead(blocks[first - 1]):
        first -= 1
    while last + 1 < len(blocks):
        following = last + 1 + (blocks[last + 1].kind == "heading")
        if following == len(blocks) or not _goes_on(blocks[following], prose):
            break
        last = following
    kept[first : last + 1] = [True] * (last + 1 - first)


def _is_lead(block: Block) -> bool:
    return block.kind != "heading" and len(block.text) >= _PARAGRAPH_CHARS


def _goes_on(block: Block, prose: Prose) -> bool:
    if block.kind in ("item", "row"):
        return True
    is_text = block.kind == "paragraph" and len(block.text) >= _PARAGRAPH_CHARS
    return is_text and block.node in prose.shapes
