"""What of a page a reader can see: hidden elements go before anything reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

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
    r"|param|path|source|tbody|td|tfoot|th|thead|tr|track|wbr)\b)([a-z][^\s/>]*)",
    re.IGNORECASE,
)
_BOTTOMLESS = 3_000
_NOT_STYLE = re.compile(r"\s+|/\*.*?\*/")


def looks_bottomless(html: str) -> bool:
    """Tell whether so many elements are opened that parsing alone would be an attack.

    The parser takes time with the square of the depth: 5 s for 20,000 levels. An end
    tag counts only where an element of its name is open.
    """
    if html.count("<") <= _BOTTOMLESS:
        return False
    depth = 0
    opened: dict[str, int] = {}
    for end, tag in _TAG.findall(html):
        name = tag.lower()
        count = opened.get(name, 0)
        if not end:
            opened[name] = count + 1
            depth += 1
            if depth > _BOTTOMLESS:
                return True
        elif count:
            opened[name] = count - 1
            depth -= 1
    return False


def is_deeper(tree: LexborHTMLParser, depth: int) -> bool:
    """Tell whether elements are nested deeper than that; readers recurse."""
    # The parser's own search takes a sixth of a walk through the nodes from here.
    return tree.root is not None and tree.any_css_matches((_chain(depth),))


@cache
def _chain(depth: int) -> str:
    """Return a selector of elements that are deeper than that below the root."""
    return " > ".join("*" * (depth + 2))


def drop_invisible(tree: LexborHTMLParser) -> None:
    """Remove what no reader sees: scripts, hidden elements, hiding inline styles."""
    styled = [node for node in tree.css("[style]") if _hides(node)]
    drop(tree.root, [*tree.css(_HIDDEN), *styled])


def drop(root: LexborNode | None, unwanted: Iterable[LexborNode]) -> None:
    """Remove nodes below ``root``, never the page itself.

    Assumes: destroying a node destroys its children, and touching those again is a
    crash, so only the outermost ones are destroyed.
    """
    for node in outermost(root, unwanted):
        node.decompose()


def outermost(
    root: LexborNode | None, unwanted: Iterable[LexborNode]
) -> list[LexborNode]:
    """Return those in no other one; each element above them is looked at once."""
    doomed = {
        node.mem_id: node for node in unwanted if node.tag not in ("html", "body")
    }
    standing = {root.mem_id} if root is not None else set()
    falling: set[int] = set()
    found: list[LexborNode] = []
    for node in doomed.values():
        path: list[int] = []
        above = node.parent
        while above is not None:
            place = above.mem_id
            if place in standing or place in falling or place in doomed:
                break
            path.append(place)
            above = above.parent
        is_inner = above is not None and above.mem_id not in standing
        (falling if is_inner else standing).update(path)
        if not is_inner:
            found.append(node)
    return found


def _hides(node: LexborNode) -> bool:
    style = (node.attributes.get("style") or "").lower()
    return _HIDING_STYLE.search(_NOT_STYLE.sub("", style)) is not None
