"""What of a page a reader can see: hidden elements go before anything reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Text a reader never sees is where instructions for models are hidden.
_HIDDEN = ", ".join(
    (
        "script:not([type='application/ld+json'])",  # holds date and title
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "svg",
        "canvas",
        "dialog:not([open])",
        "[hidden]",
        "input",
        "select",
        "textarea",
        "datalist",
        ".sr-only",
        ".visually-hidden",
        ".screen-reader-text",
    )
)
_HIDING_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0*)?(?![.\d])"
    r"|font-size:0(?:\.0*)?(?![.\d])|(?:left|top|text-indent):-\d{3,}"
)
# Elements that need no end tag are left out: plain pages open thousands of them.
_TAG = re.compile(
    r"<(/?)(?!(?:area|base|br|col|colgroup|dd|dt|embed|hr|img|input|li|link|meta|option|p"
    r"|param|path|source|tbody|td|tfoot|th|thead|tr|track|wbr)\b)[a-z]",
    re.IGNORECASE,
)
_BOTTOMLESS = 3_000
_NOT_STYLE = re.compile(r"\s+|/\*.*?\*/")


def looks_bottomless(html: str) -> bool:
    """Tell whether so many elements are opened that parsing alone would be an attack.

    The parser takes time with the square of the depth: 5 s for 20,000 levels.
    """
    depth = 0
    for match in _TAG.finditer(html):
        depth += -1 if match[1] else 1
        if depth > _BOTTOMLESS:
            return True
    return False


def is_deeper(tree: LexborHTMLParser, depth: int) -> bool:
    """Tell whether elements are nested deeper than that; readers recurse."""
    stack = [(tree.root, 0)] if tree.root is not None else []
    while stack:
        node, level = stack.pop()
        if level > depth:
            return True
        stack.extend((child, level + 1) for child in node.iter())
    return False


def drop_invisible(tree: LexborHTMLParser) -> None:
    """Remove what no reader sees: scripts, hidden elements, hiding inline styles."""
    styled = [node for node in tree.css("[style]") if _hides(node)]
    drop(tree.root, [*tree.css(_HIDDEN), *styled])


def drop(root: LexborNode | None, unwanted: Iterable[LexborNode]) -> None:
    """Remove nodes below ``root``, never the page itself.

    Assumes: destroying a node destroys its children, and touching those again is a
    crash, so only the outermost ones are destroyed.
    """
    ids = {node.mem_id for node in unwanted if node.tag not in ("html", "body")}
    doomed: list[LexborNode] = []
    stack = [root] if root is not None and ids else []
    while stack:
        node = stack.pop()
        if node.mem_id in ids:
            doomed.append(node)
        else:
            stack.extend(node.iter(include_text=False))
    for node in doomed:
        node.decompose()


def _hides(node: LexborNode) -> bool:
    style = (node.attributes.get("style") or "").lower()
    return _HIDING_STYLE.search(_NOT_STYLE.sub("", style)) is not None
