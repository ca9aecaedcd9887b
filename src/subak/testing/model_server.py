"""FakeModelServer: a real loopback server with the faces of three model servers.

It speaks OpenAI (as llama.cpp does), Ollama and the /chat gateway, fails on request,
and counts what reached it, so that a test sees duplicates where they cost money.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType

from aiohttp import web

from subak.llm.echo import echo
from subak.llm.json_value import count_at
from subak.llm.model import Message, Prompt
from subak.llm.tokens import CHARS_PER_TOKEN, estimate_prompt
from subak.testing.model_faces import Face, GatewayFace, OllamaFace, OpenAIFace
from subak.testing.model_faults import FaultPlan, ModelFault
from subak.testing.model_gate import ModelGate
from subak.testing.model_listing import listing_routes
from subak.testing.model_settings import FakeSettings as FakeSettings

Answerer = Callable[[Sequence[Message], str | None], str]
_UNLIMITED = 1 << 20
_NO_FAULTS = FaultPlan()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it reached the server.

    Args:
        key: Hash of everything that decides the answer.
        path: Which face was asked.
        model: The model asked for.
        messages: The turns.
        schema: JSON text of the schema, or None.
        max_tokens: Upper bound of the answer.
        seed: Sampling seed, 0 where the face has none.
        fault: What the plan made of it.
        body: The whole request.
    """

    key: str
    path: str
    model: str
    messages: tuple[Message, ...]
    schema: str | None
    max_tokens: int
    seed: int
    fault: ModelFault = "none"
    body: dict[str, object] = field(default_factory=dict, compare=False)


