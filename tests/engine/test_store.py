"""The store: what is acknowledged is kept, what fails fails alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import apsw
import pytest

from subak.engine.store import Store, open_reader
from subak.errors import StorageError


def _run(path: Path, scenario: Callable[[Store], Awaitable[None]]) -> None:
    async def run() -> None:
        store = Store.open(path)
        await scenario(store)
        await store.close()

    asyncio.run(run())


def _put(key: str, value: str = "") -> Callable[[apsw.Connection], None]:
    def change(connection: apsw.Connection) -> None:
        connection.execute("INSERT INTO meta VALUES(?, ?)", (key, value))

    return change


def _keys(path: Path) -> set[str]:
    reader = open_reader(path)
    assert reader.pragma("integrity_check") == "ok"
    keys = {key for (key,) in reader.execute("SELECT key FROM meta")}
    reader.close()
    return keys


def _gate(store: Store) -> threading.Event:
    """Hold the writer thread, so that what comes next makes one group."""
    entered, opened = threading.Event(), threading.Event()

    def hold(_connection: apsw.Connection) -> None:
        entered.set()
        opened.wait(10)

    store.post(hold)
    entered.wait(10)
    return opened


def test_store_write_returns_the_value_once_it_can_be_read(tmp_path: Path) -> None:
    """A write is readable through the reader connection when it returns."""

    async def scenario(store: Store) -> None:
        def change(connection: apsw.Connection) -> int:
            _put("a")(connection)
            return connection.changes()

        assert await store.write(change) == 1
        assert store.read().execute("SELECT key FROM meta").get == "a"

    _run(tmp_path / "journal.db", scenario)


def test_store_writes_with_full_synchronisation_and_a_log(tmp_path: Path) -> None:
    """The writer's connection survives power loss: WAL and synchronous=FULL."""

    async def scenario(store: Store) -> None:
        for name, expected in {"journal_mode": "wal", "synchronous": 2}.items():
            found = await store.write(lambda writer, name=name: writer.pragma(name))  # type: ignore[misc]
            assert found == expected

    _run(tmp_path / "journal.db", scenario)


def test_store_lets_one_failing_change_fail_alone(tmp_path: Path) -> None:
    """In a group of three the second fails; the others are kept."""
    path = tmp_path / "journal.db"

    async def scenario(store: Store) -> None:
        opened = _gate(store)
        writes = [
            asyncio.ensure_future(store.write(change))
            for change in (_put("a"), _put_twice, _put("b"))
        ]
        await asyncio.sleep(0)
        opened.set()
        outcomes = await asyncio.gather(*writes, return_exceptions=True)
        assert outcomes[0] is None
        assert isinstance(outcomes[1], apsw.ConstraintError)
        assert outcomes[2] is None

    _run(path, scenario)
    assert _keys(path) == {"a", "b"}


def _put_twice(connection: apsw.Connection) -> None:
    _put("twice")(connection)
    _put("twice")(connection)


@pytest.mark.parametrize("statement", ["ROLLBACK", "RELEASE change"])
def test_store_keeps_the_others_when_a_group_falls_apart(
    tmp_path: Path, statement: str
) -> None:
    """A change that ends the transaction takes no other change with it."""
    path = tmp_path / "journal.db"

    async def scenario(store: Store) -> None:
        opened = _gate(store)
        store.post(_put("a"))
        broken = asyncio.ensure_future(
            store.write(lambda connection: connection.execute(statement).close())
        )
        await asyncio.sleep(0)
        store.post(_put("b"))
        opened.set()
        with pytest.raises(apsw.SQLError):
            await broken
        await store.flush()

    _run(path, scenario)
    assert _keys(path) == {"a", "b"}


def test_store_tells_of_a_failed_post_later(tmp_path: Path) -> None:
    """Nobody waits for a post, so the next write tells; its own change is kept."""
    path = tmp_path / "journal.db"

    async def scenario(store: Store) -> None:
        store.post(_put_twice)
        store.post(_put_twice)
        with pytest.raises(apsw.ConstraintError):
            await store.write(_put("a"))
        await store.flush()
        store.post(_put_twice)
        with pytest.raises(apsw.ConstraintError):
            await store.close()

    _run(path, scenario)
    assert _keys(path) == {"a"}


