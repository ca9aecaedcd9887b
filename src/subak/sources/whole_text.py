"""Our own reading of a page: everything visible but the furniture, structure kept.

Article extractors drop short values; reference pages consist of them.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from subak.sources.blocks import Blocks
from subak.sources.visible import drop

_ROOTS = ("main", "[role=main]", "article", "#content", "#main")
_FURNITURE = (
    "script, nav, aside, footer, form, button, menu, [role=navigation], [role=banner], "
    "[role=contentinfo], [role=search], [role=complementary], [role=dialog], "
    "[role=alert], [aria-modal=true]"
)
_FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|navbar|nav|menu|breadcrumbs?|sidebar"
    r"|footer|masthead|newsletter|subscribe|share|sharing|social|related|recommended"
    r"|adverts?|ads?|promo|popup|modal|overlay|skip|comments?|toolbar|pagination"
    r"|catlinks|editsection|toc|noprint|reflist|references)(?:$|[\s_-])"
)
_NAMED = "div[class], div[id], section[class], section[id], ul[class], ul[id], header"
_LISTS = frozenset({"ul", "ol"})
_BLOCK_TAGS = (
    "address, article, aside, blockquote, body, center, dd, details, dialog, div, dl, "
    "dt, fieldset, figcaption, figure, footer, form, h1, h2, h3, h4, h5, h6, header, "
    "hgroup, hr, li, main, nav, ol, p, pre, section, summary, table, tbody, td, tfoot, "
    "th, thead, tr, ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split(", "))
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LINK_SHARE = 0.7  # a list or block of that much link text, in many links, is a menu
_MENU_LINKS = 4
_SPACE = re.compile(r"[ \t\r\n\f]+")


def whole_text(tree: LexborHTMLParser) -> str:
    """Return the text of a page without its furniture; changes ``tree``."""
    body = tree.body
    if body is None:
        return ""
    _drop_furniture(tree, body)
    root = _find_root(tree, body)
    blocks = Blocks()
    if root is not body and not root.css("h1"):
        for heading in body.css("h1")[:1]:
            blocks.heading(1, _inline(heading))
    _Reader(root, blocks).walk(root)
    return blocks.text()


def _find_root(tree: LexborHTMLParser, body: LexborNode) -> LexborNode:
    whole = len(body.text())
    for selector in _ROOTS:
        found = tree.css(selector)
        if len(found) == 1 and len(found[0].text()) * 2 > whole:
            return found[0]
    return body


def _drop_furniture(tree: LexborHTMLParser, body: LexborNode) -> None:
    most = len(body.text()) / 2
    named = [node for node in tree.css(_NAMED) if _is_furniture(node)]
    menus = [node for node in tree.css("ul, ol, table, div, p") if _is_menu(node)]
    unwanted = [*body.css(_FURNITURE), *named, *menus]
    drop(body, [node for node in unwanted if len(node.text()) <= most])


def _is_furniture(node: LexborNode) -> bool:
    if node.tag == "header":
        return not node.css("h1")
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return _FURNITURE_NAME.search(names.lower()) is not None


def _is_menu(node: LexborNode) -> bool:
    links = node.css("a")
    if len(links) < _MENU_LINKS:
        return False
    linked = sum(len(link.text(strip=True)) for link in links)
    return linked > _LINK_SHARE * len(_SPACE.sub("", node.text()))


class _Reader:
    """Walk a tree and put what it says into blocks."""

    def __init__(self, root: LexborNode, blocks: Blocks) -> None:
        self._blocks = blocks
        self._holders = _block_holders(root)

    def walk(self, node: LexborNode) -> None:
        run: list[str] = []
        for child in node.iter(include_text=True):
            if child.tag not in _BLOCKS and child.mem_id not in self._holders:
                run.append(_piece(child))
                continue
            self._blocks.paragraph("".join(run))
            run.clear()
            self._block(child)
        self._blocks.paragraph("".join(run))

    def _block(self, node: LexborNode) -> None:
        tag = node.tag or ""
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
            if item.tag in _LISTS:
                self._list(item, depth + 1)
            elif _is_rich(item):
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
            if part.tag == "dt":
                self._blocks.paragraph(term)
                term = _inline(part)
            elif _is_rich(part) or part.css("ul, ol"):
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
        for row in node.css("tr"):
            cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
            is_header = len(cells) > 1 and all(cell.tag == "th" for cell in cells)
            self._blocks.row([_inline(cell) for cell in cells], is_header=is_header)


def _block_holders(root: LexborNode) -> set[int]:
    holders: set[int] = set()
    for node in root.css(_BLOCK_TAGS):
        above = node.parent
        while above is not None and above.mem_id not in holders:
            holders.add(above.mem_id)
            above = above.parent
    return holders


def _is_layout(table: LexborNode) -> bool:
    return len(table.css("table")) > 1 or bool(table.css("td h1, td h2, td h3, td h4"))


def _is_rich(node: LexborNode) -> bool:
    return bool(node.css("table, h1, h2, h3, h4, h5, h6, p + p"))


def _inline(node: LexborNode) -> str:
    return "".join(_piece(child) for child in node.iter(include_text=True))


def _piece(node: LexborNode) -> str:
    if node.is_text_node:
        return _SPACE.sub(" ", node.text_content or "")
    if node.tag == "br":
        return "\n"
    text = _inline(node)
    return f" {text} " if node.tag in _BLOCKS else text