class FakeModelServer:
    """Use as an async context manager; ``url`` is its base URL.

    ``stop`` and ``start`` take it away and bring it back on the same port.

    Args:
        answer: Messages and schema -> text; default: what echo would say.
        faults: Which requests fail.
        settings: How it behaves.
    """

    def __init__(
        self,
        answer: Answerer | None = None,
        faults: FaultPlan = _NO_FAULTS,
        settings: FakeSettings | None = None,
    ) -> None:
        self.settings = settings or FakeSettings()
        self.faults = faults
        self.url = ""
        self.asked: list[Asked] = []
        self.answered: Counter[str] = Counter()
        self.in_flight = 0
        self.peak = 0
        self.refused = 0
        self._inside = 0
        self._attempts: Counter[str] = Counter()
        self._answer = answer or _echo
        self._slots = asyncio.Semaphore(self.settings.slots or _UNLIMITED)
        chosen = self.settings
        self._gate = ModelGate(chosen.per_minute, chosen.burst, chosen.max_in_flight)
        self._over = asyncio.Event()
        self._port = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> FakeModelServer:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._over = asyncio.Event()
        # Like real servers it stops working for a client that has gone.
        self._runner = web.AppRunner(
            self._app(), shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        host, self._port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{self._port}"

    async def stop(self) -> None:
        """Stop listening; what is under way is cut off."""
        self._over.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def duplicates(self) -> dict[str, int]:
        """Return the requests that were answered more than once, and how often."""
        return {key: count for key, count in self.answered.items() if count > 1}

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=64 << 20)
        app.add_routes(
            [
                web.post("/v1/chat/completions", self._openai),
                web.post("/api/chat", self._ollama),
                web.post("/chat", self._gateway),
                *listing_routes(self.settings),
            ]
        )
        return app

    async def _openai(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        form = body.get("response_format") or {}
        schema = form.get("json_schema", {}).get("schema")
        asked = _asked(request, body, schema, body.get("max_tokens", _UNLIMITED))
        if self.settings.refuses_schema and schema is not None:
            return _refusal(400, "unsupported", param="response_format")
        tokens = estimate_prompt(asked.messages)
        if tokens > self.settings.context_tokens:
            if not self.settings.cuts_silently:
                return self._overflow(tokens)
            tokens = self.settings.context_tokens
        return await self._reply(request, asked, OpenAIFace(asked.model, tokens))

    async def _ollama(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        options = body.get("options", {})
        asked = _asked(
            request, body, body.get("format"), options.get("num_predict", _UNLIMITED)
        )
        tokens = min(estimate_prompt(asked.messages), self.settings.context_tokens)
        return await self._reply(request, asked, OllamaFace(asked.model, tokens))

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        asked = _asked(request, await request.json(), None, _UNLIMITED)
        return await self._reply(request, asked, GatewayFace())

    async def _reply(
        self, request: web.Request, asked: Asked, face: Face
    ) -> web.StreamResponse:
        if not self._gate.takes(self._inside):
            self.refused += 1
            return self._busy(self.settings.busy_status)
        attempt = self._attempts[asked.key]
        self._attempts[asked.key] += 1
        fault = self.faults.draw(asked.key, attempt, len(self.asked))
        self.asked.append(replace(asked, fault=fault))
        refusal = self._refusal(request, asked, fault)
        if refusal is not None:
            return refusal
        self._inside += 1
        try:
            async with self._slots:
                return await self._work(request, asked, face, fault)
        finally:
            self._inside -= 1

    async def _work(
        self, request: web.Request, asked: Asked, face: Face, fault: ModelFault
    ) -> web.StreamResponse:
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            return await self._stream(request, asked, face, fault)
        finally:
            self.in_flight -= 1

    def _refusal(
        self, request: web.Request, asked: Asked, fault: ModelFault
    ) -> web.Response | None:
        key = self.settings.api_key
        if key and request.headers.get("Authorization") != f"Bearer {key}":
            return _refusal(401, "Invalid API Key")
        if asked.model not in self.settings.models:
            return _refusal(404, f"model '{asked.model}' not found")
        return self._busy(429) if fault == "busy" else _instead(fault)

    def _busy(self, status: int) -> web.Response:
        response = _refusal(status, "too many requests")
        response.headers.update(self.faults.busy_headers)
        if self.faults.retry_after:
            response.headers["Retry-After"] = self.faults.retry_after
        return response

    async def _stream(
        self, request: web.Request, asked: Asked, face: Face, fault: ModelFault
    ) -> web.StreamResponse:
        if fault == "reset":
            return _drop(request)
        pieces, finish = self._pieces(asked, fault)
        headers = {"Content-Type": face.content_type, **self.settings.headers}
        response = web.StreamResponse(headers=headers)
        # Whoever asked may be gone by now, as early as before the headers.
        with contextlib.suppress(ConnectionError):
            await response.prepare(request)
            if fault == "hang":
                await self._over.wait()
            await response.write(_opening(face, fault))
            half = len(pieces) // 2
            for number, piece in enumerate(pieces):
                if fault == "cut" and number >= half:
                    return _drop(request)
                if fault == "stall" and number >= half:
                    await self._over.wait()
                await asyncio.sleep(self.settings.token_s)
                await response.write(face.piece(piece))
            if fault != "unfinished":
                await response.write(face.end("".join(pieces), finish))
            await response.write_eof()
            if fault == "none":
                self.answered[asked.key] += 1
        return response

    def _pieces(self, asked: Asked, fault: ModelFault) -> tuple[list[str], str]:
        if fault == "empty":
            return [], "stop"
        text = self._answer(asked.messages, asked.schema)
        if fault == "loop":
            text = "and so on " * 400
        cut = text[: asked.max_tokens * CHARS_PER_TOKEN]
        pieces = [
            cut[at : at + CHARS_PER_TOKEN] for at in range(0, len(cut), CHARS_PER_TOKEN)
        ]
        return pieces, "stop" if cut == text else "length"

    def _overflow(self, tokens: int) -> web.Response:
        error = {
            "code": 400,
            "type": "exceed_context_size_error",
            "message": "the request exceeds the available size",
            "n_prompt_tokens": tokens,
            "n_ctx": self.settings.context_tokens,
        }
        return web.json_response({"error": error}, status=400)


def _asked(
    request: web.Request, body: dict[str, object], schema: object, max_tokens: int
) -> Asked:
    turns = body.get("messages")
    messages = tuple(
        Message(turn["role"], turn["content"])
        for turn in (turns if isinstance(turns, list) else [])
    )
    options = body.get("options")
    holder = options if isinstance(options, dict) else body
    seed = count_at(holder, "seed") or 0
    text = None if schema is None else json.dumps(schema, sort_keys=True)
    decides = [body.get("model"), turns, text, max_tokens, seed]
    key = hashlib.blake2b(json.dumps(decides).encode(), digest_size=16).hexdigest()
    return Asked(
        key,
        request.path,
        str(body.get("model")),
        messages,
        text,
        max_tokens,
        seed,
        body=body,
    )


def _instead(fault: ModelFault) -> web.Response | None:
    """Return what some faults send instead of an answer."""
    if fault == "failed":
        return _refusal(500, "internal error")
    if fault == "html":
        return web.Response(text="<h1>Welcome</h1>", content_type="text/html")
    if fault == "error":
        return web.json_response({"error": {"message": "out of memory"}})
    if fault == "gzip":
        return web.Response(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    if fault == "redirect":
        return web.Response(status=302, headers={"Location": "http://elsewhere/"})
    return None


def _refusal(status: int, message: str, **more: str) -> web.Response:
    return web.json_response({"error": {"message": message, **more}}, status=status)


def _opening(face: Face, fault: ModelFault) -> bytes:
    """Return what comes before the first token."""
    if fault == "malformed":
        return face.malformed
    return face.foreign if fault == "foreign" else face.begin()


def _drop(request: web.Request) -> web.Response:
    """Cut the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _echo(messages: Sequence[Message], schema: str | None) -> str:
    return echo(Prompt(tuple(messages), schema=schema))
