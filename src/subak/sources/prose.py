"""Prose: where on a page the running text stands, measured once for its readers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

_HOLDERS = (
    "p, div, td, section, article, main, blockquote, li, dd, pre, font, span, center"
)
_FEWEST_CHARS = 80  # shorter runs are labels, captions and menus
_FEWEST_TO_JUDGE = 500
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Prose:
    """The runs of text of a page, long enough to be sentences.

    Args:
        weights: Characters of prose below each element, by its ``mem_id``.
        shapes: For each element that holds a run: how it and those above it are made.
        total: Characters of prose below the measured element.
    """

    weights: Mapping[int, int]
    shapes: Mapping[int, str]
    total: int

    def share(self, node: LexborNode) -> float:
        """Return which part of the page's prose stands below an element."""
        return self.weights.get(node.mem_id, 0) / self.total if self.total else 0.0

    def deepest(self, root: LexborNode, share: float) -> LexborNode:
        """Return the innermost element that holds at least that part of the prose."""
        if self.total < _FEWEST_TO_JUDGE:
            return root
        node: LexborNode | None = root
        while node is not None and node.mem_id not in self.shapes:
            root = node
            below = node.iter()
            node = next((one for one in below if self.share(one) >= share), None)
        return root

    def without(self, nodes: Iterable[LexborNode], body: LexborNode) -> Prose:
        """Return what is left when these are removed from the measured element.

        Args:
            nodes: Still in the tree, none inside of another one.
            body: The measured element.
        """
        weights = dict(self.weights)
        total = self.total
        for node in nodes:
            gone = weights.get(node.mem_id, 0)
            total -= gone
            above = node.parent if gone else None
            while above is not None and above.mem_id != body.mem_id:
                weights[above.mem_id] -= gone
                above = above.parent
        return Prose(weights, self.shapes, total)


def measure_prose(body: LexborNode) -> Prose:
    """Find the runs of prose below an element."""
    weights: Counter[int] = Counter()
    shapes: dict[int, str] = {}
    total = 0
    for node in body.css(_HOLDERS):
        chars = _chars(node)
        if chars < _FEWEST_CHARS:
            continue
        total += chars
        shapes[node.mem_id] = _shape(node)
        above: LexborNode | None = node
        while above is not None and above.mem_id != body.mem_id:
            weights[above.mem_id] += chars
            above = above.parent
    return Prose(weights, shapes, total)


def _chars(node: LexborNode) -> int:
    if node.tag != "p":
        return len(node.text(deep=False, strip=True))
    chars = len(node.text(strip=True))
    if chars >= _FEWEST_CHARS:
        chars -= sum(len(link.text(strip=True)) for link in node.css("a"))
    return chars


def _shape(node: LexborNode) -> str:
    """Return tags and classes up to the third element, and which article it is in."""
    parts: list[str] = []
    above: LexborNode | None = node
    while above is not None:
        if len(parts) < 3:
            parts.append(f"{above.tag}.{above.attributes.get('class') or ''}")
        if above.tag == "article":
            parts.append(str(above.mem_id))
            break
        above = above.parent
    return _DIGITS.sub("0", " ".join(parts[:3])) + " ".join(parts[3:])
