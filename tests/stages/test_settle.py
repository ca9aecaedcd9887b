"""settle: a category's values as a result of their own, looked at in every run."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from subak.engine.stage import Group, Item, Member
from subak.knowledge.facts.fact import Record
from subak.knowledge.settling.settlement import Previous, Settled, Standing
from subak.knowledge.settling.settlement import settle as settle_records
from subak.stages.settle import Settlement, settle
from tests.knowledge.settling.stated_facts import published, settled_by, stated


def _settled(previous: Previous) -> Settlement:
    def judge(
        category: str, records: Sequence[Record], fields: Sequence[str]
    ) -> tuple[Settled, ...]:
        assert category == "tax"
        return settle_records(records, lambda _: Standing(), previous, fields)

    stage = settle(judge, lambda _: ["vat"])
    assert stage.once_per_run
    values: list[object] = [stated(24), "noise"]
    members = [Member("facts", Item(str(n), one)) for n, one in enumerate(values)]

    async def collect() -> list[Settlement]:
        return [one async for one in stage.run(Group("tax", tuple(members)))]

    (found,) = asyncio.run(collect())
    assert stage.codec.decode(stage.codec.encode(found)) == found
    return found


def test_settle_gives_another_result_for_another_history() -> None:
    """The same records after another publication are drafted anew."""
    first = _settled(Previous())
    later = _settled(published(settled_by([stated(22)]), Previous()))
    assert [one.status for one in first.settled] == ["new"]
    assert [(one.status, one.was) for one in later.settled] == [("changed", 22)]
    assert first != later
