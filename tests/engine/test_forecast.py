"""Forecast: what a run would do, read from the journal alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from subak.engine.forecast import NEXT_RUN, forecast
from subak.engine.graph import Graph
from subak.engine.memo import Output, memo_key, pack, value_digest
from subak.engine.stage import Group, Item, Stage


class TextCodec:
    """Text as UTF-8."""

    def encode(self, value: str) -> bytes:
        """Return the text's bytes."""
        return value.encode()

    def decode(self, data: bytes) -> str:
        """Return the text."""
        return data.decode()


async def _same(value: str) -> AsyncIterator[str]:
    yield value


async def _joined(group: Group) -> AsyncIterator[str]:
    yield group.name


class RememberedPast:
    """A journal of three mappings."""

    def __init__(self) -> None:
        self.results: dict[str, bytes] = {}
        self.last: dict[tuple[str, str], bytes] = {}
        self.parts: dict[tuple[str, str], Mapping[str, str]] = {}

    def find_result(self, key: str) -> bytes | None:
        """Return the result of a key."""
        return self.results.get(key)

    def find_last_result(self, stage: str, item: str) -> bytes | None:
        """Return the newest result of an item."""
        return self.last.get((stage, item))

    def find_last_parts(self, stage: str, item: str) -> Mapping[str, str] | None:
        """Return the parts of the newest task of an item."""
        return self.parts.get((stage, item))

    def remember(self, stage: Stage[str, str], item: str, value: str) -> None:
        """Keep what the stage made of a value."""
        key = memo_key(stage, value_digest(value.encode()), NEXT_RUN)
        packed = pack([Output(None, value.encode())])
        self.results[key.digest] = packed
        self.last[stage.name, item] = packed
        self.parts[stage.name, item] = key.parts


def _graph(
    version: int = 1, *, looks_outside: bool = False
) -> tuple[Graph, Stage[str, str]]:
    graph = Graph()
    stage = Stage(
        "read", _same, TextCodec(), version=version, once_per_run=looks_outside
    )
    items = [Item(name, name, {"group": "g"}) for name in ("a", "b")]
    read = graph.then(stage, graph.source("texts", items, TextCodec()))
    groups = graph.gather("groups", read, by="group")
    graph.then(Stage("join", _joined, TextCodec()), groups)
    return graph, stage


def test_forecast_of_an_empty_journal_is_all_to_do() -> None:
    """Without a past every task is to do, and what lies behind is open."""
    graph, _ = _graph()
    told = forecast(graph, RememberedPast())
    assert told.count("read", "to do") == 2
    assert {task.reason for task in told.tasks} == {"never done"}
    assert told.blind["join"] == 2


def test_forecast_counts_what_is_cached() -> None:
    """A known result is cached and flows on to the group behind."""
    graph, stage = _graph()
    past = RememberedPast()
    for name in ("a", "b"):
        past.remember(stage, name, name)
    told = forecast(graph, past)
    assert told.count("read", "cached") == 2
    assert [(task.stage, task.item) for task in told.tasks][-1] == ("join", "g")
    assert not told.blind


def test_forecast_names_the_part_that_changed() -> None:
    """A bumped version is the reason, and the old result stands in."""
    _, old = _graph()
    past = RememberedPast()
    for name in ("a", "b"):
        past.remember(old, name, name)
    graph, _ = _graph(version=2)
    told = forecast(graph, past)
    reasons = [task.reason for task in told.tasks if task.stage == "read"]
    assert reasons == ["version changed", "version changed"]
    assert not told.blind


def test_forecast_looks_outside_in_every_run() -> None:
    """A page is fetched in each run, whatever is known of it."""
    graph, stage = _graph(looks_outside=True)
    past = RememberedPast()
    past.remember(stage, "a", "a")
    past.results.clear()
    told = forecast(graph, past)
    first = next(task for task in told.tasks if task.item == "a")
    assert first.reason == "looked at in every run"


def test_forecast_tells_when_a_result_is_gone() -> None:
    """An unchanged task whose result was lost says so."""
    graph, stage = _graph()
    past = RememberedPast()
    past.remember(stage, "a", "a")
    past.results.clear()
    told = forecast(graph, past)
    first = next(task for task in told.tasks if task.item == "a")
    assert first.reason == "its result is gone"
