"""The embedded model as an OpenAI-compatible server that other programs can use."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.row import CannotMeasureError
from subak.llm.embedded_server import ServerSettings
from subak.llm.machine import this_machine

_CONTEXT_TOKENS = 12_288
_END_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class LocalServer:
    """Where it listens, and what it wants to hear."""

    url: str
    key: str


@contextmanager
def local_server(model: str) -> Iterator[LocalServer]:
    """Serve an embedded model until the block ends.

    Raises:
        CannotMeasureError: It does not start.
    """
    key = secrets.token_urlsafe(24)
    settings = ServerSettings(
        name=model,
        key=key,
        slots=1,
        context_tokens=_CONTEXT_TOKENS,
        threads=this_machine().threads,
        prompt_cache_mb=256,
        parent=os.getpid(),
    )
    command = [sys.executable, "-P", "-m", "subak.llm.embedded_server"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield LocalServer(_wait_ready(process, settings), key)
        finally:
            if process.stdin:
                process.stdin.close()  # its sign to end
            try:
                process.wait(_END_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_ready(process: subprocess.Popen[bytes], settings: ServerSettings) -> str:
    assert process.stdin
    assert process.stdout
    process.stdin.write(settings.to_line())
    process.stdin.flush()
    for line in process.stdout:
        state = json.loads(line)
        if state["state"] == "ready":
            return str(state["url"])
        if state["state"] == "failed":
            raise CannotMeasureError(f"the model does not start: {state['message']}")
    raise CannotMeasureError("the model server ended while it was loaded")