def test_store_close_keeps_what_was_posted(tmp_path: Path) -> None:
    """Closing writes the queue first; then everything is refused."""
    path = tmp_path / "journal.db"

    async def scenario(store: Store) -> None:
        for number in range(50):
            store.post(_put(str(number)))
        await store.close()
        with pytest.raises(StorageError, match="closed"):
            await store.flush()

    _run(path, scenario)
    assert len(_keys(path)) == 50


def test_store_survives_the_end_of_the_waiting_loop(tmp_path: Path) -> None:
    """A change is committed although the loop that asked for it is closed."""
    path = tmp_path / "journal.db"
    store = Store.open(path)
    opened = _gate(store)

    async def leave() -> None:
        write = asyncio.ensure_future(store.write(_put("a")))
        await asyncio.sleep(0)
        assert not write.done()

    asyncio.run(leave())
    opened.set()
    asyncio.run(store.close())
    assert _keys(path) == {"a"}


def test_store_keeps_a_change_whose_caller_was_cancelled(tmp_path: Path) -> None:
    """A cancelled write ends in its caller at once and is still committed."""
    path = tmp_path / "journal.db"

    async def scenario(store: Store) -> None:
        opened = _gate(store)
        write = asyncio.ensure_future(store.write(_put("a")))
        await asyncio.sleep(0)
        write.cancel()
        opened.set()
        with pytest.raises(asyncio.CancelledError):
            await write
        await store.flush()

    _run(path, scenario)
    assert _keys(path) == {"a"}


def test_store_full_disk_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """Large rows are refused with a way out, the rest goes on, the file is sound."""
    path = tmp_path / "journal.db"
    kept: set[str] = set()
    refused: list[StorageError] = []

    async def put(store: Store, key: str) -> None:
        try:
            await store.write(_put(key, "x" * 20_000))
        except StorageError as error:
            refused.append(error)
        else:
            kept.add(key)

    async def scenario(store: Store) -> None:
        pages = await store.write(lambda writer: writer.pragma("page_count"))
        await store.write(lambda writer: writer.pragma("max_page_count", pages + 30))
        await asyncio.gather(*(put(store, str(number)) for number in range(16)))
        assert 0 < len(kept) < 16
        await store.write(lambda writer: writer.pragma("max_page_count", 1_000_000))
        before = len(refused)
        await asyncio.gather(*(put(store, f"later {number}") for number in range(16)))
        assert len(refused) == before

    _run(path, scenario)
    assert _keys(path) == kept
    for error in refused:
        assert error.where == str(path)
        assert "make room" in error.hint
        assert "full" in error.message


def test_store_locked_by_another_program_says_so(tmp_path: Path) -> None:
    """A whole group fails at once when the file stays locked, and recovers."""
    path = tmp_path / "journal.db"

    async def scenario(store: Store) -> None:
        await store.write(lambda writer: writer.set_busy_timeout(20))
        await store.write(_put("a"))
        other = apsw.Connection(str(path))
        other.execute("BEGIN IMMEDIATE")
        outcomes = await asyncio.gather(
            *(store.write(_put(key)) for key in "cd"), return_exceptions=True
        )
        assert all(isinstance(outcome, StorageError) for outcome in outcomes)
        assert all("locked" in str(outcome) for outcome in outcomes)
        other.close()
        await store.write(_put("e"))

    _run(path, scenario)
    assert _keys(path) == {"a", "e"}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_store_stopped_by_a_bug_leaves_nobody_waiting(tmp_path: Path) -> None:
    """A change with a bug ends the writer; all who wait are told, later ones too."""
    path = tmp_path / "journal.db"

    def bug(_connection: apsw.Connection) -> None:
        raise NotImplementedError

    async def scenario() -> None:
        store = Store.open(path)
        await store.write(_put("a"))
        opened = _gate(store)
        tasks = [
            asyncio.ensure_future(store.write(change)) for change in (bug, _put("b"))
        ]
        await asyncio.sleep(0)
        store.post(_put("c"))
        opened.set()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(outcome, StorageError) for outcome in outcomes)
        with pytest.raises(StorageError, match="closed"):
            await store.flush()
        with pytest.raises(StorageError, match="stopped"):
            await store.close()

    asyncio.run(scenario())
    assert _keys(path) == {"a"}


