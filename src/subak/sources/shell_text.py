"""shell_text: what a page that only scripts fill in carries as data.

Runs nothing: the article's text in linked data, the state a framework hands to its
scripts as JSON, or what is meant for readers without scripts.
"""

from __future__ import annotations

import json
import re

from selectolax.lexbor import LexborHTMLParser

from subak.sources.block import join_blocks
from subak.sources.blocks import Blocks
from subak.sources.visible import is_deeper, looks_bottomless
from subak.sources.whole_text import read_blocks

_STATES = (
    "script#__NEXT_DATA__, script#__NUXT_DATA__, script[type='application/json'][id]"
)
_MAX_NODES = 50_000
_MAX_CHARS = 2_000_000
_FEWEST_CHARS = 200  # less is the message that scripts are needed
_SENTENCE_CHARS = 80
_SENTENCE_WORDS = 8
_MAX_DEPTH = 100
_PLEASE = re.compile(
    r"(?:enable|activate|turn on|need).{0,40}java\s?script", re.IGNORECASE
)
_CODE = re.compile(r"[{}]|=>|;\s*\w+\s*[:=(]|^https?:|^data:")
_TAG = re.compile(r"<[a-z/]", re.IGNORECASE)


def shell_text(html: str, article_body: str) -> str:
    """Return the text a page without visible text carries, "" when none.

    Args:
        article_body: What its linked data gives as the article's text.
    """
    tree = LexborHTMLParser(html)
    for text in (_read(article_body), _state_text(tree), _noscript_text(tree)):
        if len(text) >= _FEWEST_CHARS:
            return text
    return ""


def _state_text(tree: LexborHTMLParser) -> str:
    found: dict[str, None] = {}
    for script in tree.css(_STATES):
        text = script.text()
        if len(text) > _MAX_CHARS:
            continue
        try:
            state = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        found.update(dict.fromkeys(_sentences(state)))
    return "\n\n".join(found)


def _sentences(state: object) -> list[str]:
    """Return the strings of JSON that are running text, in their order."""
    found: list[str] = []
    stack = [state]
    left = _MAX_NODES
    while stack and left:
        left -= 1
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, str) and len(value) >= _SENTENCE_CHARS:
            found.append(_read(value))
    return [text for text in found if _is_prose(text)]


def _is_prose(text: str) -> bool:
    words = len(text.split())
    return words >= _SENTENCE_WORDS and not _CODE.search(text[:_MAX_NODES])


def _noscript_text(tree: LexborHTMLParser) -> str:
    texts = [join_blocks(read_blocks(node)) for node in tree.css("noscript")]
    return "\n\n".join(text for text in texts if text and not _PLEASE.search(text))


def _read(text: str) -> str:
    if not _TAG.search(text):
        blocks = Blocks()
        for paragraph in re.split(r"\n\s*\n", text):
            blocks.paragraph(paragraph)
        return blocks.text()
    if looks_bottomless(text):
        return ""
    tree = LexborHTMLParser(text)
    if tree.body is None or is_deeper(tree, _MAX_DEPTH):
        return ""
    for node in tree.css("script, style, template, svg, iframe, img"):
        node.remove()
    return join_blocks(read_blocks(tree.body))
