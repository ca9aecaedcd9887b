"""What of a page is no content: menus, banners, related links, sharing, comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from subak.sources.page_kind import PageKind
from subak.sources.prose import Prose
from subak.sources.visible import outermost

_FURNITURE = (
    "script, nav, aside, footer, menu, [role=navigation], [role=banner], "
    "[role=contentinfo], [role=search], [role=complementary], [role=dialog], "
    "[role=alert], [aria-modal=true]"
)
_CONTROLS = "form, button"
_NAMES = (
    "cookies?|consent|gdpr|navbar|nav|menu|breadcrumbs?|sidebar|footer|masthead"
    "|newsletter|subscribe|share|sharing|social|related|recommended|adverts?|ads?"
    "|promo|popup|modal|overlay|skip|toolbar|pagination|catlinks|editsection|toc"
    "|noprint|reflist|references"
)
# Beside a post stand its writer's rank and rating, under it what readers may do.
_POST_NAMES = (
    "signature|postprofile|userinfo|user-info|message-user|message-cell--user"
    "|message-attribution|message-footer|crawler-post-meta|post-likes|post-buttons"
    "|post-menu|post-taglist|tagline|comhead|votes?|votecell|midcol|reply|buttons"
    "|js-voting-container|back2top|action-bar"
)


def _named(names: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_-])")


_FURNITURE_NAME = _named(f"{_NAMES}|comments?")
_FORUM_NAME = _named(_NAMES)
_CONSENT = _named("cookies?|consent|gdpr")  # longer than some articles
_POST_NAME = _named(_POST_NAMES)
_CARRIERS = "div[class], div[id], section[class], section[id], ul[class], ul[id]"
_POST_CARRIERS = f"{_CARRIERS}, dl[class], p[class], header[class], footer[class]"
_HEADINGS = "h1, h2, h3, h4"
_LINK_SHARE = 0.7  # a list or block of that much link text, in many links, is a menu
_MENU_LINKS = 4
_TITLE_CHARS = 30  # links that long are titles: on a listing they are the content
# An element with more of the prose than this is the content, whatever its name says:
# on 181 labelled articles names alone lose five of them whole.
_MOST_PROSE = 0.25
_MENU_TAGS = frozenset({"ul", "ol", "table", "div", "p"})
_MAX_LINKS = 5_000


def drop_furniture(tree: LexborHTMLParser, kind: PageKind, prose: Prose) -> Prose:
    """Remove what is no content from a tree, and return the prose that is left.

    What holds much of it stays.

    Args:
        prose: Of the same tree's body.
    """
    body = tree.body
    if body is None:
        return prose
    most = len(body.text()) / 2
    left = _drop(body, _unwanted(tree, body, kind, prose), prose, most)
    # After the rest: most links stand in what is gone by then.
    shortest = _TITLE_CHARS if kind in ("page", "listing") else 0
    return _drop(body, _menus(body, shortest), left, most)


def _drop(
    body: LexborNode, unwanted: Iterable[LexborNode], prose: Prose, most: float
) -> Prose:
    """Remove all that hold little of the prose and at most so many characters."""
    doomed = outermost(
        body,
        [
            node
            for node in unwanted
            if (prose.share(node) <= _MOST_PROSE or _named_as(_CONSENT, node))
            and len(node.text()) <= most
        ],
    )
    left = prose.without(doomed, body)
    for node in doomed:
        node.decompose()
    return left


def _unwanted(
    tree: LexborHTMLParser, body: LexborNode, kind: PageKind, prose: Prose
) -> list[LexborNode]:
    headers = [node for node in tree.css("header") if not _has_heading(node)]
    found = [*body.css(_FURNITURE), *headers]
    if kind == "forum":  # a post may stand in a form, or be called a reply
        return [*found, *_around_posts(tree, prose), *body.css("button")]
    named = [node for node in tree.css(_CARRIERS) if _named_as(_FURNITURE_NAME, node)]
    controls = [node for node in body.css(_CONTROLS) if not _opens_a_section(node)]
    return [*found, *named, *controls]


def _around_posts(tree: LexborHTMLParser, prose: Prose) -> list[LexborNode]:
    return [
        node
        for node in tree.css(_POST_CARRIERS)
        if _named_as(_FORUM_NAME, node)
        or (_named_as(_POST_NAME, node) and not prose.share(node))
    ]


def _named_as(pattern: re.Pattern[str], node: LexborNode) -> bool:
    names = node.attributes
    text = f"{names.get('class') or ''} {names.get('id') or ''}".lower()
    return pattern.search(text) is not None


def _has_heading(header: LexborNode) -> bool:
    if header.css("h1"):
        return True
    above = header.parent
    is_inner = above is not None and above.tag in ("article", "li", "section", "main")
    return is_inner and bool(header.css(_HEADINGS))


def _opens_a_section(node: LexborNode) -> bool:
    """Tell whether a button is the heading of a part that unfolds."""
    above = node.parent
    if node.tag != "button" or above is None:
        return False
    return "aria-expanded" in node.attributes or above.tag in _HEADINGS.split(", ")


def _menus(body: LexborNode, longest: int) -> list[LexborNode]:
    """Return lists and blocks that are hardly more than many short links.

    Args:
        longest: Links that long on average make no menu, 0 when all do.
    """
    holders: dict[int, LexborNode] = {}
    counts: Counter[int] = Counter()
    chars: Counter[int] = Counter()
    around: dict[int, tuple[int, ...]] = {body.mem_id: ()}
    for link in body.css("a")[:_MAX_LINKS]:
        linked = len(link.text(strip=True))
        for key in _holders(link.parent, around, holders):
            counts[key] += 1
            chars[key] += linked
    return [
        node
        for key, node in holders.items()
        if counts[key] >= _MENU_LINKS
        and not (longest and chars[key] >= longest * counts[key])
        and chars[key] > _LINK_SHARE * len(node.text(strip=True))
    ]


def _holders(
    node: LexborNode | None,
    around: dict[int, tuple[int, ...]],
    holders: dict[int, LexborNode],
) -> tuple[int, ...]:
    """Return what around a link may be a menu; each element is looked at once."""
    path: list[LexborNode] = []
    while node is not None and node.mem_id not in around:
        path.append(node)
        node = node.parent
    found = around[node.mem_id] if node is not None else ()
    for each in reversed(path):
        if each.tag in _MENU_TAGS:
            holders[each.mem_id] = each
            found = (*found, each.mem_id)
        around[each.mem_id] = found
    return found
