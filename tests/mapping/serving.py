"""A model server that lives in a thread, outside of any map's loop, and its rows."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from subak.llm.model import Message
from subak.mapping.map_request import MapRequest
from subak.mapping.map_result import MapResult
from subak.mapping.run_map import run_map
from subak.testing.model_server import FakeModelServer


@contextmanager
def served(server: FakeModelServer) -> Iterator[str]:
    """Serve a model while the block runs; gives the spec to name it by."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(20)
        yield spec(server)
    finally:
        leaving = server.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(leaving, loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def spec(server: FakeModelServer) -> str:
    """Return the spec of a fake server's OpenAI face."""
    return f"openai:fake@{server.url}/v1"


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    """Write rows as JSON Lines."""
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    return path


def read_rows(path: Path) -> list[dict[str, object]]:
    """Read JSON Lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def answer(messages: Sequence[Message], _schema: str | None) -> str:
    """Answer by what was asked last."""
    return f"answer to {messages[-1].content}"


def numbered(count: int) -> list[dict[str, object]]:
    """Return rows r0, r1 ..."""
    return [{"id": f"r{n}", "text": f"text {n}"} for n in range(count)]


def request_for(folder: Path, server: FakeModelServer, count: int = 30) -> MapRequest:
    """Return a request over so many rows, which it writes."""
    return MapRequest(
        rows=write_rows(folder / "rows.jsonl", numbered(count)),
        prompt="Say {text}",
        model=spec(server),
        out=folder / "out.jsonl",
        folder=folder,
    )


def run_maps(server: FakeModelServer, *requests: MapRequest) -> list[MapResult]:
    """Serve the model and run the maps one after the other."""

    async def scenario() -> list[MapResult]:
        async with server:
            model = spec(server)
            return [await run_map(replace(each, model=model)) for each in requests]

    return asyncio.run(scenario())
