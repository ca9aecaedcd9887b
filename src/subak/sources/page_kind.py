"""PageKind: whether a page is one article, a discussion, or something else."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from subak.sources.prose import Prose

PageKind = Literal["article", "forum", "listing", "page"]

_DISCUSSION = re.compile(
    r'"@type"\s*:\s*\[?[^\]}]{0,80}"(?:DiscussionForumPosting|QAPage)"'
)
_ARTICLE = re.compile(
    r'"@type"\s*:\s*\[?[^\]}]{0,80}"[A-Za-z]*(?:Article|BlogPosting)"'
)
_FORUM_MARKS = (
    "[itemtype$='/DiscussionForumPosting'], [itemtype$='/QAPage'], body#phpbb, "
    "meta[name=generator][content*=vBulletin], meta[name=generator][content*=Discourse]"
    ", meta[name=generator][content*=phpBB], html#XF, html#XenForo"
)
_ARTICLE_MARKS = (
    "meta[property='og:type'][content='article' i], "
    "meta[property='article:published_time'], [itemtype$='Article'], "
    "[itemtype$='/BlogPosting']"
)
_POST = re.compile(
    r"(?:^|[\s_-])(?:posts?|postbit|postbody|messages?|comments?|comtr|repl(?:y|ies)"
    r"|answers?|crawler-post)(?:$|[\s_-])"
)
_POSTS = (
    "article[class], div[class], li[class], tr[class], section[class], table[class]"
)
_FEWEST_POSTS = 3
_POST_SHARE = 0.6
_DIGITS = re.compile(r"\d+")


def page_kind(tree: LexborHTMLParser, prose: Prose) -> PageKind:
    """Tell what kind of page it is, by what it says of itself, else by its shape.

    Args:
        prose: Of the tree's body, before anything was removed.
    """
    data = "".join(
        node.text() for node in tree.css("script[type='application/ld+json']")
    )
    if _DISCUSSION.search(data) or tree.css(_FORUM_MARKS):
        return "forum"
    if tree.css(_ARTICLE_MARKS) or _ARTICLE.search(data):
        return "article"
    body = tree.body
    return "forum" if body is not None and _has_posts(body, prose) else "page"


def _has_posts(body: LexborNode, prose: Prose) -> bool:
    """Tell whether most of the prose stands in containers of one kind named posts."""
    held: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    titled: Counter[str] = Counter()
    for node in body.css(_POSTS):
        weight = prose.weights.get(node.mem_id, 0)
        name = (node.attributes.get("class") or "").lower()
        if not weight or not _POST.search(name):
            continue
        key = f"{node.tag} {_DIGITS.sub('', name)}"
        counts[key] += 1
        held[key] += weight
        titled[key] += _leads_elsewhere(node)
    return any(
        counts[key] >= _FEWEST_POSTS
        and chars >= _POST_SHARE * prose.total
        and 2 * titled[key] < counts[key]
        for key, chars in held.items()
    )


def _leads_elsewhere(node: LexborNode) -> bool:
    """Tell whether a container is the teaser of another page."""
    return any(
        not (link.attributes.get("href") or "#").startswith("#")
        for link in node.css("h1 a, h2 a, h3 a, h4 a")
    )
