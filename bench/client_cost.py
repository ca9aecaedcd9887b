"""Processor time of one model call in the client, beside bare aiohttp's.

``python -m bench.client_cost [--calls N] [--width W] [--tokens T] [--lump L]``
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import aiohttp

from subak.engine.clock import SystemClock
from subak.llm.model import Message, NoProgress, Prompt
from subak.llm.open import open_endpoint

Call = Callable[[int], Awaitable[None]]
_WORDS = "Name the standard rate of value added tax of the country in the text. "


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of the server, and how it answers.

    Args:
        calls: Calls in all.
        width: Calls at once.
        tokens: Token events of an answer.
        lump: Token events that come in one piece over the network.
        answer_s: From the request to the end of the answer.
    """

    calls: int = 1000
    width: int = 64
    tokens: int = 2
    lump: int = 64
    answer_s: float = 0.2


class _Served(asyncio.Protocol):
    """One connection of a server that knows just enough HTTP."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._rest = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        head, found, body = self._rest.partition(b"\r\n\r\n")
        if not found:
            return
        size = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(body) < int(size or 0):
            return
        self._rest = b""
        pieces = _answer(head.split(b" ", 2)[1], body, self._load)
        self._send(pieces, self._load.answer_s / len(pieces))

    def _send(self, pieces: list[bytes], apart_s: float) -> None:
        loop = asyncio.get_running_loop()
        for number, piece in enumerate(pieces, 1):
            loop.call_later(number * apart_s, self._transport.write, piece)


def _answer(path: bytes, body: bytes, load: Load) -> list[bytes]:
    streams = b'"stream":true' in body.replace(b" ", b"")
    if not streams:
        return [_whole(b'{"message":{"content":"nineteen percent"}}')]
    is_openai = b"completions" in path
    lines = _events(load.tokens) if is_openai else _lines(load.tokens)
    kind = b"text/event-stream" if is_openai else b"application/x-ndjson"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: " + kind
    head += b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = [
        _chunks(lines[at : at + load.lump]) for at in range(0, len(lines), load.lump)
    ]
    return [head + pieces[0], *pieces[1:], _END]


_END = b"0\r\n\r\n"


def _whole(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d"
    return head % len(body) + b"\r\n\r\n" + body


def _chunks(lines: list[bytes]) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(line), line) for line in lines)


def _events(tokens: int) -> list[bytes]:
    deltas: list[object] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": f" nineteen{n}"} for n in range(tokens)]
    choices = [
        [{"index": 0, "delta": delta, "finish_reason": None}] for delta in deltas
    ]
    choices.append([{"index": 0, "delta": {}, "finish_reason": "stop"}])
    usage = {"prompt_tokens": 20, "completion_tokens": tokens, "total_tokens": 30}
    events: list[dict[str, object]] = [{"choices": choice} for choice in choices]
    events.append({"choices": [], "usage": usage})
    common = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_800_000_000,
        "model": "fake",
    }
    data = [json.dumps(common | event).encode() for event in events]
    return [b"data: %s\n\n" % event for event in [*data, b"[DONE]"]]


def _lines(tokens: int) -> list[bytes]:
    common = {"model": "fake", "created_at": "2026-01-01T00:00:00Z"}
    said = [f" nineteen{n}" for n in range(tokens)]
    values: list[dict[str, object]] = [
        {"message": {"role": "assistant", "content": text}, "done": False}
        for text in said
    ]
    counts = {"prompt_eval_count": 20, "eval_count": tokens, "total_duration": 9}
    values.append(
        {"message": {"content": ""}, "done": True, "done_reason": "stop"} | counts
    )
    return [json.dumps(common | value).encode() + b"\n" for value in values]


async def _serve(load: Load) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Served(load), "127.0.0.1", 0, backlog=4096
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def _server(load: Load) -> Iterator[str]:
    """Run the server in a process of its own, so that its time is not counted."""
    words = [f"--{name}={getattr(load, name)}" for name in ("tokens", "lump")]
    words.append(f"--answer-s={load.answer_s}")
    command = [sys.executable, "-m", "bench.client_cost", "--serve", *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


async def _cost(call: Call, load: Load) -> tuple[float, float]:
    """Return processor and wall seconds of all calls, ``width`` at a time."""
    numbers = iter(range(load.calls))

    async def one_after_another() -> None:
        for number in numbers:
            await call(number)

    for number in range(8):
        await call(-1 - number)
    gc.collect()
    started, used = time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(load.width):
            group.create_task(one_after_another())
    return time.process_time() - used, time.perf_counter() - started


async def _bare(url: str, load: Load, *, stream: bool) -> tuple[float, float]:
    path = f"{url}/v1/chat/completions" if stream else f"{url}/chat"
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
    ) as session:

        async def call(number: int) -> None:
            turn = {"role": "user", "content": f"{_WORDS}{number}"}
            body = {"model": "fake", "stream": stream, "messages": [turn]}
            async with session.post(path, data=json.dumps(body).encode()) as response:
                if stream:
                    async for _ in response.content.iter_any():
                        pass
                else:
                    await response.read()

        return await _cost(call, load)


async def _endpoint(spec: str, load: Load) -> tuple[float, float]:
    endpoint = open_endpoint(spec, clock=SystemClock())

    async def call(number: int) -> None:
        prompt = Prompt((Message("user", f"{_WORDS}{number}"),))
        completion = await endpoint.complete(prompt, NoProgress())
        assert completion.text.strip()

    try:
        return await _cost(call, load)
    finally:
        await endpoint.close()


async def measure(load: Load) -> dict[str, tuple[float, float]]:
    """Return processor and wall seconds of each way to make the same calls."""
    found: dict[str, tuple[float, float]] = {}
    with _server(load) as url:
        found["aiohttp, plain POST"] = await _bare(url, load, stream=False)
        found["aiohttp, stream read"] = await _bare(url, load, stream=True)
        for name, provider in (
            ("subak openai", "openai"),
            ("subak ollama", "ollama"),
            ("subak gateway", "gateway"),
        ):
            found[name] = await _endpoint(f"{provider}:fake@{url}", load)
    return found


def _print(found: dict[str, tuple[float, float]], load: Load) -> None:
    floor = found["aiohttp, plain POST"][0]
    print(
        f"{load.calls} calls of {load.answer_s * 1e3:.0f} ms, {load.width} at once, "
        f"{load.tokens} token events in lumps of {load.lump}"
    )
    print(f"{'':24}{'CPU s':>8}{'us/call':>9}{'over':>8}{'wall s':>8}")
    for name, (used, took) in found.items():
        each = used / load.calls * 1e6
        over = (used - floor) / load.calls * 1e6
        print(f"{name:24}{used:8.3f}{each:9.0f}{over:+8.0f}{took:8.2f}")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    standard = Load()
    for name in Load.__slots__:
        given = getattr(standard, name)
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=type(given), default=given)
    words = vars(parser.parse_args())
    serves = words.pop("serve")
    load = Load(**words)
    if serves:
        asyncio.run(_serve(load))
    else:
        _print(asyncio.run(measure(load)), load)


if __name__ == "__main__":
    main()
