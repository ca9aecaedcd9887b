"""Gathering: when a group goes on, and what it looks like."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from subak.engine.gathering import ALL, Gathering
from subak.engine.graph import Gather
from subak.engine.stage import Group, Item


def _item(name: str, group: str, value: str = "v") -> Item[object]:
    return Item(name, value, {"category": group}, f"digest of {value}")


def _full(name: str, value: str, labels: dict[str, str], digest: str) -> Item[object]:
    return Item(name, value, labels, digest)


def _members(item: Item[object]) -> list[str]:
    assert isinstance(item.value, Group)
    return [member.item.id for member in item.value.members]


def test_gathering_waits_for_its_own_group_only() -> None:
    """A group goes on while another one still expects something."""
    gathering = Gathering(Gather("category"))
    for group in ("tax", "tax", "visa"):
        gathering.enter(group)
    gathering.add("facts", _item("a", "tax"), 1)
    gathering.leave("tax")
    assert gathering.complete() == []
    gathering.add("facts", _item("b", "tax"), 0)
    gathering.leave("tax")
    (gathered,) = gathering.complete()
    assert (gathered.item.id, gathered.root) == ("tax", 0)
    assert gathered.item.labels == {"category": "tax"}
    assert gathering.complete() == []


def test_gathering_waits_for_what_could_belong_anywhere() -> None:
    """Something whose group is not known yet holds all groups back."""
    gathering = Gathering(Gather("category"))
    gathering.enter(None)
    gathering.add("facts", _item("a", "tax"), 0)
    assert gathering.complete() == []
    gathering.leave(None)
    assert [g.item.id for g in gathering.complete()] == ["tax"]


def test_gathering_takes_a_late_announcement() -> None:
    """A group that was ready waits again when something of it is announced."""
    gathering = Gathering(Gather("category"))
    gathering.add("facts", _item("a", "tax"), 0)
    gathering.enter("tax")
    assert gathering.complete() == []
    gathering.leave("tax")
    assert len(gathering.complete()) == 1


def test_gathering_emits_no_group_without_members() -> None:
    """Where everything failed, nothing goes on."""
    gathering = Gathering(Gather("category"))
    gathering.enter("tax")
    gathering.leave("tax")
    assert gathering.complete() == []


def test_gathering_without_label_makes_one_group() -> None:
    """None collects everything, whatever its labels, into "all" without labels."""
    gathering = Gathering(Gather(None))
    assert gathering.group_of({"category": "tax"}) == ALL
    assert gathering.add("facts", _item("a", "tax"), 0) == ALL
    assert gathering.add("facts", _item("b", "visa"), 1) is None
    (gathered,) = gathering.complete()
    assert gathered.item.id == ALL
    assert gathered.item.labels == {}


def test_gathering_orders_complete_groups_by_recipe() -> None:
    """Groups that are ready together go on in the order of their first root."""
    gathering = Gathering(Gather("category"))
    for number, group in enumerate(["visa", "tax", "work", "visa"]):
        gathering.add("facts", _item(str(number), group), number)
    assert [g.item.id for g in gathering.complete()] == ["visa", "tax", "work"]


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from("pq")),
        min_size=1,
        max_size=8,
    ),
    st.integers(0, 2**32),
)
def test_gathering_does_not_depend_on_the_order_of_arrival(
    given_items: list[tuple[str, str, str]], seed: int
) -> None:
    """The same members give the same group and digest in any order."""
    shuffled = given_items[:]
    Random(seed).shuffle(shuffled)
    groups = []
    for order in (given_items, shuffled):
        gathering = Gathering(Gather(None))
        for node, name, value in order:
            gathering.add(node, _item(name, "tax", value), 0)
        groups.append(gathering.complete()[0].item)
    assert groups[0] == groups[1]


def test_gathering_digest_sees_every_part_of_a_member() -> None:
    """Another node, id, digest, label, or one member more: another digest."""
    variants = [
        [("facts", _full("a", "v", {"category": "tax"}, "d"))],
        [("draft", _full("a", "v", {"category": "tax"}, "d"))],
        [("facts", _full("b", "v", {"category": "tax"}, "d"))],
        [("facts", _full("a", "v", {"category": "tax"}, "e"))],
        [("facts", _full("a", "v", {"category": "tax", "l": "1"}, "d"))],
        [("facts", _full("a", "v", {"category": "tax"}, "d"))] * 2,
    ]
    digests = set()
    for members in variants:
        gathering = Gathering(Gather("category"))
        for node, item in members:
            gathering.add(node, item, 0)
        digests.add(gathering.complete()[0].item.digest)
    assert len(digests) == len(variants)


def test_gathering_sorts_members_by_node_id_and_digest() -> None:
    """Readers of a group see a stable order."""
    gathering = Gathering(Gather("category"))
    gathering.add("z", _item("a", "tax"), 0)
    gathering.add("b", _item("c", "tax"), 1)
    gathering.add("b", _item("a", "tax"), 2)
    (gathered,) = gathering.complete()
    assert _members(gathered.item) == ["a", "c", "a"]