def _commits(path: Path) -> int:
    """Return how many commits the write-ahead log holds: a mark ends each of them."""
    log = path.with_name(path.name + "-wal").read_bytes()
    page = int.from_bytes(log[8:12], "big")
    salt = log[16:24]
    frames = range(32, len(log) - 23, 24 + page)
    return sum(
        log[at + 8 : at + 16] == salt and log[at + 4 : at + 8] != bytes(4)
        for at in frames
    )


def test_store_commits_what_nobody_waits_for_with_what_somebody_does(
    tmp_path: Path,
) -> None:
    """Posts don't cost a flush of the disk each, and still get there by themselves."""
    path = tmp_path / "journal.db"

    async def scenario(store: Store) -> None:
        await store.flush()
        before = _commits(path)
        for number in range(100):
            store.post(_put(f"first {number}"))
        await store.write(_put("awaited"))
        assert _commits(path) <= before + 2
        store.post(_put("last"))
        reader = store.read()
        found = "SELECT count(*) FROM meta WHERE key = 'last'"
        for _ in range(500):
            if reader.execute(found).get:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(found)

    _run(path, scenario)
    assert len(_keys(path)) == 102


def test_store_wakes_the_loop_once_a_group(tmp_path: Path) -> None:
    """All who wait for one commit go on in one turn of the loop."""

    async def scenario(store: Store) -> None:
        opened = _gate(store)
        done: list[int] = []
        first_done = asyncio.Event()

        async def put(number: int) -> None:
            await store.write(_put(str(number)))
            done.append(number)
            first_done.set()

        async with asyncio.TaskGroup() as group:
            for number in range(50):
                group.create_task(put(number))
            await asyncio.sleep(0)
            opened.set()
            await first_done.wait()
            await asyncio.sleep(0)
            assert len(done) == 50

    _run(tmp_path / "journal.db", scenario)


def test_store_log_does_not_grow_without_bound(tmp_path: Path) -> None:
    """What was written twice over fits a log of a few megabytes."""
    path = tmp_path / "journal.db"

    async def scenario(store: Store) -> None:
        for round_ in range(8):
            for number in range(40):
                store.post(_put(f"{round_} {number}", "x" * 100_000))
            await store.flush()
        log = path.with_name("journal.db-wal").stat().st_size
        assert log < 17 * 1024 * 1024

    _run(path, scenario)


def test_store_looks_once_for_what_is_read_in_one_turn(tmp_path: Path) -> None:
    """Readings of one turn of the loop share a look; the next turn sees what is new."""

    async def scenario(store: Store) -> None:
        def keys() -> list[str]:
            store.read_on()
            return [key for (key,) in store.read().execute("SELECT key FROM meta")]

        assert keys() == []
        assert store.read().in_transaction
        await store.write(_put("a"))
        assert keys() == ["a"]
        await asyncio.sleep(0)
        assert not store.read().in_transaction
        store.read_on()  # and closed while it is open

    _run(tmp_path / "journal.db", scenario)


def test_store_reading_without_a_loop_is_a_look_of_its_own(tmp_path: Path) -> None:
    """There is no later turn that could end it."""
    store = Store.open(tmp_path / "journal.db")
    store.read_on()
    assert not store.read().in_transaction
    asyncio.run(store.close())


def test_store_makes_whoever_posts_very_much_wait(tmp_path: Path) -> None:
    """What is posted faster than written doesn't fill the memory."""

    async def scenario(store: Store) -> None:
        written: list[int] = []
        await store.catch_up()
        gate = _gate(store)
        for _ in range(5_000):
            store.post(lambda _connection: written.append(1))
        waiting = asyncio.ensure_future(store.catch_up())
        await asyncio.sleep(0.01)
        assert not waiting.done()
        gate.set()
        await waiting
        assert len(written) == 5_000

    _run(tmp_path / "journal.db", scenario)
