"""CPU work outside the event loop, across one narrow seam: named functions on bytes.

The functions are pure and the seam is at-least-once: who calls keeps the first
result. Inline for tests, processes on this machine; other machines later.
"""

from __future__ import annotations

import asyncio
import difflib
import multiprocessing
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Protocol, TypeAlias

from subak.engine.limiter import FixedLimiter
from subak.engine.worker import HEADER, answer, decode_answer, encode_call, serve
from subak.errors import Terminal, UnusableContent, UserError

_DEADLINE_S = 300.0
_START_S = 60.0
_END_S = 5.0
_CALLS_PER_WORKER = 1_000
_TRIES = 2

Payload: TypeAlias = bytes | Callable[[], bytes]
"""What a function receives, or what makes it once a worker is free: hundreds of pages
that wait for one are then in memory once, not twice."""


class Executor(Protocol):
    """Where CPU work is done."""

    async def submit(self, name: str, key: str, payload: Payload) -> bytes:
        """Return what the function of that name makes of the bytes.

        Args:
            name: One of the names the executor was made with.
            key: Says on whose behalf, for error messages.
            payload: What the function receives.
        """
        ...

    async def close(self) -> None:
        """End whatever is still working."""
        ...


class InlineExecutor:
    """Do the work on the spot; the event loop waits."""

    def __init__(self, functions: Mapping[str, str]) -> None:
        self._functions = _checked(functions)

    async def submit(self, name: str, key: str, payload: Payload) -> bytes:
        """Return what the function of that name makes of the bytes."""
        target = _get_target(self._functions, name)
        return decode_answer(*answer(target, _made(payload)), _where(name, key))

    async def close(self) -> None:
        """Do nothing: nothing is kept running."""


