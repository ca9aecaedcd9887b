"""The main text of a page: other readers' choice over the blocks of our own.

Blocks come from our own reading of the tree, which keeps headings, lists and tables.
Which of them belong to the text is plain on most articles; on the others trafilatura in
its fast mode decides, on pages that are no articles it and resiliparse. Figures:
``python -m bench extraction``.
"""

from __future__ import annotations

from collections.abc import Sequence

from resiliparse.extract.html2text import extract_plain_text
from selectolax.lexbor import LexborHTMLParser

from subak.sources.article_blocks import article_blocks, found_blocks
from subak.sources.article_text import Article, find_article
from subak.sources.block import Block, join_blocks
from subak.sources.found_text import FoundText, count_chars
from subak.sources.furniture import drop_furniture
from subak.sources.page_kind import PageKind, page_kind
from subak.sources.plain_article import plain_article
from subak.sources.prose import measure_prose
from subak.sources.whole_text import read_blocks

_ARTICLE_SHARE = 0.8  # of the prose stands in the element that is the article
_AGREED = 0.75  # that much of what is shared makes a page without marks an article
_LOST = 0.4  # readers of articles lose more than that of a listing
_HARDLY_ANY = 0.15
_UNREAD = 0.6
_DENSE_MARKS = 4
_DENSE_CHARS = 150


def main_text(tree: LexborHTMLParser, kind: PageKind | None) -> str:
    """Return the main text; changes ``tree``.

    Args:
        tree: Without anything invisible.
        kind: What kind of page it is, None to find out.
    """
    body = tree.body
    if body is None:
        return ""
    before = measure_prose(body)
    kind = kind or page_kind(tree, before)
    prose = drop_furniture(tree, kind, before)
    whole = read_blocks(body)
    if kind in ("forum", "listing"):
        return join_blocks(whole)
    if _is_reference(whole):
        return join_blocks(whole)
    root = prose.deepest(body, _ARTICLE_SHARE)
    inside = {node.mem_id for node in root.css("*")}
    inner = [block for block in whole if block.node in inside]
    if plain := plain_article(root, inner, prose, body):
        return join_blocks(plain)
    html = f"<html>{body.html}</html>"
    article = find_article(html)
    words = FoundText(article.words)
    blocks = article_blocks(inner, words, prose, body)
    chosen = _choose(whole, blocks, html, article, kind)
    if count_chars(chosen) < _UNREAD * len(words):
        return article.text()  # the two trees part: odd markup
    return join_blocks(chosen)


def _choose(
    whole: Sequence[Block],
    blocks: Sequence[Block],
    html: str,
    article: Article,
    kind: PageKind,
) -> Sequence[Block]:
    """Choose between the blocks of the article and more of the page."""
    chars, all_chars = count_chars(blocks), count_chars(whole)
    if kind == "article" and chars >= _HARDLY_ANY * all_chars:
        return blocks
    plain = extract_plain_text(html, main_content=True, alt_texts=False)
    shared = found_blocks(whole, FoundText(article.words, plain), "of sections")
    shared_chars = count_chars(shared)
    if shared_chars < _LOST * all_chars:
        return whole
    return blocks if chars >= _AGREED * shared_chars else shared


def _is_reference(blocks: Sequence[Block]) -> bool:
    """Tell whether a page is made of headings and rows with little text below each."""
    marks = 0
    after: Block | None = None
    for block in reversed(blocks):
        has_text = after is not None and after.kind != "heading"
        marks += block.kind == "row" or (block.kind == "heading" and has_text)
        after = block
    return marks >= _DENSE_MARKS and count_chars(blocks) < _DENSE_CHARS * marks
