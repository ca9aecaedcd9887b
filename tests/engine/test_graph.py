"""Graphs: how they are built, and what they look like from each node."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from subak.engine.graph import Feed, Gather, Graph, Node
from subak.engine.stage import Group, Item, Stage
from subak.engine.wiring import Wiring
from subak.errors import UserError
from subak.knowledge.codec import JsonCodec


async def _copy(value: str) -> AsyncIterator[str]:
    yield value


async def _names(group: Group) -> AsyncIterator[str]:
    yield group.name


def _stage(name: str) -> Stage[str, str]:
    return Stage(name, _copy, JsonCodec(str))


def _merge(name: str) -> Stage[Group, str]:
    return Stage(name, _names, JsonCodec(str))


def _source(graph: Graph, name: str = "seeds") -> Node:
    return graph.source(name, [Item("a", "A")], JsonCodec(str))


def test_graph_keeps_nodes_in_order_with_depth() -> None:
    """A node is one deeper than the deepest node before it."""
    graph = Graph()
    seeds = _source(graph)
    fetch = graph.then(_stage("fetch"), seeds)
    facts = graph.then(_stage("facts"), fetch)
    both = graph.gather("both", [fetch, facts], by=None)
    draft = graph.then(_merge("draft"), both)
    assert list(graph.nodes) == ["seeds", "fetch", "facts", "both", "draft"]
    assert [n.depth for n in graph.nodes.values()] == [0, 1, 2, 3, 4]
    assert isinstance(seeds.work, Feed)
    assert both.work == Gather(None)
    assert isinstance(draft.work, Stage)


def test_graph_refuses_a_name_used_twice() -> None:
    """Sources, stages and gathers share one set of names."""
    graph = Graph()
    seeds = _source(graph)
    with pytest.raises(UserError, match="'seeds' is used twice"):
        graph.then(_stage("seeds"), seeds)


def test_graph_refuses_nodes_of_another_graph() -> None:
    """A node of the same name from elsewhere is not taken for ours."""
    graph, other = Graph(), Graph()
    _source(graph)
    with pytest.raises(UserError, match="another graph"):
        graph.then(_stage("fetch"), _source(other))


def test_graph_refuses_to_come_after_nothing_or_twice_the_same() -> None:
    """A stage needs input, and each input once."""
    graph = Graph()
    seeds = _source(graph)
    for after in ([], [seeds, seeds]):
        with pytest.raises(UserError, match="one or more different nodes"):
            graph.then(_stage("fetch"), after)


def test_graph_refuses_key_entries_that_every_key_has() -> None:
    """An entry of Stage.key must not hide the version or the input."""
    graph = Graph()
    stage = Stage("fetch", _copy, JsonCodec(str), key={"input": "x"})
    with pytest.raises(UserError, match="'input' is a part of every key"):
        graph.then(stage, _source(graph))


def test_graph_refuses_a_gather_that_could_never_take_its_input() -> None:
    """Groups by one label have no other label."""
    graph = Graph()
    first = graph.gather("first", _source(graph), by="category")
    with pytest.raises(UserError, match="no label 'country'"):
        graph.gather("second", first, by="country")
    graph.gather("third", first, by="category")
    graph.gather("fourth", first, by=None)


def test_graph_find_names_the_nearest() -> None:
    """A misspelt stage gets a suggestion, a wild one the list."""
    graph = Graph()
    seeds = _source(graph)
    assert graph.find("seeds", where="here") is seeds
    with pytest.raises(UserError) as near:
        graph.find("seds", where="--refresh")
    assert near.value.hint == "did you mean 'seeds'?"
    assert near.value.where == "--refresh"
    with pytest.raises(UserError) as far:
        graph.find("xyz", where="--only")
    assert far.value.hint == "there are: seeds"


def test_wiring_ends_with_the_last_stage() -> None:
    """Nodes after the last stage are left out, branches beside it stay."""
    graph = Graph()
    fetch = graph.then(_stage("fetch"), _source(graph))
    facts = graph.then(_stage("facts"), fetch)
    beside = graph.then(_stage("beside"), fetch)
    graph.then(_stage("draft"), [facts, beside])
    wiring = Wiring(graph, "facts")
    assert list(wiring.nodes) == ["seeds", "fetch", "facts", "beside"]
    assert [n.name for n in wiring.after["fetch"]] == ["facts", "beside"]
    assert wiring.after["facts"] == ()
    with pytest.raises(UserError, match="no stage 'fact'"):
        Wiring(graph, "fact")


def test_wiring_knows_which_labels_survive() -> None:
    """A label is lost behind a gather by another one, on any of the ways."""
    graph = Graph()
    seeds = _source(graph)
    facts = graph.then(_stage("facts"), seeds)
    first = graph.gather("first", facts, by="category")
    draft = graph.then(_merge("draft"), first)
    graph.gather("same", draft, by="category")
    graph.gather("other", [draft, facts], by="country")
    below = Wiring(graph, None).below
    seen = {b.gather.name: b.is_label_kept for b in below["seeds"]}
    assert seen == {"first": True, "same": True, "other": False}
    assert {b.gather.name: b.is_label_kept for b in below["draft"]} == {
        "same": True,
        "other": True,
    }
    assert below["same"] == ()


def test_wiring_knows_which_labels_a_node_must_give() -> None:
    """Whatever feeds a gather by label has to have that label."""
    graph = Graph()
    seeds = _source(graph)
    graph.gather("by", seeds, by="category")
    graph.gather("all", seeds, by=None)
    graph.then(_stage("fetch"), seeds)
    wiring = Wiring(graph, None)
    assert wiring.needed_labels("seeds") == {"category"}
    assert wiring.needed_labels("fetch") == frozenset()
