"""EmbeddedEndpoint: llama.cpp in a child process, started by the first call."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from subak.engine.clock import Clock
from subak.errors import MissingExtra, TimedOut, Unreachable, UserError
from subak.llm.embedded_server import ServerSettings
from subak.llm.http import HttpClient
from subak.llm.json_value import text_at
from subak.llm.key import ApiKey
from subak.llm.machine import Machine, this_machine
from subak.llm.model import Completion, EndpointInfo, ModelId, Progress, Prompt
from subak.llm.openai import OpenAIEndpoint
from subak.llm.options import Deadlines, EndpointOptions
from subak.llm.weights import (
    KNOWN,
    Weights,
    find_file,
    find_parts,
    known_weights,
    sha256_of,
)

# Long, because on two cores a full prompt takes minutes and the child's end is seen.
_DEADLINES = Deadlines(first_byte_s=900.0, between_s=300.0, total_s=1800.0)
_CONTEXT_TOKENS = 4096
_STATE_WITHIN_S = 180.0
_END_WITHIN_S = 5.0
_WORKING_BYTES = 400 << 20
_UNKNOWN_CACHE_BYTES = 48 << 10
_TAIL_BYTES = 2_000


class EmbeddedEndpoint:
    """A model of this package's own, on this machine's processors.

    Guarantees:
        Nothing is loaded before the first ``complete``. The child ends with this
        process, however that ends. Only this process can use the child's port.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        options: EndpointOptions,
        machine: Machine | None = None,
    ) -> None:
        self._name = name
        self._clock = clock
        self._deadlines = options.deadlines or _DEADLINES
        self._machine = machine or this_machine()
        # Measured, 0.5B on 2 cores: 11.6 tokens/s with 1 slot, 12.8 with 2,
        # 13.3 with 4, prompts of 640 tokens included.
        self._slots = options.slots or self._machine.slots
        self._context = options.context_tokens or _CONTEXT_TOKENS
        if find_file(name) is None:
            known_weights(name)
        self._model_id: ModelId | None = None
        self._starting = asyncio.Lock()
        self._child: _Child | None = None

    @property
    def model_id(self) -> ModelId:
        """Identify the model by its name and hash; known without starting it."""
        if self._model_id is None:
            self._model_id = _identify(self._name)
        return self._model_id

    @property
    def url(self) -> str:
        """Tell where chat requests go; "" before the start."""
        return self._child.endpoint.url if self._child else ""

    @property
    def is_streaming(self) -> bool:
        """Tell whether tokens are told of while they are generated."""
        return True

    async def probe(self) -> EndpointInfo:
        """Tell what the model will be; does not start it.

        Raises:
            MissingExtra: llama.cpp is not installed.
            UserError: There is not enough memory.
        """
        self._check_possible()
        state = "running" if self._child and self._child.is_alive else "not started"
        return EndpointInfo(
            url=self.url,
            model=self._name,
            available=tuple(KNOWN),
            slots=self._slots,
            context_tokens=self._context,
            server=f"llama.cpp, embedded, {_whereabouts(self._name)} ({state})",
        )

    async def complete(self, prompt: Prompt, progress: Progress) -> Completion:
        """Answer one prompt; the first one waits until the model is loaded.

        Raises:
            Retryable: The child died or was too slow; the next call starts it anew.
            Terminal: The same prompt would fail again.
            UserError: The model cannot be started.
        """
        child = await self._running()
        return await child.endpoint.complete(prompt, progress)

    async def close(self) -> None:
        """End the child process."""
        async with self._starting:
            child, self._child = self._child, None
            if child is not None:
                await child.end()

    async def _running(self) -> _Child:
        async with self._starting:
            if self._child is not None and not self._child.is_alive:
                dead, self._child = self._child, None
                await dead.end()
            if self._child is None:
                self._check_possible()
                self._child = await self._start()
            return self._child

    async def _start(self) -> _Child:
        key = ApiKey(secrets.token_urlsafe(24), "the embedded model")
        settings = ServerSettings(
            name=self._name,
            key=key.value,
            slots=self._slots,
            context_tokens=self._context,
            threads=self._machine.threads,
            prompt_cache_mb=_prompt_cache_mb(self._machine),
            parent=os.getpid(),
        )
        child = await _Child.spawn(settings)
        url = ""
        try:
            url = await child.wait_ready()
        finally:
            if not url:
                await child.end()
        http = HttpClient(url, clock=self._clock, key=key, deadlines=self._deadlines)
        child.endpoint = OpenAIEndpoint(
            http, self._name, self._clock, model_id=self.model_id
        )
        return child

    def _check_possible(self) -> None:
        if importlib.util.find_spec("xllamacpp") is None:
            raise MissingExtra("embedded", "the embedded model")
        free = self._machine.memory_bytes
        needed = _needed_bytes(self._name, self._context * self._slots)
        if free is None or needed <= free:
            return
        raise UserError(
            f"{self._name} needs about {needed / 1e9:.1f} GB of memory, "
            f"{free / 1e9:.1f} GB are free",
            where=f"embedded:{self._name}",
            hint=_smaller(needed),
        )