class ProcessExecutor:
    """Do the work in processes of this machine, niced below everything else.

    Guarantees: a worker that dies costs one more try of the one payload it held, and
    a payload that ends two workers is given up; a call ends within the deadline;
    workers end with this process, however it ends.
    Assumes: one event loop. A call waits for a free worker without a deadline of its
    own, because each call before it has one.

    Args:
        functions: Name -> "subak.module:function", bytes to bytes.
        workers: How many processes; as many as there are processors if None.
        deadline_s: What a call may take before its worker is ended.
        calls_per_worker: After so many a worker is replaced (parsers leak).
    """

    def __init__(
        self,
        functions: Mapping[str, str],
        workers: int | None = None,
        *,
        deadline_s: float = _DEADLINE_S,
        calls_per_worker: int = _CALLS_PER_WORKER,
    ) -> None:
        self._functions = _checked(functions)
        self._deadline_s = deadline_s
        self._calls_per_worker = calls_per_worker
        # By priority: what a later stage waits for goes before hundreds of listings.
        self._free = FixedLimiter("workers", workers or _processors())
        self._starting = asyncio.Lock()
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._is_closed = False

    async def submit(self, name: str, key: str, payload: Payload) -> bytes:
        """Return what the function of that name makes of the bytes.

        Raises:
            UnusableContent: The payload ended its worker twice or took too long.
            Terminal: The function raised something that is not one of subak's errors.
        """
        target = _get_target(self._functions, name)
        where = _where(name, key)
        async with self._free.slot():
            contents = _made(payload)
            for _ in range(_TRIES):
                reply = await self._try(target, contents, where)
                if reply is not None:
                    return decode_answer(*reply, where)
        raise UnusableContent(
            "reading this content ended its worker process twice",
            where=where,
            hint="leave this item out, or look at it: it may be damaged or hostile",
        )

    async def close(self) -> None:
        """End all workers, also those at work; later calls are refused."""
        self._is_closed = True
        self._idle.clear()
        async with self._starting:
            workers = list(self._workers)
            for worker in workers:
                self._end(worker)
            for worker in workers:
                await asyncio.to_thread(worker.process.join, _END_S)

    async def _try(
        self, target: str, payload: bytes, where: str
    ) -> tuple[bytes, bytes] | None:
        """Return the worker's reply, or None when it died."""
        worker = await self._take_worker()
        is_reusable = False
        try:
            async with asyncio.timeout(self._deadline_s):
                reply = await worker.call(target, payload)
            is_reusable = worker.calls < self._calls_per_worker
        except TimeoutError as error:
            raise UnusableContent(
                f"reading this content took more than {self._deadline_s:g} s",
                where=where,
                hint="leave this item out, or look at it: it may be hostile",
            ) from error
        except (asyncio.IncompleteReadError, ConnectionError):
            if self._is_closed:
                raise _closed() from None
            return None
        finally:
            if is_reusable and not self._is_closed:
                self._idle.append(worker)
            else:
                self._end(worker)
        return reply

    async def _take_worker(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive():
                return worker
            self._end(worker)
        async with self._starting:
            if self._is_closed:
                raise _closed()
            worker = await _start(sorted(_modules(self._functions)))
            self._workers.add(worker)
        return worker

    def _end(self, worker: _Worker) -> None:
        self._workers.discard(worker)
        worker.end()


class _Worker:
    """One process and the socket to it."""

    def __init__(
        self,
        process: ForkServerProcess,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.process = process
        self.calls = 0
        self._reader = reader
        self._writer = writer

    async def call(self, target: str, payload: bytes) -> tuple[bytes, bytes]:
        """Send the call and return kind and contents of the answer."""
        self.calls += 1
        self._writer.write(encode_call(target, payload))
        await self._writer.drain()
        return await self.receive()

    async def receive(self) -> tuple[bytes, bytes]:
        """Return the next frame."""
        kind, size = HEADER.unpack(await self._reader.readexactly(HEADER.size))
        return kind, await self._reader.readexactly(size)

    def is_alive(self) -> bool:
        """Tell whether it can take a call, as far as is known."""
        return not self._reader.at_eof()

    def end(self) -> None:
        """End the process now; again does nothing."""
        if self.process.is_alive():
            self.process.kill()
        self._writer.close()


async def _start(modules: list[str]) -> _Worker:
    """Start a worker; the first start also starts the server it is forked from."""
    loop = asyncio.get_running_loop()
    launch = loop.run_in_executor(None, _launch, modules)
    try:
        process, ours = await asyncio.shield(launch)
    except asyncio.CancelledError:
        launch.add_done_callback(_discard)
        raise
    worker = _Worker(process, *await asyncio.open_unix_connection(sock=ours))
    try:
        async with asyncio.timeout(_START_S):
            await worker.receive()
    except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as error:
        worker.end()
        raise UserError(
            "worker processes cannot start",
            hint='a script must call subak under `if __name__ == "__main__":`',
        ) from error
    except asyncio.CancelledError:
        worker.end()
        raise
    return worker


def _launch(modules: list[str]) -> tuple[ForkServerProcess, socket.socket]:
    context: ForkServerContext = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["subak.engine.worker", *modules])
    ours, theirs = socket.socketpair()
    process = context.Process(
        target=serve, args=(theirs,), name="subak-worker", daemon=True
    )
    with theirs:
        process.start()
    return process, ours


def _discard(
    launch: asyncio.Future[tuple[ForkServerProcess, socket.socket]],
) -> None:
    """Let go of a worker nobody waits for any more; it ends when its socket does."""
    with suppress(OSError, EOFError):
        launch.result()[1].close()


def _made(payload: Payload) -> bytes:
    return payload if isinstance(payload, bytes) else payload()


def _checked(functions: Mapping[str, str]) -> dict[str, str]:
    for name, target in functions.items():
        module, colon, function = target.partition(":")
        if not (module.startswith("subak.") and colon and function.isidentifier()):
            raise UserError(
                f"{target!r} cannot be run by a worker",
                where=name,
                hint='write it as "subak.module:function"',
            )
    return dict(functions)


def _get_target(functions: Mapping[str, str], name: str) -> str:
    if name in functions:
        return functions[name]
    near = difflib.get_close_matches(name, functions, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {sorted(functions)}"
    raise UserError("no function of this name for workers", where=name, hint=hint)


def _modules(functions: Mapping[str, str]) -> set[str]:
    return {target.partition(":")[0] for target in functions.values()}


def _where(name: str, key: str) -> str:
    return f"{name} {key}"


def _closed() -> Terminal:
    return Terminal(
        "the workers were stopped",
        hint="run the same command again: finished work is kept",
    )


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
