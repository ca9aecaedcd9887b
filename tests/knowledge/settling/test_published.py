"""Published: the history in the database goes on as the pure one does, and survives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import apsw
import pytest

from subak.engine.store import Store
from subak.errors import StorageError
from subak.knowledge.facts.fact import FieldValue, Record
from subak.knowledge.facts.ranges import Range
from subak.knowledge.settling.published import Published
from subak.knowledge.settling.settlement import Past, Previous
from tests.knowledge.settling.stated_facts import (
    NOW,
    fact,
    published,
    settled_by,
    stated,
)


def within(folder: Path, scenario: Callable[[Store], Awaitable[None]]) -> None:
    """Open the store, run, close."""

    async def run() -> None:
        store = Store.open(folder / "journal.db")
        try:
            await scenario(store)
        finally:
            await store.close()

    asyncio.run(run())


async def _publish(
    history: Published, records: Iterable[Record], day: str = NOW
) -> Previous:
    before = history.previous("tax")
    settled = settled_by(records, previous=before)
    await history.commit({"tax": settled}, day)
    assert history.previous("tax") == published(settled, before, day)
    assert settled_by(records, previous=history.previous("tax")) == settled
    return history.previous("tax")


def test_history_goes_on_over_days_and_reopenings(tmp_path: Path) -> None:
    """New, changed, kept, changed back: each day reads what the day before left."""
    days: list[list[Record]] = [
        [stated(22), stated(15, "b", field="corporate")],
        [stated(24), stated(15, "b", field="corporate")],
        [stated(15, "b", field="corporate")],
        [stated(22), stated(15, "b", field="corporate")],
        [stated(22, "c"), stated(16, "b", field="corporate")],
    ]
    for number, records in enumerate(days):

        async def one_day(
            store: Store, number: int = number, records: list[Record] = records
        ) -> None:
            await _publish(Published(store), records, f"2026-01-0{number + 1}")

        within(tmp_path, one_day)

    async def look(store: Store) -> None:
        known = Published(store).previous("tax")
        vat = known.values["Italy", "vat"]
        assert known.edition == 4
        assert (vat.fact.value, vat.was, vat.confirmed) == (22, 24, "2026-01-05")
        assert vat.fact.evidence[0].document == "c"
        query = "SELECT edition, json_extract(fact, '$.value') FROM published"
        rows = store.read().execute(f"{query} WHERE field = 'vat' ORDER BY edition")
        assert rows.fetchall() == [(1, 22), (2, 24), (3, 22)]

    within(tmp_path, look)


@pytest.mark.parametrize(
    "value",
    [19, 19.5, "31 July", True, False, (Range(0, 10.5, 0), Range(10.5, None, 45))],
    ids=str,
)
def test_history_holds_values_of_every_kind(tmp_path: Path, value: FieldValue) -> None:
    """What comes back has the same type, also as the value before."""

    async def scenario(store: Store) -> None:
        await _publish(Published(store), [stated(value)])
        known = await _publish(Published(store), [stated("other")])
        was = known.values["Italy", "vat"].was
        assert (type(was), was) == (type(value), value)

    within(tmp_path, scenario)


def test_an_empty_history_needs_no_table(tmp_path: Path) -> None:
    """A workspace of an earlier subak reads as one without a history."""

    async def scenario(store: Store) -> None:
        assert Published(store).previous("tax") == Previous()
        assert Published(store).categories == ()
        await Published(store).commit({"tax": ()}, NOW)
        assert store.read().execute("SELECT * FROM sqlite_master").get is not None
        await _publish(Published(store), [stated(22)])
        assert Published(store).categories == ("tax",)

    within(tmp_path, scenario)


def test_values_of_a_file_stand_before_the_first_publication(tmp_path: Path) -> None:
    """They are what a first value was, and are remembered when the file is gone."""
    old = {
        ("Italy", "vat"): Past(fact(20), since="2025-01-01", confirmed="2025-01-01"),
        ("Italy", "corporate"): Past(fact(24, field="corporate")),
        ("Italy", "name"): Past(fact("x", field="name")),
    }

    async def scenario(store: Store) -> None:
        history = Published(store, {"tax": old})
        assert history.categories == ("tax",)
        records = [stated(22), stated(24, "b", field="corporate")]
        settled = {
            one.key[1]: one
            for one in settled_by(records, previous=history.previous("tax"))
        }
        assert [one.status for one in settled.values()] == ["changed", "same", "kept"]
        assert (settled["vat"].was, settled["vat"].was_until) == (20, "")
        await _publish(history, records)
        without_file = Published(store).previous("tax")
        assert without_file == history.previous("tax")
        assert without_file.values["Italy", "name"].edition == 0

    within(tmp_path, scenario)


def test_a_commit_that_fails_leaves_the_history(tmp_path: Path) -> None:
    """All of a publication is noted or nothing; the next one notes it."""

    async def scenario(store: Store) -> None:
        first = await _publish(Published(store), [stated(22)])

        def forbid(connection: apsw.Connection) -> None:
            connection.execute(
                "CREATE TRIGGER no BEFORE INSERT ON published WHEN NEW.field = 'name' "
                "BEGIN SELECT RAISE(FAIL, 'the disk is gone'); END"
            )

        await store.write(forbid)
        records = [stated(24), stated("Italia", "b", field="name")]
        settled = settled_by(records, previous=first)
        with pytest.raises((StorageError, apsw.Error)):
            await Published(store).commit({"tax": settled}, NOW)
        assert Published(store).previous("tax") == first
        await store.write(
            lambda connection: connection.execute("DROP TRIGGER no") and None
        )
        await _publish(Published(store), records)

    within(tmp_path, scenario)


def test_the_same_commit_writes_nothing(tmp_path: Path) -> None:
    """A second run on the same day touches no row."""

    async def scenario(store: Store) -> None:
        await _publish(Published(store), [stated(22)])
        count = "SELECT total_changes()"
        before = await store.write(lambda connection: connection.execute(count).get)
        await _publish(Published(store), [stated(22)])
        after = await store.write(lambda connection: connection.execute(count).get)
        assert before == after

    within(tmp_path, scenario)
