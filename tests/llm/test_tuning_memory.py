"""TuningMemory: the next run begins with what the last one found, or with nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from subak.engine.tuning.memory import TunerMemory
from subak.llm.tuning_memory import TuningMemory
from subak.testing.clock import VirtualClock
from tests.llm.fake_servers import FakeServer, job

FOUND = TunerMemory(level=9, slots=8, ceiling=None, pace_per_s=1.5, bad=32)
NOW = 1_800_000_000.0


def test_memory_is_found_again(tmp_path: Path) -> None:
    """For this server and model only."""
    TuningMemory(tmp_path).keep("openai:a@x", FOUND, NOW)
    assert TuningMemory(tmp_path).find("openai:a@x", NOW + 9) == FOUND
    assert TuningMemory(tmp_path).find("openai:b@x", NOW + 9) is None


def test_memory_that_is_old_counts_as_none(tmp_path: Path) -> None:
    """A server of two months ago may be another one."""
    memory = TuningMemory(tmp_path)
    memory.keep("a", FOUND, NOW)
    assert memory.find("a", NOW + 70 * 86_400) is None
    assert memory.find("a", NOW - 70 * 86_400) is None


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"version":2,"endpoint":"a","saved":1.8e9,"memory":{"level":9}}',
        b'{"version":1,"endpoint":"b","saved":1.8e9,"memory":{"level":9}}',
        b'{"version":1,"endpoint":"a","saved":1.8e9,"memory":{"level":"x"}}',
        b'{"version":1,"endpoint":"a","saved":1.8e9,"memory":{"level":0}}',
        b'{"version":1,"endpoint":"a","saved":1.8e9,"memory":{"level":1,"slots":-4}}',
    ],
)
def test_damaged_memory_counts_as_none(tmp_path: Path, damage: bytes) -> None:
    """Whatever is in the file, a run begins."""
    memory = TuningMemory(tmp_path)
    memory.keep("a", FOUND, NOW)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert memory.find("a", NOW) is None


def test_memory_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    """A cache is not worth a run."""
    (tmp_path / "file").write_text("in the way")
    memory = TuningMemory(tmp_path / "file" / "folder")
    memory.keep("a", FOUND, NOW)
    assert memory.find("a", NOW) is None


def test_model_remembers_what_its_tuner_found(tmp_path: Path) -> None:
    """Kept when the model is closed; a short run keeps nothing."""
    clock, memory = VirtualClock(), TuningMemory(tmp_path)

    async def run(calls: int, name: str) -> None:
        it = job([FakeServer(clock, name, slots=6)], memory=memory)
        await it.ask_all([f"item {number}" for number in range(calls)])
        await it.model.close()

    asyncio.run(run(5, "short"))
    assert memory.find("short", clock.now()) is None
    asyncio.run(run(60, "long"))
    found = memory.find("long", clock.now())
    assert found is not None
    assert found.slots == 6
