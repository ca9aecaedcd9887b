"""The child process of the embedded model: llama.cpp's server on a loopback port.

Started as ``python -m subak.llm.embedded_server``. Reads one line of settings from
stdin, tells its state in lines of JSON on stdout, and ends as soon as stdin does:
that happens even when the parent is killed.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from subak.errors import SubakError
from subak.llm.hub import download
from subak.llm.weights import (
    KNOWN,
    Say,
    assemble,
    check_format,
    find_file,
    find_parts,
    known_weights,
    verify,
)

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What the parent tells its child.

    Args:
        name: Name or path of the model.
        key: API key every request must carry.
        slots: Requests at once.
        context_tokens: Prompt plus answer of one request.
        threads: To compute with.
        prompt_cache_mb: Memory for prompts that may come again.
        parent: Process id of the parent.
    """

    name: str
    key: str
    slots: int
    context_tokens: int
    threads: int
    prompt_cache_mb: int
    parent: int

    def to_line(self) -> bytes:
        """Return the settings as one line."""
        return json.dumps(asdict(self)).encode() + b"\n"


async def resolve(name: str, say: Say) -> Path:
    """Return the verified file of a model, putting it together if need be.

    Looked for in this order: a path, the model cache, installed packages, the hub.

    Raises:
        SubakError: It is nowhere, or not the file it should be.
    """
    file = find_file(name)
    if file is not None:
        say("verifying")
        if name in KNOWN and file.name == KNOWN[name].file:
            verify(file, KNOWN[name])
        check_format(file)
        return file
    weights = known_weights(name)
    parts = find_parts(weights)
    if parts is not None:
        say("assembling")
        return assemble(weights, parts)
    say("downloading")
    return await download(weights, lambda progress: say(f"downloading {progress}"))


def main() -> None:
    """Serve until stdin ends."""
    lines = _take_stdout()
    settings = ServerSettings(**json.loads(sys.stdin.buffer.readline()))
    _outlive_nobody(settings.parent, sys.stdin.buffer)
    # Ctrl-C goes to the whole terminal, but it is the parent that drains.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)

    def tell(**state: str) -> None:
        lines.write(json.dumps(state) + "\n")
        lines.flush()

    try:
        file = asyncio.run(resolve(settings.name, lambda state: tell(state=state)))
        tell(state="loading")
        server, url = _serve(file, settings)
    except SubakError as error:
        tell(
            state="failed",
            kind=type(error).__name__,
            message=error.message,
            where=error.where,
            hint=error.hint,
        )
        sys.exit(1)
    tell(state="ready", url=url)
    threading.Event().wait()
    del server  # it stops when its object goes, so it is held until here


def _take_stdout() -> TextIO:
    """Keep stdout for our lines; what the library prints goes to stderr."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return lines


def _outlive_nobody(parent: int, stdin: BinaryIO) -> None:
    """End with the parent: at once on Linux, and wherever stdin is closed."""

    def watch() -> None:
        while stdin.read(1):
            pass
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def _serve(file: Path, settings: ServerSettings) -> tuple[object, str]:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.model_alias = {settings.name}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [settings.key]
    params.n_parallel = settings.slots
    params.n_ctx = settings.context_tokens * settings.slots
    params.cpuparams.n_threads = settings.threads
    params.cpuparams_batch.n_threads = settings.threads
    params.cache_prompt = True
    params.cache_ram_mib = settings.prompt_cache_mb
    params.endpoint_slots = True
    params.endpoint_props = True
    params.ui = False
    params.verbosity = 1
    server = xllamacpp.Server(params)
    return server, str(server.listening_address)


if __name__ == "__main__":
    main()
