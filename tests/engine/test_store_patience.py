"""How changes of the store that can wait are committed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from subak.engine.store import Patience, Store
from tests.engine.test_store import _gate, _keys, _put, _run


@pytest.mark.parametrize("patience", ["short", "long"])
def test_store_commits_patient_changes_with_the_next_that_is_not(
    tmp_path: Path, patience: Patience
) -> None:
    """Whoever can wait waits no longer than for somebody who can't."""

    async def scenario(store: Store) -> None:
        opened = _gate(store)
        for number in range(40):  # so much that the writer begins to wait longer
            store.post(_put(f"much {number}"))
        opened.set()
        await store.flush()
        async with asyncio.TaskGroup() as group:
            patient = [
                group.create_task(
                    store.write(_put(f"patient {number}"), patience=patience)
                )
                for number in range(6)
            ]
            await asyncio.sleep(0)
            await store.write(_put("urgent"))
            await asyncio.sleep(0)
            assert all(task.done() for task in patient)

    _run(tmp_path / "journal.db", scenario)
    assert len(_keys(tmp_path / "journal.db")) == 47


def test_store_keeps_each_of_many_changes_of_any_patience(tmp_path: Path) -> None:
    """However they are mixed, all are told to be kept, and are."""

    async def scenario(store: Store) -> None:
        patiences: tuple[Patience, ...] = ("long", "short", "none")
        for turn in range(12):
            async with asyncio.TaskGroup() as group:
                for number in range(9):
                    change = _put(f"{turn} {number}")
                    patience = patiences[(turn + number) % 3 if turn % 2 else 0]
                    group.create_task(store.write(change, patience=patience))

    _run(tmp_path / "journal.db", scenario)
    assert len(_keys(tmp_path / "journal.db")) == 108
