"""Whatever is put is found, and no damage is ever taken for an answer."""

from __future__ import annotations

import asyncio
import hashlib
import random
import tempfile
from contextlib import suppress
from pathlib import Path

import apsw
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.clock import SystemClock
from subak.engine.journal import Journal
from subak.engine.records import CallRecord, TaskRecord
from subak.engine.store import Store
from subak.errors import StorageError

FLIPS = 80
ROWS = 40
CALLS = 300

_TEXT = st.text(max_size=30)
_COUNT = st.integers(0, 2**40)
_SECONDS = st.floats(0, 1e10)
_CALLS = st.builds(
    CallRecord,
    key=st.text("0123456789abcdef", min_size=1, max_size=32),
    run=_TEXT,
    stage=_TEXT,
    item=_TEXT,
    model=_TEXT,
    endpoint=_TEXT,
    started=_SECONDS,
    seconds=_SECONDS | st.integers(0, 9),
    first_token_s=st.none() | _SECONDS,
    tokens_in=_COUNT,
    tokens_out=_COUNT,
    tokens_cached=_COUNT,
    finish=_TEXT,
    slot=_COUNT,
    request=st.binary(max_size=300),
    response=st.binary(max_size=300),
)


def _task(key: str) -> TaskRecord:
    return TaskRecord("r", "stage", "item", "done", key)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.binary(max_size=400))))
def test_journal_finds_the_first_of_everything_put(
    puts: list[tuple[str, bytes]],
) -> None:
    """For any puts of any bytes, each key holds what was put first, also later."""
    expected: dict[str, bytes] = {}

    async def put(path: Path) -> None:
        store = Store.open(path)
        journal = Journal(store, SystemClock(), learn_from=200)
        for key, payload in puts:
            await journal.put_result(_task(key), payload)
            expected.setdefault(key, payload)
        await store.close()

    async def find(path: Path) -> None:
        store = Store.open(path)
        journal = Journal(store, SystemClock(), learn_from=200)
        for key in "abcd":
            assert journal.find_result(key) == expected.get(key)
        await store.close()

    with tempfile.TemporaryDirectory() as name:
        asyncio.run(put(Path(name) / "journal.db"))
        asyncio.run(find(Path(name) / "journal.db"))


@settings(max_examples=20, deadline=None)
@given(_CALLS)
def test_journal_returns_any_call_unchanged(call: CallRecord) -> None:
    """Every field of a call survives the way to the disk and back."""

    async def scenario(path: Path) -> None:
        store = Store.open(path)
        journal = Journal(store, SystemClock(), learn_from=200)
        await journal.put_call(call)
        assert journal.find_call(call.key) == call
        await store.close()

    with tempfile.TemporaryDirectory() as name:
        asyncio.run(scenario(Path(name) / "journal.db"))


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=400), st.randoms(use_true_random=False))
def test_journal_flipped_bit_of_a_payload_is_never_an_answer(
    payload: bytes, rng: random.Random
) -> None:
    """One bit of the stored bytes flipped: the result is missing."""

    def flip(connection: apsw.Connection) -> None:
        stored = bytearray(connection.execute("SELECT payload FROM result").get)
        stored[rng.randrange(len(stored))] ^= 1 << rng.randrange(8)
        connection.execute("UPDATE result SET payload = ?", (bytes(stored),))

    async def scenario(path: Path) -> None:
        store = Store.open(path)
        journal = Journal(store, SystemClock(), learn_from=200)
        await journal.put_result(_task("a"), payload)
        await store.write(flip)
        assert journal.find_result("a") is None
        assert journal.find_last_result("stage", "item") is None
        await store.close()

    with tempfile.TemporaryDirectory() as name:
        asyncio.run(scenario(Path(name) / "journal.db"))


def _call(key: str, response: bytes) -> CallRecord:
    return CallRecord(
        *(key, "r", "stage", "item", "m", "e", 1.0, 2.0, None, 1, 2, 0, "stop", 0),
        request=b"asked",
        response=response,
    )


def test_journal_flipped_bit_of_the_file_is_never_an_answer(tmp_path: Path) -> None:
    """A bit flipped anywhere in the file: right, missing or an error, never wrong.

    The calls are so many that most are packed with a dictionary.
    """
    path = tmp_path / "journal.db"
    expected = {f"{number:04x}": f"result {number}".encode() for number in range(ROWS)}
    answers = {
        hashlib.blake2b(b"%d" % number, digest_size=16).hexdigest(): (
            f"{number} is what all these answers have in common, {number * 7919}"
        ).encode()
        for number in range(CALLS)
    }

    async def write() -> None:
        store = Store.open(path)
        journal = Journal(store, SystemClock(), learn_from=200)
        for key, payload in expected.items():
            await journal.put_result(_task(key), payload)
        await asyncio.gather(
            *(journal.put_call(_call(key, text)) for key, text in answers.items())
        )
        packed = "SELECT count(*) FROM call WHERE dictionary = 1"
        assert store.read().execute(packed).get > CALLS // 4
        await store.close()

    async def read(found: dict[str, bytes | None]) -> None:
        store = Store.open(path)
        journal = Journal(store, SystemClock(), learn_from=200)
        for key in expected:
            with suppress(StorageError):
                found[key] = journal.find_result(key)
        with suppress(StorageError):
            for key, call in journal.find_calls(list(answers)).items():
                found[key] = call.response
            found.update(dict.fromkeys(answers.keys() - found.keys()))
        with suppress(apsw.Error, StorageError):
            await store.close()

    asyncio.run(write())
    sound = path.read_bytes()
    rng = random.Random(20261122)
    missing = 0
    for _ in range(FLIPS):
        damaged = bytearray(sound)
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        found: dict[str, bytes | None] = {}
        with suppress(StorageError):
            asyncio.run(read(found))
        right = expected | answers
        wrong = {key for key, got in found.items() if got not in {None, right[key]}}
        assert wrong == set()
        missing += any(got is None for got in found.values())
    assert missing > 0
