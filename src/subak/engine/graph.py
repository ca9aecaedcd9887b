"""Graph: what feeds what. Pure description; the runner walks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar, cast

from subak.engine.memo import RESERVED_PARTS
from subak.engine.stage import Codec, Item, Stage
from subak.errors import UserError

T = TypeVar("T")
In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class Feed:
    """What a source node does: hand out items.

    A sequence tells its labels beforehand, so that a gather need not wait for the end
    of it; any other iterable is pulled as late as possible.
    """

    items: Iterable[Item[object]]
    codec: Codec[object]


@dataclass(frozen=True, slots=True)
class Gather:
    """What a gather node does: wait for groups by label, or for everything (None)."""

    by: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One place in a graph.

    Args:
        name: Unique in the graph.
        depth: Nodes on the longest way from a source to here.
        after: The nodes it receives from.
        work: What happens here.
    """

    name: str
    depth: int
    after: tuple[Node, ...]
    work: Feed | Gather | Stage[object, object]


class Graph:
    """Sources, stages and gathers, each added after what feeds it: never a cycle."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}

    @property
    def nodes(self) -> Mapping[str, Node]:
        """Return all nodes by name, in the order they were added."""
        return self._nodes

    def source(self, name: str, items: Iterable[Item[T]], codec: Codec[T]) -> Node:
        """Add a root that hands out these items, in order."""
        feed = Feed(cast("Iterable[Item[object]]", items), cast("Codec[object]", codec))
        return self._add(name, (), feed)

    def then(self, stage: Stage[In, Out], after: Node | Sequence[Node]) -> Node:
        """Run a stage on everything that comes out of ``after``."""
        for part in sorted(RESERVED_PARTS & stage.key.keys()):
            raise UserError(
                f"'{part}' is a part of every key",
                where=f"stage {stage.name}, key",
                hint="give the entry of Stage.key another name",
            )
        feeding = self._checked(stage.name, after)
        return self._add(stage.name, feeding, cast("Stage[object, object]", stage))

    def gather(self, name: str, after: Node | Sequence[Node], by: str | None) -> Node:
        """Collect what comes out of ``after`` into one Group per value of a label.

        A group goes on as soon as nothing on its way can still belong to it. ``by``
        None makes one group, "all".
        """
        feeding = self._checked(name, after)
        for node in feeding:
            if isinstance(node.work, Gather) and by not in (None, node.work.by):
                raise UserError(
                    f"groups by '{node.work.by}' have no label '{by}'",
                    where=f"graph, {name}",
                    hint="gather by the same label, by None, or put a stage between",
                )
        return self._add(name, feeding, Gather(by))

    def find(self, name: str, *, where: str) -> Node:
        """Return the node of that name.

        Raises:
            UserError: There is none; names the nearest.
        """
        if name not in self._nodes:
            near = get_close_matches(name, self._nodes, n=1)
            known = ", ".join(self._nodes)
            hint = f"did you mean '{near[0]}'?" if near else f"there are: {known}"
            raise UserError(f"there is no stage '{name}'", where=where, hint=hint)
        return self._nodes[name]

    def _checked(self, name: str, after: Node | Sequence[Node]) -> tuple[Node, ...]:
        feeding = (after,) if isinstance(after, Node) else tuple(after)
        names = [node.name for node in feeding]
        if not names or len(set(names)) < len(names):
            raise UserError(
                "it needs one or more different nodes to come after",
                where=f"graph, {name}",
                hint="give each of them once",
            )
        for node in feeding:
            if self._nodes.get(node.name) is not node:
                raise UserError(
                    f"'{node.name}' belongs to another graph",
                    where=f"graph, {name}",
                    hint="come after nodes that this graph returned",
                )
        return feeding

    def _add(
        self,
        name: str,
        after: tuple[Node, ...],
        work: Feed | Gather | Stage[object, object],
    ) -> Node:
        if name in self._nodes:
            raise UserError(
                f"the name '{name}' is used twice",
                where="graph",
                hint="give every source, stage and gather a name of its own",
            )
        depth = max((node.depth for node in after), default=-1) + 1
        node = Node(name, depth, after, work)
        self._nodes[name] = node
        return node
