"""`python -m bench.drive JOB`: many prompts through subak's own engine, timed.

The model, the journal and the limiter are the real ones, in real time. A level of 0
lets the tuner decide; any other is a fixed limit, for the sweep.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from subak.cli.event_loop import run
from subak.engine.clock import SystemClock
from subak.engine.events import Event
from subak.engine.interpreter import favour_the_loop
from subak.engine.journal import Journal
from subak.engine.store import Store
from subak.errors import SubakError
from subak.llm.client import Model
from subak.llm.member import Member
from subak.llm.model import Message, Prompt
from subak.llm.open import open_endpoint
from subak.llm.open_model import open_model, pool_model
from subak.llm.options import EndpointOptions

TUNED = 0


@dataclass(frozen=True, slots=True)
class DriveJob:
    """What to drive.

    Args:
        model: Model spec.
        journal: A file that is not there yet.
        prompts: In order.
        warm: Prompts asked before the time starts, one by one.
        max_tokens: Upper bound of each answer.
        level: Calls at once, ``TUNED`` to let the tuner find it.
        slots: Of the embedded model, None for its own choice.
    """

    model: str
    journal: str
    prompts: tuple[str, ...]
    warm: tuple[str, ...] = ()
    max_tokens: int = 256
    level: int = TUNED
    slots: int | None = None


@dataclass(frozen=True, slots=True)
class Driven:
    """What came of it.

    Args:
        seconds: From the first call to the last answer.
        cpu_s: Of this process, meanwhile.
        tokens_out: Generated tokens, as the server counted them.
        failed: Prompts without an answer.
        changes: Changes of the limit: seconds, the new limit and why.
        cached: Of each prompt, the tokens the server had in its cache; -1: no answer.
        errors: The first few failures.
    """

    seconds: float
    cpu_s: float
    tokens_out: int
    failed: int
    changes: tuple[tuple[float, str], ...] = ()
    cached: tuple[int, ...] = ()
    errors: tuple[str, ...] = ()


async def drive(job: DriveJob) -> Driven:
    """Ask all prompts at once; the limiter decides how many are under way."""
    clock = SystemClock()
    store = Store.open(Path(job.journal))
    try:
        journal = Journal(store, clock)
        await journal.begin_run("bench", "", "{}")
        model = _open(job, journal, clock)
        try:
            for text in job.warm:
                await model.complete(_prompt(text, job))
            return await _timed(model, journal, job)
        finally:
            await model.close()
    finally:
        await store.close()


async def _timed(model: Model, journal: Journal, job: DriveJob) -> Driven:
    started, cpu = time.monotonic(), time.process_time()
    changes: list[tuple[float, str]] = []
    errors: list[str] = []
    cached = [-1] * len(job.prompts)
    tokens = 0

    def listen(event: Event) -> None:
        if event.kind == "limiter.changed":
            told = f"{event.data.get('limit')}: {event.data.get('reason')}"
            changes.append((round(time.monotonic() - started, 2), told))

    async def ask(number: int, text: str) -> None:
        nonlocal tokens
        try:
            completion = await model.complete(_prompt(text, job))
            tokens += completion.usage.tokens_out
            cached[number] = completion.usage.tokens_cached
        except SubakError as error:
            errors.append(f"{type(error).__name__}: {error.message}")

    journal.subscribe(listen)
    async with asyncio.TaskGroup() as group:
        for number, text in enumerate(job.prompts):
            group.create_task(ask(number, text))
    return Driven(
        seconds=time.monotonic() - started,
        cpu_s=time.process_time() - cpu,
        tokens_out=tokens,
        failed=len(errors),
        changes=tuple(changes),
        cached=tuple(cached),
        errors=tuple(errors[:5]),
    )


def _open(job: DriveJob, journal: Journal, clock: SystemClock) -> Model:
    options = EndpointOptions(slots=job.slots)
    if job.level == TUNED:
        return open_model(
            job.model, journal=journal, clock=clock, options=options, memory=None
        )
    member = Member(open_endpoint(job.model, options, clock), clock)
    return pool_model([member], journal=journal, clock=clock, limit=job.level)


def _prompt(text: str, job: DriveJob) -> Prompt:
    return Prompt((Message("user", text),), max_tokens=job.max_tokens)


def main() -> None:
    """Read the job from a file, print what came of it as JSON."""
    favour_the_loop()
    job = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=DriveJob)
    print(msgspec.json.encode(run(drive(job))).decode())


if __name__ == "__main__":
    main()
