"""Forecast: what a run of a graph would find cached and what it would do, and why.

Only reads the journal. Where work is to do, the last known result stands in for the
coming one, so that the stages behind it can be judged as well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from subak.engine.gathering import Gathering
from subak.engine.graph import Feed, Gather, Graph, Node
from subak.engine.memo import inherit, memo_key, unpack, value_digest
from subak.engine.stage import Item, Stage

Expectation = Literal["cached", "to do"]
NEXT_RUN = "the next run"


class Past(Protocol):
    """What the forecast asks the journal."""

    def find_result(self, key: str) -> bytes | None:
        """Return the stored result of a key."""
        ...

    def find_last_result(self, stage: str, item: str) -> bytes | None:
        """Return the newest result of an item, whatever it depended on."""
        ...

    def find_last_parts(self, stage: str, item: str) -> Mapping[str, str] | None:
        """Return the key parts of the item's newest task."""
        ...


@dataclass(frozen=True, slots=True)
class Expected:
    """One task of the coming run.

    Args:
        reason: Why it is to do, in words; "" when it is cached.
    """

    stage: str
    item: str
    state: Expectation
    reason: str = ""


@dataclass(slots=True)
class Forecast:
    """All tasks that can be foreseen.

    Args:
        tasks: In graph order.
        blind: Stages behind work whose results aren't known yet, with the number of
            items whose outcome decides what comes there.
    """

    tasks: list[Expected] = field(default_factory=list)
    blind: Counter[str] = field(default_factory=Counter)

    def count(self, stage: str, state: Expectation) -> int:
        """Return how many tasks of a stage are in that state."""
        return sum(1 for t in self.tasks if t.stage == stage and t.state == state)


def forecast(graph: Graph, past: Past) -> Forecast:
    """Return what a run would do now.

    A stage that looks at the outside world (``once_per_run``) is always to do.
    """
    result = Forecast()
    arriving: dict[str, list[tuple[str, Item[object]]]] = defaultdict(list)
    unknown: Counter[str] = Counter()
    for node in graph.nodes.values():
        coming = arriving.pop(node.name, [])
        leaving = list(_through(node, coming, past, result, unknown))
        below = [other for other in graph.nodes.values() if node in other.after]
        for other in below:
            unknown[other.name] += unknown[node.name]
            if unknown[node.name] and isinstance(other.work, Stage):
                result.blind[other.name] = unknown[other.name]
            arriving[other.name] += [(node.name, item) for item in leaving]
    return result


def _through(
    node: Node,
    coming: list[tuple[str, Item[object]]],
    past: Past,
    result: Forecast,
    unknown: Counter[str],
) -> Iterator[Item[object]]:
    if isinstance(node.work, Feed):
        for item in node.work.items:
            digest = value_digest(node.work.codec.encode(item.value))
            yield Item(item.id, item.value, item.labels, digest)
    elif isinstance(node.work, Gather):
        yield from _gathered(node.work, coming)
    else:
        for _, item in coming:
            yield from _task(node, node.work, item, past, result, unknown)


def _task(
    node: Node,
    stage: Stage[object, object],
    item: Item[object],
    past: Past,
    result: Forecast,
    unknown: Counter[str],
) -> Iterator[Item[object]]:
    key = memo_key(stage, item.digest, NEXT_RUN)
    packed = past.find_result(key.digest)
    if packed is not None:
        result.tasks.append(Expected(stage.name, item.id, "cached"))
    else:
        parts = past.find_last_parts(stage.name, item.id)
        reason = _reason(stage, key.parts, parts)
        result.tasks.append(Expected(stage.name, item.id, "to do", reason))
        packed = past.find_last_result(stage.name, item.id)
    if packed is None:
        unknown[node.name] += 1
        return
    for output in unpack(packed):
        yield inherit(item, stage, output)


def _reason(
    stage: Stage[object, object],
    parts: Mapping[str, str],
    before: Mapping[str, str] | None,
) -> str:
    if before is None:
        return "never done"
    if stage.once_per_run:
        return "looked at in every run"
    changed = [name for name in sorted(parts) if parts[name] != before.get(name)]
    return f"{', '.join(changed)} changed" if changed else "its result is gone"


def _gathered(
    gather: Gather, coming: list[tuple[str, Item[object]]]
) -> Iterator[Item[object]]:
    gathering = Gathering(gather)
    for number, (name, item) in enumerate(coming):
        if gather.by is None or gather.by in item.labels:
            gathering.add(name, item, number)
    for group in gathering.complete():
        yield group.item
