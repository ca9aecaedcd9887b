"""Stand: the server's state, its routes, and its stops and starts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict

import msgspec

from bench.server.admission import Admission
from bench.server.connection import Connection, Incoming
from bench.server.engine import Engine
from bench.server.exchange import Exchange
from bench.server.faces import MODEL
from bench.server.faults import Faults
from bench.server.request import ChatRequest, Dialect
from bench.server.settings import Settings
from bench.server.statistics import Statistics

_BACKLOG = 4096
_DIALECTS: Mapping[str, Dialect] = {
    "/v1/chat/completions": "openai",
    "/chat/completions": "openai",
    "/api/chat": "ollama",
    "/chat": "gateway",
}


class Stand:
    """A model server that can be steered while it runs.

    ``POST /bench/settings`` begins anew with other settings, ``/bench/change`` turns
    some of them in mid-run, ``/bench/restart`` goes away for some seconds;
    ``GET /bench/counts``, ``/bench/items`` and ``/bench/sent`` tell what came.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, settings: Settings) -> None:
        self.loop = loop
        self.connections: set[Connection] = set()
        self.port = 0
        self._server: asyncio.Server | None = None
        self.configure(settings)

    def configure(self, settings: Settings) -> None:
        """Begin anew: nothing counted, nothing cached, every attempt the first."""
        self.settings = settings
        self.statistics = Statistics(self.loop.time)
        self.statistics.connections = len(self.connections)
        self.faults = Faults(settings)
        self.admission = Admission(settings, self.loop.time)
        self.engine = Engine(settings, self.loop)

    async def listen(self, port: int = 0) -> None:
        """Open the port; the same one after a restart."""
        self._server = await self.loop.create_server(
            lambda: Connection(self), "127.0.0.1", port, backlog=_BACKLOG
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Close the port and all connections."""
        for connection in list(self.connections):
            connection.abort()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def serve(self, connection: Connection, incoming: Incoming) -> None:
        """Answer one request."""
        dialect = _DIALECTS.get(incoming.path)
        if dialect is None:
            status, body = self._route(incoming)
            connection.reply(status, body)
            return
        try:
            request = msgspec.json.decode(incoming.body, type=ChatRequest)
        except msgspec.MsgspecError as error:
            connection.reply(400, json.dumps({"error": str(error)}).encode())
            return
        connection.begin(Exchange(self, connection, request, dialect))

    def _route(self, incoming: Incoming) -> tuple[int, bytes]:
        steering = self._steering(incoming)
        if steering is not None:
            return 200, json.dumps(steering).encode()
        told = self._about(incoming.path)
        if told is None:
            return 404, b'{"error":{"message":"no such address"}}'
        return 200, json.dumps(told).encode()

    def _steering(self, incoming: Incoming) -> object | None:
        routes: dict[str, Callable[[bytes], object]] = {
            "/bench/settings": self._begin_anew,
            "/bench/change": self._change,
            "/bench/restart": self._restart,
            "/bench/counts": lambda _: asdict(self.statistics.counts()),
            "/bench/items": lambda _: dict(self.statistics.calls_by_item),
            "/bench/sent": lambda _: self.statistics.sent_whole(),
        }
        act = routes.get(incoming.path)
        return None if act is None else act(incoming.body)

    def _begin_anew(self, body: bytes) -> object:
        self.configure(msgspec.json.decode(body, type=Settings))
        return {}

    def _change(self, body: bytes) -> object:
        """Turn settings; what runs goes on, what comes next meets the new ones."""
        self.settings = msgspec.json.decode(body, type=Settings)
        self.engine.turn(self.settings)
        return {}

    def _restart(self, body: bytes) -> object:
        """Go away now, for the seconds the body says."""
        self.loop.call_soon(self._go, float(body))
        return {}

    def _go(self, down_s: float) -> None:
        if self._server is not None:
            self._server.close()
        self.statistics.break_off()
        for connection in list(self.connections):
            connection.abort()
        self.loop.call_later(down_s, self._come_back)

    def _come_back(self) -> None:
        # Kept by the loop until it ends; a port that is taken ends the process.
        self._returning = self.loop.create_task(self.listen(self.port))

    def _about(self, path: str) -> object | None:
        slots = self.settings.publishes_slots
        owner = "llamacpp" if slots else "stand-in"
        listed = [{"id": MODEL, "object": "model", "owned_by": owner}]
        if path == "/props":
            context = {"n_ctx": 32_768}
            return (
                {
                    "total_slots": slots,
                    "default_generation_settings": context,
                }
                if slots
                else None
            )
        return {
            "/health": {"status": "ok"},
            "/v1/models": {"object": "list", "data": listed},
            "/models": {"object": "list", "data": listed},
            "/api/tags": {"models": [{"name": MODEL}]},
            "/api/ps": {"models": [{"name": MODEL}]},
            "/api/version": {"version": "0.0.0-stand-in"},
        }.get(path)
