"""Gathering: the groups that wait at one gather, and for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from subak.engine.graph import Gather
from subak.engine.memo import text_digest
from subak.engine.stage import Group, Item, Member

ALL = "all"


@dataclass(slots=True)
class _Growing:
    root: int
    members: list[Member] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A complete group on its way: the item, and its place in recipe order."""

    item: Item[object]
    root: int


class Gathering:
    """Hold members back until nothing on its way can still join them.

    Whatever may still arrive is announced by ``enter`` under the group it will belong
    to, or None where that cannot be known, and taken back by ``leave``.

    Guarantees:
        A group is handed out once, when it has members, no announcement under its
        name and none under None is left. Its members, their order and its digest
        don't depend on the order of arrival.

    Assumes:
        Called from one event loop. What an announced thing turns into is announced
        before the thing itself leaves.
    """

    def __init__(self, gather: Gather) -> None:
        self._by = gather.by
        self._growing: dict[str, _Growing] = {}
        self._expected: Counter[str] = Counter()
        self._unknown = 0
        self._idle: set[str] = set()

    def group_of(self, labels: Mapping[str, str]) -> str | None:
        """Return the group that something with these labels belongs to, if known."""
        return ALL if self._by is None else labels.get(self._by)

    def labels_of(self, group: str) -> dict[str, str]:
        """Return the labels a group goes on with."""
        return {} if self._by is None else {self._by: group}

    def enter(self, group: str | None) -> None:
        """Announce something that may arrive."""
        if group is None:
            self._unknown += 1
        else:
            self._expected[group] += 1
            self._idle.discard(group)

    def leave(self, group: str | None) -> None:
        """Take an announcement back."""
        if group is None:
            self._unknown -= 1
            return
        self._expected[group] -= 1
        if not self._expected[group]:
            del self._expected[group]
            if group in self._growing:
                self._idle.add(group)

    def add(self, node: str, item: Item[object], root: int) -> str | None:
        """Add a member; return its group if it is the first one there.

        The item has the label of this gather.
        """
        group = ALL if self._by is None else item.labels[self._by]
        is_new = group not in self._growing
        growing = self._growing.setdefault(group, _Growing(root))
        growing.root = min(growing.root, root)
        growing.members.append(Member(node, item))
        if group not in self._expected:
            self._idle.add(group)
        return group if is_new else None

    def complete(self) -> list[Gathered]:
        """Hand out the groups that nothing can join any more, by recipe order."""
        if self._unknown or not self._idle:
            return []
        ready = [(self._growing.pop(name), name) for name in self._idle]
        self._idle.clear()
        ready.sort(key=lambda pair: (pair[0].root, pair[1]))
        return [Gathered(self._item(name, g.members), g.root) for g, name in ready]

    def _item(self, name: str, members: list[Member]) -> Item[object]:
        ordered = tuple(sorted(members, key=_order))
        return Item(
            id=name,
            value=Group(name, ordered),
            labels=self.labels_of(name),
            digest=text_digest(text for m in ordered for text in _texts(m)),
        )


def _order(member: Member) -> tuple[str, str, str, list[tuple[str, str]]]:
    item = member.item
    return (member.node, item.id, item.digest, sorted(item.labels.items()))


def _texts(member: Member) -> list[str]:
    node, name, digest, labels = _order(member)
    flat = [text for label in labels for text in label]
    return [node, name, digest, str(len(labels)), *flat]
