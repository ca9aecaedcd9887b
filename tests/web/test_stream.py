"""The stream: one look for all, changes only, nothing lost, nothing for nobody."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

from subak.testing.clock import VirtualClock
from subak.web.stream import Look, Stream


class _Site:
    """Something to look at that changes when told."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.clock = VirtualClock()
        self.parts = {"stages": "<p>1</p>", "failures": ""}
        self.stream = Stream(self._look, self.clock)
        self._seconds = seconds

    async def _look(self) -> Look:
        return Look(dict(self.parts), "running", "1 of 2", self._seconds)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Stream]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self.stream.work())
            yield self.stream
            task.cancel()


def _run(scenario: Callable[[], Coroutine[object, object, None]]) -> None:
    asyncio.run(scenario())


def _told(event: bytes) -> tuple[str, dict[str, str]]:
    """Return an event's id and its fragments."""
    lines = dict(line.split(": ", 1) for line in event.decode().strip().split("\n"))
    assert lines["event"] == "change"
    return lines["id"], json.loads(lines["data"])["fragments"]


def test_watchers_share_one_look() -> None:
    """Twenty cost as many looks as one."""

    async def scenario() -> None:
        site = _Site()
        async with site.working() as stream:
            watching = [stream.watch() for _ in range(20)]
            for number in range(5):
                site.parts["stages"] = f"<p>{number}</p>"
                for one in watching:
                    event = b""
                    while f"<p>{number}</p>".encode() not in event:
                        event = await anext(one)
            assert stream.watchers == 20
            assert stream.looks <= 7
            for one in watching:
                await one.aclose()  # type: ignore[attr-defined]
            assert stream.watchers == 0

    _run(scenario)


def test_watcher_gets_everything_once_and_then_what_changes() -> None:
    """The first event is the whole, the next only the part that is another now."""

    async def scenario() -> None:
        site = _Site()
        async with site.working() as stream:
            watching = stream.watch()
            assert await anext(watching) == b"retry: 2000\n\n"
            first, parts = _told(await anext(watching))
            assert parts == {"stages": "<p>1</p>", "failures": ""}
            site.parts["failures"] = "<p>it broke</p>\n<p>again</p>"
            second, parts = _told(await anext(watching))
            assert parts == {"failures": "<p>it broke</p>\n<p>again</p>"}
            assert first != second
            assert stream.looks >= 2

    _run(scenario)


def test_watcher_that_comes_back_is_told_what_it_missed() -> None:
    """With the last event's id nothing is sent twice; from far behind, all is."""

    async def scenario() -> None:
        site = _Site()
        async with site.working() as stream:
            seen = (await stream.frame()).id
            site.parts["stages"] = "<p>2</p>"
            stream.look_soon()
            await stream.frame()
            one_behind = stream.watch(seen)
            await anext(one_behind)
            newest, parts = _told(await anext(one_behind))
            assert parts == {"stages": "<p>2</p>"}
            for last in ("", "other-1", f"{newest}9", "nonsense"):
                behind = stream.watch(last)
                await anext(behind)
                _, parts = _told(await anext(behind))
                assert set(parts) == {"stages", "failures"}

    _run(scenario)


def test_stream_says_that_it_lives_when_nothing_changes() -> None:
    """Every quarter of a minute a comment keeps the connection open."""

    async def scenario() -> None:
        site = _Site()
        async with site.working() as stream:
            watching = stream.watch((await stream.frame()).id)
            began = site.clock.monotonic()
            assert [await anext(watching) for _ in range(3)] == [
                b"retry: 2000\n\n",
                b": alive\n\n",
                b": alive\n\n",
            ]
            assert 29 <= site.clock.monotonic() - began <= 33

    _run(scenario)


def test_nobody_looks_while_nobody_watches() -> None:
    """An idle server costs nothing."""

    async def scenario() -> None:
        site = _Site()
        async with site.working() as stream:
            await site.clock.sleep(100)
            assert stream.looks == 0
            await stream.frame()
            await site.clock.sleep(100)
            assert stream.looks <= 2

    _run(scenario)


def test_slow_looks_come_seldom() -> None:
    """A look that takes long is followed by fifty times as much rest."""

    async def scenario() -> None:
        site = _Site(seconds=0.1)
        async with site.working() as stream:
            watching = stream.watch()
            await anext(watching)
            await anext(watching)
            await site.clock.sleep(51)
            assert 9 <= stream.looks <= 12

    _run(scenario)


def test_frame_is_never_older_than_what_was_done() -> None:
    """After a form was sent the page shows what came of it."""

    async def scenario() -> None:
        site = _Site()
        async with site.working() as stream:
            await stream.frame()
            looks = stream.looks
            assert (await stream.frame()).look.fragments["stages"] == "<p>1</p>"
            assert stream.looks == looks  # just looked at
            site.parts["stages"] = "<p>2</p>"
            stream.look_soon()
            assert (await stream.frame()).look.fragments["stages"] == "<p>2</p>"

    _run(scenario)


def test_close_sends_everybody_home() -> None:
    """Open streams do not hold up a server that ends."""

    async def scenario() -> None:
        site = _Site()
        async with site.working() as stream:
            watching = stream.watch()
            await anext(watching)
            await anext(watching)
            await stream.close()
            assert [event async for event in watching] == []
            assert (await stream.frame()).number >= 1

    _run(scenario)
