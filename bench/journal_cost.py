"""What the journal costs a model call: processor time, bytes, look-ups.

``python -m bench.journal_cost [--calls N] [--width W]``

Calls with answers of about 200 words go through the journal alone, W in flight; time
is the processor's, of the event loop and the writer thread together.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import zstandard

from subak.engine.clock import SystemClock
from subak.engine.journal import Journal
from subak.engine.records import CallRecord, Flight
from subak.engine.store import Store

_PROMPT = (
    "You read product reviews. Say in about two hundred words what the writer liked,"
    " what not, and whether they would buy it again. Answer in plain sentences.\n\n"
)
_CONSONANTS, _VOWELS = "bcdfghklmnprstvw", "aeiou"
_VOCABULARY = 4_000
_URL = "http://127.0.0.1:8080"


@dataclass(frozen=True, slots=True)
class JournalCost:
    """What was measured.

    Args:
        alone: Bytes of the answers, each compressed on its own.
    """

    calls: int
    width: int
    write_us: float
    bytes: int
    alone: int
    look_up_us: float
    look_up_again_us: float

    def lines(self) -> Iterator[str]:
        """Yield the table's lines."""
        yield f"{self.calls:,} calls, {self.width} in flight"
        yield f"writing       {self.write_us:8.1f} us a call"
        yield f"looking up    {self.look_up_us:8.1f} us a call, checked"
        yield f"              {1e6 / self.look_up_us:8,.0f} calls a second"
        yield f"after a start {self.look_up_again_us:8.1f} us a call"
        yield f"on the disk   {self.bytes / self.calls:8.0f} bytes a call"
        yield f"answers alone {self.alone / self.calls:8.0f} bytes a call"
        yield f"ratio         {self.bytes / self.alone:8.2f}"


def measure(calls: int, width: int, seed: int = 7) -> JournalCost:
    """Write so many calls and look all of them up."""
    records = list(_make_calls(calls, random.Random(seed)))
    compress = zstandard.ZstdCompressor(level=3).compress
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        write, look_up = asyncio.run(_write(path, records, width))
        look_up_again = asyncio.run(_look_up_again(path, records))
        return JournalCost(
            calls=calls,
            width=width,
            write_us=write / calls * 1e6,
            bytes=path.stat().st_size,
            alone=sum(len(compress(record.response)) for record in records),
            look_up_us=look_up / calls * 1e6,
            look_up_again_us=look_up_again / calls * 1e6,
        )


async def _write(
    path: Path, records: list[CallRecord], width: int
) -> tuple[float, float]:
    store = Store.open(path)
    journal = Journal(store, SystemClock())
    await journal.begin_run("map", "digest", "{}")
    remaining = iter(records)

    async def send() -> None:
        for record in remaining:
            journal.send_call(_flight(record))
            await asyncio.sleep(0)
            await journal.put_call(record)

    begun = time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(width):
            group.create_task(send())
    await store.flush()
    spent = time.process_time() - begun
    look_up = _look_up(journal, records)
    await store.close()
    return spent, look_up


async def _look_up_again(path: Path, records: list[CallRecord]) -> float:
    store = Store.open(path)
    spent = _look_up(Journal(store, SystemClock()), records)
    await store.close()
    return spent


def _look_up(journal: Journal, records: list[CallRecord]) -> float:
    keys = [record.key for record in records]
    begun = time.process_time()
    found = 0
    for start in range(0, len(keys), 1_000):
        found += len(journal.find_calls(keys[start : start + 1_000]))
    spent = time.process_time() - begun
    if found != len(keys):
        raise SystemExit(f"{len(keys) - found} calls were not found")
    return spent


def _flight(record: CallRecord) -> Flight:
    place = (record.key, record.run, record.stage, record.item)
    url = f"{record.endpoint}/v1/chat/completions"
    server = (record.model, record.endpoint, url)
    return Flight(*place, *server, record.slot, record.started)


def _make_calls(count: int, rng: random.Random) -> Iterator[CallRecord]:
    """Yield calls whose words are as frequent as in speech: the n-th as 1 / n."""
    words = ["".join(_syllables(rng)) for _ in range(_VOCABULARY)]
    weights = list(itertools.accumulate(1 / (n + 3) for n in range(_VOCABULARY)))

    def text(length: int) -> str:
        return " ".join(rng.choices(words, cum_weights=weights, k=length))

    for number in range(count):
        turn = {"role": "user", "content": _PROMPT + text(30)}
        request = json.dumps({"messages": [turn], "max_tokens": 512, "temperature": 0})
        response = json.dumps({"text": text(200), "finish": "stop", "model": "m"})
        yield CallRecord(
            key=hashlib.blake2b(request.encode(), digest_size=16).hexdigest(),
            run="run",
            stage="map",
            item=str(number),
            model="openai:m",
            endpoint=_URL,
            started=1.79e9 + number / 100 + rng.random(),
            seconds=rng.random(),
            first_token_s=rng.random() / 4,
            tokens_in=rng.randint(50, 90),
            tokens_out=rng.randint(200, 300),
            tokens_cached=0,
            finish="stop",
            slot=number % 64,
            request=request.encode(),
            response=response.encode(),
        )


def _syllables(rng: random.Random) -> Iterator[str]:
    for _ in range(rng.randint(1, 4)):
        yield rng.choice(_CONSONANTS) + rng.choice(_VOWELS)


def main() -> None:
    """Measure and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--calls", type=int, default=20_000)
    arguments.add_argument("--width", type=int, default=64)
    given = arguments.parse_args()
    cost = measure(given.calls, given.width)
    sys.stdout.write("".join(f"{line}{os.linesep}" for line in cost.lines()))


if __name__ == "__main__":
    main()
