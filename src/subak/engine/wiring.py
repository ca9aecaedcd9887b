"""Wiring: a graph seen from each node: what comes next, which gathers lie below."""

from __future__ import annotations

from dataclasses import dataclass

from subak.engine.graph import Gather, Graph, Node


@dataclass(frozen=True, slots=True)
class Below:
    """A gather further down, and whether an item's label survives until there.

    It doesn't where the way leads through a gather by another label: what comes out
    of that one belongs to a group nobody can tell beforehand.
    """

    gather: Node
    by: str | None
    is_label_kept: bool


class Wiring:
    """The part of a graph that runs, ending with ``last_stage`` if one is given."""

    def __init__(self, graph: Graph, last_stage: str | None) -> None:
        self.nodes = _active(graph, last_stage)
        self.after: dict[str, tuple[Node, ...]] = {
            name: tuple(n for n in self.nodes.values() if node in n.after)
            for name, node in self.nodes.items()
        }
        self.below: dict[str, tuple[Below, ...]] = {}
        for name in reversed(self.nodes):
            self.below[name] = self._find_below(name)

    def needed_labels(self, name: str) -> frozenset[str]:
        """Return the labels that everything leaving this node must have."""
        works = [node.work for node in self.after[name]]
        return frozenset(w.by for w in works if isinstance(w, Gather) and w.by)

    def _find_below(self, name: str) -> tuple[Below, ...]:
        found: dict[str, Below] = {}
        for node in self.after[name]:
            here: list[Below] = []
            own = node.work
            if isinstance(own, Gather):
                here.append(Below(node, own.by, is_label_kept=True))
            for below in self.below[node.name]:
                is_renamed = isinstance(own, Gather) and own.by != below.by
                kept = below.is_label_kept and not is_renamed
                here.append(Below(below.gather, below.by, kept))
            for below in here:
                known = found.get(below.gather.name, below)
                kept = known.is_label_kept and below.is_label_kept
                found[below.gather.name] = Below(below.gather, below.by, kept)
        return tuple(found.values())


def _active(graph: Graph, last_stage: str | None) -> dict[str, Node]:
    if last_stage is None:
        return dict(graph.nodes)
    behind = {graph.find(last_stage, where="last stage").name}
    for name, node in graph.nodes.items():  # in order of adding, so parents first
        if any(parent.name in behind for parent in node.after):
            behind.add(name)
    behind.discard(last_stage)
    return {name: node for name, node in graph.nodes.items() if name not in behind}
