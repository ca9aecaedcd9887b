"""FakeServer: an endpoint on virtual time; and a journal and a model over several."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from subak.engine.events import Scalar
from subak.engine.records import Attempt, CallRecord, Flight
from subak.errors import ConnectionLost, NotConnected, SubakError, Unreachable
from subak.llm.client import Model
from subak.llm.member import Member
from subak.llm.model import (
    Completion,
    EndpointInfo,
    Message,
    ModelId,
    Progress,
    Prompt,
    Timing,
    Usage,
)
from subak.llm.open_model import pool_model
from subak.llm.tuning_memory import TuningMemory
from subak.testing.clock import VirtualClock

Fault = Callable[[Prompt, int], Awaitable[None]]


@dataclass
class FakeServer:
    """Works on ``slots`` requests at once, first come first served.

    Args:
        clock: Its time.
        name: Its model's name.
        slots: Requests at once.
        token_s: Seconds a token takes.
        tokens: Tokens of an answer.
        first_s: Seconds before the first token.
        fault: Called before a request is worked on, with its number; may raise.
        published: Slots it tells of.
    """

    clock: VirtualClock
    name: str = "m"
    slots: int = 4
    token_s: float = 0.1
    tokens: int = 10
    first_s: float = 0.1
    fault: Fault | None = None
    published: int | None = None
    is_down: bool = False
    asked: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    probes: int = 0
    running: int = 0
    peak: int = 0
    died: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Have room for as many as there are slots."""
        self._free = asyncio.Semaphore(self.slots)

    def __hash__(self) -> int:
        """Be one of its kind."""
        return id(self)

    @property
    def model_id(self) -> ModelId:
        """Return the name."""
        return ModelId(self.name)

    @property
    def url(self) -> str:
        """Return an address."""
        return f"http://{self.name}"

    @property
    def is_streaming(self) -> bool:
        """Stream."""
        return True

    async def probe(self) -> EndpointInfo:
        """Tell about itself, unless it is down."""
        self.probes += 1
        await self.clock.sleep(0.01)
        if self.is_down:
            raise Unreachable("nobody there", where=self.url, hint="start it")
        return EndpointInfo(self.url, self.name, slots=self.published)

    async def complete(self, prompt: Prompt, progress: Progress) -> Completion:
        """Answer, or do what the fault does."""
        text = prompt.messages[-1].content
        self.asked.append(text)
        if self.is_down:
            await asyncio.sleep(0)
            raise NotConnected("refused", where=self.url, hint="start it")
        self.running += 1
        self.peak = max(self.peak, self.running)
        try:
            return await self._answer(prompt, progress)
        except asyncio.CancelledError:
            self.cancelled.append(text)
            raise
        finally:
            self.running -= 1

    async def close(self) -> None:
        """Have nothing to close."""

    async def crash_for(self, seconds: float) -> None:
        """Lose all requests, be away for a while and come back."""
        self.is_down = True
        died, self.died = self.died, asyncio.Event()
        died.set()
        await self.clock.sleep(seconds)
        self.is_down = False

    async def _answer(self, prompt: Prompt, progress: Progress) -> Completion:
        died, started = self.died, self.clock.monotonic()
        if self.fault is not None:
            await self.fault(prompt, len(self.asked))
        async with self._free:
            await self._work(self.first_s, died)
            progress.first_token()
            first_s = self.clock.monotonic() - started
            for _ in range(self.tokens):
                await self._work(self.token_s, died)
                progress.tokens(1)
        text = prompt.messages[-1].content
        self.answered.append(text)
        seconds = self.clock.monotonic() - started
        usage = Usage(len(text), self.tokens)
        return Completion(f"to {text}", usage, Timing(seconds, first_s), "stop", "m")

    async def _work(self, seconds: float, died: asyncio.Event) -> None:
        await self.clock.sleep(seconds)
        if died.is_set():
            raise ConnectionLost("reset", where=self.url)


class FakeJournal:
    """Keeps calls in memory; a commit takes a turn of the event loop."""

    def __init__(self) -> None:
        self.run = "r"
        self.calls: dict[str, CallRecord] = {}
        self.puts = 0
        self.attempts: list[Attempt] = []
        self.flights: list[Flight] = []
        self.events: list[tuple[str, dict[str, Scalar]]] = []

    def find_call(self, key: str) -> CallRecord | None:
        """Return what was put."""
        return self.calls.get(key)

    def find_calls(self, keys: Sequence[str]) -> dict[str, CallRecord]:
        """Return all that was put."""
        return {key: self.calls[key] for key in keys if key in self.calls}

    def send_call(self, flight: Flight, *, is_brief: bool = False) -> None:
        """Keep the flight."""
        self.flights.append(flight)
        self.tell("call.sent", key=flight.key, repeated=flight.repeated)

    def note_brief_calls(self) -> None:
        """Have noted all of them."""

    def drop_call(self, key: str, *, slot: int | None = None) -> None:
        """Forget the flight."""
        self._land(key, slot)

    async def put_call(
        self,
        call: CallRecord,
        *,
        replace: bool = False,
        is_patient: bool = False,
    ) -> None:
        """Keep an answer."""
        await asyncio.sleep(0)
        self.puts += 1
        self.calls[call.key] = call
        self._land(call.key, call.slot)

    async def put_attempt(self, attempt: Attempt) -> None:
        """Keep a failure."""
        await asyncio.sleep(0)
        self.attempts.append(attempt)
        self._land(attempt.key, attempt.slot)

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Keep an event."""
        self.events.append((kind, data))

    def tell(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Keep it too."""
        self.events.append((kind, data))

    def _land(self, key: str, slot: int | None) -> None:
        number = next(
            number
            for number, flight in enumerate(self.flights)
            if flight.key == key and flight.slot == slot
        )
        del self.flights[number]

    def errors(self) -> list[str]:
        """Return the names of the failures."""
        return [attempt.error for attempt in self.attempts]


@dataclass
class Job:
    """A model over fake servers, and what became of the prompts."""

    clock: VirtualClock
    model: Model
    journal: FakeJournal
    done: dict[str, Completion] = field(default_factory=dict)
    failed: dict[str, SubakError] = field(default_factory=dict)

    async def ask(self, text: str) -> None:
        """Ask one prompt; note what comes of it."""
        try:
            self.done[text] = await self.model.complete(prompt_of(text))
        except SubakError as error:
            self.failed[text] = error

    async def ask_all(self, texts: Sequence[str]) -> float:
        """Ask all at once; return the seconds it took."""
        begun = self.clock.monotonic()
        async with asyncio.TaskGroup() as group:
            for text in texts:
                group.create_task(self.ask(text))
        return self.clock.monotonic() - begun


def job(
    *tiers: Sequence[FakeServer],
    cap: int | None = None,
    memory: TuningMemory | None = None,
) -> Job:
    """Return a job over servers in tiers."""
    clock = tiers[0][0].clock
    members = [
        Member(server, clock, seed=number, tier=tier)
        for number, (tier, server) in enumerate(
            (tier, server) for tier, servers in enumerate(tiers) for server in servers
        )
    ]
    journal = FakeJournal()
    model = pool_model(members, journal=journal, clock=clock, cap=cap, memory=memory)
    return Job(clock, model, journal)


def prompt_of(text: str) -> Prompt:
    """Return a prompt of one message."""
    return Prompt((Message("user", text),))
