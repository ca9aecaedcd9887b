"""settle: a category's records judged against what was published before.

Its result stands among what an article is drafted from: records that are as they were
on an earlier day, while what was published changed since, are drafted anew.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from subak.engine.stage import Group, Stage
from subak.knowledge.codec import JsonCodec
from subak.knowledge.facts.fact import Record
from subak.knowledge.settling.settlement import Settled

Judge = Callable[[str, Sequence[Record], Sequence[str]], tuple[Settled, ...]]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of the values of one category."""

    category: str
    settled: tuple[Settled, ...]


def settle(
    judge: Judge, fields_of: Callable[[str], Sequence[str]]
) -> Stage[Group, Settlement]:
    """Make the stage that settles the Records of one category.

    Args:
        judge: Settles records of a category that has these fields.
        fields_of: Tells the recipe's fields of a category.
    """

    async def run(group: Group) -> AsyncIterator[Settlement]:
        values = (member.item.value for member in group.members)
        records = [value for value in values if isinstance(value, Record)]
        fields = fields_of(group.name)
        yield Settlement(group.name, judge(group.name, records, fields))

    return Stage(name="settle", run=run, codec=JsonCodec(Settlement), once_per_run=True)