class _Child:
    """The process of one llama.cpp server."""

    def __init__(self, process: asyncio.subprocess.Process, errors: IO[bytes]) -> None:
        self._process = process
        self._errors = errors
        self.endpoint: OpenAIEndpoint

    @classmethod
    async def spawn(cls, settings: ServerSettings) -> _Child:
        """Start the process; its settings go through stdin, where nobody sees them."""
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "subak.llm.embedded_server",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        child = cls(process, errors)
        if process.stdin is not None:
            process.stdin.write(settings.to_line())
        return child

    @property
    def is_alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.returncode is None

    async def wait_ready(self) -> str:
        """Wait until the model is loaded; return the server's URL.

        Raises:
            UserError: It cannot be loaded.
            TimedOut: It told nothing for too long.
        """
        while True:
            state = await self._next_state()
            if state.get("state") == "ready":
                return text_at(state, "url")
            if state.get("state") == "failed":
                raise _failure(state)

    async def end(self) -> None:
        """Close stdin, which ends the process; kill it if that does not."""
        if hasattr(self, "endpoint"):
            await self.endpoint.close()
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(_END_WITHIN_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        finally:
            self._errors.close()

    async def _next_state(self) -> Mapping[str, object]:
        stdout = self._process.stdout
        try:
            async with asyncio.timeout(_STATE_WITHIN_S):
                line = await stdout.readline() if stdout else b""
        except TimeoutError as error:
            raise TimedOut(
                f"the embedded model was not ready in {_STATE_WITHIN_S:.0f} s",
                hint="use a smaller model: embedded:qwen2.5-coder-0.5b",
            ) from error
        if not line:
            raise UserError(
                f"the embedded model ended while it was loaded: {self._tail()}",
                hint="subak doctor checks the installation",
            )
        value = json.loads(line)
        return value if isinstance(value, dict) else {}

    def _tail(self) -> str:
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _TAIL_BYTES))
        lines = self._errors.read().decode("utf-8", "replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return " | ".join(said[-3:]) or "it said nothing"


def _failure(state: Mapping[str, object]) -> UserError | Unreachable:
    kind = Unreachable if text_at(state, "kind") == "Unreachable" else UserError
    return kind(
        text_at(state, "message"),
        where=text_at(state, "where"),
        hint=text_at(state, "hint"),
    )


def _identify(name: str) -> ModelId:
    """Name plus the beginning of the hash: pinned, or of the file that is there."""
    known = KNOWN.get(name)
    if known is not None:
        return ModelId(f"embedded:{name}-{known.sha256[:8]}")
    file = find_file(name)
    if file is None:
        known_weights(name)
        raise UserError("the model file is gone", where=name)
    digest = sha256_of(file)
    pinned = next((found for found in KNOWN.values() if found.sha256 == digest), None)
    return ModelId(f"embedded:{pinned.name if pinned else file.stem}-{digest[:8]}")


def _whereabouts(name: str) -> str:
    file = find_file(name)
    if file is not None:
        return str(file)
    if find_parts(known_weights(name)) is not None:
        return "from installed packages"
    return "to be downloaded"


def _needed_bytes(name: str, context_tokens: int) -> int:
    known = KNOWN.get(name)
    if known is not None:
        weights, per_token = known.size_bytes, known.cache_bytes_per_token
    else:
        weights, per_token = _size(find_file(name)), _UNKNOWN_CACHE_BYTES
    return weights + per_token * context_tokens + _WORKING_BYTES


def _size(file: Path | None) -> int:
    return file.stat().st_size if file else 0


def _smaller(needed: int) -> str:
    sizes: list[Weights] = [
        found for found in KNOWN.values() if found.size_bytes < needed / 2
    ]
    if not sizes:
        return "close other programs, or use a model server: subak doctor"
    best = max(sizes, key=lambda found: found.size_bytes)
    return f"use the smaller model: embedded:{best.name}"


def _prompt_cache_mb(machine: Machine) -> int:
    free = machine.memory_bytes or 0
    return max(128, min(2048, (free >> 20) // 8))
