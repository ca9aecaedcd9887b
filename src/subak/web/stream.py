"""Stream: one look at a workspace, shared by all who watch it (server-sent events).

Guarantees: however many watch, one task looks, one look at a time, and nobody looks
while nobody watches. What is sent is made once. A watcher that was away or slow gets
the whole page's parts, never a queue of old ones. Looking takes at most a fiftieth of
one processor: after each look it rests fifty times as long as that took.
Assumes: ``work`` runs in a TaskGroup while others are watching.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from subak.engine.clock import Clock

_EVERY_S = 1.0
_REST = 50
_LONGEST_REST_S = 15.0
_BEAT_S = 15.0
_NAP_S = 0.25
_RETRY_MS = 2000


@dataclass(frozen=True, slots=True)
class Look:
    """What a look saw.

    Args:
        fragments: Parts of the page as HTML, by name.
        say: What a screen reader is told when it changes.
        title: Of the window.
        cost_s: Processor time it took.
    """

    fragments: Mapping[str, str]
    say: str = ""
    title: str = ""
    cost_s: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """A look with a number, and the bytes that tell it.

    Args:
        id: What a watcher that has it names as the last it saw.
    """

    id: str
    number: int
    look: Look
    whole: bytes
    change: bytes


@dataclass(slots=True)
class _State:
    """What the looking task shares with those who wait."""

    frame: Frame | None = None
    looks: int = 0
    beats: int = 0
    waiting: int = 0
    is_stale: bool = False
    is_looking: bool = False
    is_resting: bool = False
    is_closed: bool = False
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    wanted: asyncio.Event = field(default_factory=asyncio.Event)


class Stream:
    """Looks again and again while somebody watches.

    Args:
        look: Sees how things stand now.
    """

    def __init__(self, look: Callable[[], Awaitable[Look]], clock: Clock) -> None:
        self._look = look
        self._clock = clock
        self._boot = secrets.token_hex(4)
        self._state = _State()
        self._beaten_at = 0.0

    @property
    def watchers(self) -> int:
        """Return how many watch or wait right now."""
        return self._state.waiting

    @property
    def looks(self) -> int:
        """Return how often was looked so far."""
        return self._state.looks

    async def work(self) -> None:
        """Look whenever somebody waits for it, until cancelled."""
        state = self._state
        while True:
            await state.wanted.wait()
            state.is_stale = False
            state.is_looking = True
            look = await self._look()
            state.is_looking = False
            now = self._clock.monotonic()
            async with state.news:
                state.looks += 1
                self._take(look, now)
                state.news.notify_all()
            if not state.waiting:
                state.wanted.clear()
            # The first look reads all there is; that is paid once.
            cost_s = look.cost_s if state.looks > 1 else 0.0
            await self._rest(min(max(_EVERY_S, _REST * cost_s), _LONGEST_REST_S))

    async def frame(self) -> Frame:
        """Return how things stand now, looking again unless that was just done."""
        state = self._state
        is_watched = state.wanted.is_set() or state.is_resting
        is_fresh = is_watched and not state.is_stale
        if state.frame is not None and is_fresh:
            return state.frame  # a second old at most, or as old as the machine bears
        # A look under way may have begun before what is asked about.
        wanted = state.looks + 1 + (state.is_stale and state.is_looking)
        async with self._waiting(), state.news:
            await state.news.wait_for(lambda: state.looks >= wanted or state.is_closed)
        assert state.frame is not None or state.is_closed
        return state.frame or self._framed(Look({}), None)

    def look_once(self) -> None:
        """Look although nobody waits, so that who comes first waits less."""
        self._state.wanted.set()

    def look_soon(self) -> None:
        """Let the next frame be of a look that begins after this."""
        self._state.is_stale = True

    async def watch(self, last_id: str = "") -> AsyncIterator[bytes]:
        """Yield what changes as server-sent events, from a given event on."""
        state = self._state
        seen = self._number(last_id)
        beats = state.beats

        def has_news() -> bool:
            is_new = state.frame is not None and state.frame.number != seen
            return is_new or state.beats != beats or state.is_closed

        yield f"retry: {_RETRY_MS}\n\n".encode()
        async with self._waiting():
            while True:
                async with state.news:
                    await state.news.wait_for(has_news)
                if state.is_closed:
                    return
                frame, beats = state.frame, state.beats
                if frame is None or frame.number == seen:
                    yield b": alive\n\n"
                    continue
                is_next = frame.number == seen + 1
                seen = frame.number
                yield frame.change if is_next else frame.whole

    async def close(self) -> None:
        """Send everybody home."""
        async with self._state.news:
            self._state.is_closed = True
            self._state.news.notify_all()

    async def _rest(self, seconds: float) -> None:
        state = self._state
        state.is_resting = True
        while seconds > 0 and not state.is_stale:
            await self._clock.sleep(min(seconds, _NAP_S))
            seconds -= _NAP_S
        state.is_resting = False

    def _waiting(self) -> _Waiting:
        return _Waiting(self._state)

    def _take(self, look: Look, now: float) -> None:
        """Make a frame of what is new, or now and then tell that nothing is."""
        state = self._state
        if state.frame is None or state.frame.look != look:
            state.frame = self._framed(look, state.frame)
            self._beaten_at = now
        elif now - self._beaten_at >= _BEAT_S:
            state.beats += 1
            self._beaten_at = now

    def _framed(self, look: Look, before: Frame | None) -> Frame:
        number = before.number + 1 if before else 1
        old = before.look.fragments if before else {}
        changed = {
            name: html for name, html in look.fragments.items() if old.get(name) != html
        }
        whole = self._bytes(number, look, look.fragments)
        told = self._bytes(number, look, changed)
        return Frame(f"{self._boot}-{number}", number, look, whole, told)

    def _bytes(self, number: int, look: Look, fragments: Mapping[str, str]) -> bytes:
        told = {"fragments": dict(fragments), "say": look.say, "title": look.title}
        text = json.dumps(told, ensure_ascii=True)  # no line breaks within
        return f"id: {self._boot}-{number}\nevent: change\ndata: {text}\n\n".encode()

    def _number(self, last_id: str) -> int:
        """Return the frame a watcher saw last, 0 for none of this server's."""
        boot, _, number = last_id.partition("-")
        is_ours = boot == self._boot and number.isascii() and number.isdigit()
        return int(number) if is_ours else 0


class _Waiting:
    """Counts who waits, and wakes the task that looks."""

    def __init__(self, state: _State) -> None:
        self._state = state

    async def __aenter__(self) -> None:
        self._state.waiting += 1
        self._state.wanted.set()

    async def __aexit__(self, *_: object) -> None:
        self._state.waiting -= 1
