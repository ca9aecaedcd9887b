"""Frames of calls: packed with what they share, read back whatever happens."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import random
from pathlib import Path

import pytest

from subak.engine.dictionary import train
from subak.engine.records import CallRecord
from tests.engine.desk import Desk, sit

_WORDS = [f"word{number}" for number in range(300)]
_TEMPLATE = "Say in a hundred words what the writer of this review liked. " * 4


def _calls(
    first: int, count: int, *, template: str = _TEMPLATE, stage: str = "map"
) -> list[CallRecord]:
    """Return calls that share their template and their words."""
    rng = random.Random(first)
    return [
        CallRecord(
            key=f"{number:032x}",
            run="r1",
            stage=stage,
            item=str(number),
            model="m",
            endpoint="e",
            started=float(number),
            seconds=1.0,
            first_token_s=None,
            tokens_in=1,
            tokens_out=2,
            tokens_cached=0,
            finish="stop",
            slot=0,
            request=json.dumps([template, rng.choices(_WORDS, k=5)]).encode(),
            response=json.dumps(rng.choices(_WORDS, k=60)).encode(),
        )
        for number in range(first, first + count)
    ]


async def _put(desk: Desk, calls: list[CallRecord]) -> None:
    await asyncio.gather(*(desk.journal.put_call(call) for call in calls))


async def _check(desk: Desk, calls: list[CallRecord]) -> None:
    found = desk.journal.find_calls([call.key for call in calls])
    assert found == {call.key: call for call in calls}


def test_packing_learns_what_calls_share(tmp_path: Path) -> None:
    """After 200 calls frames are half as long; all of them are read back."""

    async def scenario(desk: Desk) -> None:
        calls = _calls(0, 400)
        await _put(desk, calls)
        sizes = desk.rows(
            "SELECT dictionary, avg(length(request) + length(response)), count(*)"
            " FROM call GROUP BY dictionary"
        )
        assert [(number, count) for number, _, count in sizes] == [(0, 199), (1, 201)]
        assert float(str(sizes[1][1])) < 0.6 * float(str(sizes[0][1]))
        await _check(desk, calls)

    sit(tmp_path, scenario)


def test_packing_of_a_later_process_uses_what_was_learned(tmp_path: Path) -> None:
    """The first call of the next process is packed with the dictionary of the last."""

    async def first(desk: Desk) -> None:
        await _put(desk, _calls(0, 200))

    async def second(desk: Desk) -> None:
        more = _calls(1_000, 250)
        await _put(desk, more)
        newer = "SELECT DISTINCT dictionary FROM call WHERE id > 200"
        assert desk.rows(newer) == [(1,)]
        await _check(desk, _calls(0, 200) + more)

    sit(tmp_path, first)
    sit(tmp_path, second)


def test_packing_learns_anew_when_the_prompts_are_others(tmp_path: Path) -> None:
    """A dictionary that no longer fits is followed by one that does."""

    async def first(desk: Desk) -> None:
        await _put(desk, _calls(0, 200))

    async def second(desk: Desk) -> None:
        rng = random.Random(5)
        other = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz  ", k=900))
        more = _calls(1_000, 300, template=other)
        await _put(desk, more)
        used = desk.rows("SELECT DISTINCT dictionary FROM call ORDER BY 1")
        assert used == [(0,), (1,), (2,)]
        await _check(desk, _calls(0, 200) + more)

    sit(tmp_path, first)
    sit(tmp_path, second)


def test_packing_keeps_stages_apart(tmp_path: Path) -> None:
    """What one stage's calls share says nothing about another's."""

    async def scenario(desk: Desk) -> None:
        await _put(desk, _calls(0, 200) + _calls(5_000, 10, stage="draft"))
        assert desk.rows("SELECT DISTINCT stage FROM dictionary") == [("map",)]
        other = "SELECT DISTINCT dictionary FROM call WHERE id > 200"
        assert desk.rows(other) == [(0,)]

    sit(tmp_path, scenario)


def test_packing_forgets_what_was_rolled_back(tmp_path: Path) -> None:
    """A dictionary and an owner of a failed group are not used by the next."""

    async def scenario(desk: Desk) -> None:
        calls = _calls(0, 300)
        broken = dataclasses.replace(calls[250], tokens_out=2**64)
        outcomes = await asyncio.gather(
            *(desk.journal.put_call(call) for call in [*calls[:250], broken]),
            *(desk.journal.put_call(call) for call in calls[251:]),
            return_exceptions=True,
        )
        assert [type(one) for one in outcomes if one is not None] == [OverflowError]
        kept = calls[:250] + calls[251:]
        await _check(desk, kept)
        await _put(desk, _calls(1_000, 300))
        await _check(desk, kept + _calls(1_000, 300))
        unknown = "SELECT count(*) FROM call WHERE owner NOT IN (SELECT id FROM owner)"
        assert desk.rows(unknown) == [(0,)]

    sit(tmp_path, scenario)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE dictionary SET data = x'00' WHERE copy = {}",
        "UPDATE dictionary SET stage = CAST(x'ff' AS TEXT) WHERE copy = {}",
        "UPDATE dictionary SET id = 9 WHERE copy = {}",
        "DELETE FROM dictionary WHERE copy = {}",
    ],
)
@pytest.mark.parametrize("copies", [(0,), (1,), (0, 1)])
def test_packing_survives_the_damage_of_one_copy(
    tmp_path: Path, damage: str, copies: tuple[int, ...]
) -> None:
    """One copy of a dictionary is enough; without any its calls are missing."""

    async def scenario(desk: Desk) -> None:
        await _put(desk, _calls(0, 200))
        for copy in copies:
            await desk.execute(damage.format(copy))
        await desk.store.close()

    async def look(desk: Desk) -> None:
        calls = _calls(0, 200)
        if copies == (0, 1):
            assert desk.journal.find_call(calls[199].key) is None
            assert desk.kinds() == ["journal.damaged"]
            await desk.journal.put_call(calls[199])
        await _check(desk, calls)

    sit(tmp_path, scenario)
    sit(tmp_path, look)


def test_train_of_too_little_is_no_dictionary() -> None:
    """Nothing, one text or noise alone give none, and no error."""
    rng = random.Random(1)
    assert train([]).data == b""
    assert train([b"a"] * 3).data == b""
    assert len(train([rng.randbytes(9) for _ in range(4)]).data) == 0
