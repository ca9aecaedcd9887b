"""The embedded model's process: lazy, bounded, and never left behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from subak.engine.clock import SystemClock
from subak.errors import SubakError, UserError
from subak.llm.embedded import EmbeddedEndpoint
from subak.llm.machine import Machine, this_machine
from subak.llm.model import Message, NoProgress, Prompt
from subak.llm.options import EndpointOptions

xllamacpp = pytest.importorskip("xllamacpp")
SMALL, LARGE = "qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"
ROOMY = Machine(cores=2, memory_bytes=64 << 30)
PROMPT = Prompt((Message("user", "hello"),), max_tokens=4)


def _open(name: str, machine: Machine = ROOMY, **options: int) -> EmbeddedEndpoint:
    chosen = EndpointOptions(
        slots=options.get("slots"), context_tokens=options.get("context")
    )
    return EmbeddedEndpoint(name, SystemClock(), chosen, machine)


def test_model_is_identified_without_starting_it() -> None:
    """A run that is all cached never loads it."""
    endpoint = _open(LARGE)
    assert endpoint.model_id == f"embedded:{LARGE}-cc324af0"
    assert endpoint.url == ""
    asyncio.run(endpoint.close())


def test_own_file_is_identified_by_its_hash(tmp_path: Path) -> None:
    """Another file under the same name is another model."""
    file = tmp_path / "mine.gguf"
    ids = []
    for content in (b"GGUF1", b"GGUF2"):
        file.write_bytes(content)
        ids.append(_open(str(file)).model_id)
    assert ids[0] != ids[1]
    assert ids[0].startswith("embedded:mine-")


def test_unknown_name_is_refused_at_once() -> None:
    """The error lists the known names."""
    with pytest.raises(UserError) as caught:
        _open("qwen2.5-coder-7b")
    assert SMALL in caught.value.hint


@pytest.mark.parametrize(("cores", "slots"), [(1, 2), (2, 2), (6, 6), (64, 8)])
def test_slots_fit_the_machine(cores: int, slots: int) -> None:
    """Between 2 and 8, one for each core."""
    endpoint = _open(SMALL, Machine(cores, 64 << 30))
    info = asyncio.run(endpoint.probe())
    assert (info.slots, info.context_tokens) == (slots, 4096)


def test_chosen_slots_and_context_hold() -> None:
    """A recipe may say otherwise."""
    info = asyncio.run(_open(SMALL, slots=1, context=8192).probe())
    assert (info.slots, info.context_tokens) == (1, 8192)


def test_too_little_memory_names_the_smaller_model() -> None:
    """It is refused before anything is loaded."""
    endpoint = _open(LARGE, Machine(2, 1 << 30))
    with pytest.raises(UserError, match=r"1\.1 GB are free") as caught:
        asyncio.run(endpoint.complete(PROMPT, NoProgress()))
    assert SMALL in caught.value.hint


def test_busy_machine_gets_fewer_threads() -> None:
    """Threads that wait for one another lose most on a crowded machine."""
    assert Machine(4, None, load=1.0).threads == 4
    assert Machine(4, None, load=9.0).threads == 2
    assert Machine(1, None, load=9.0).threads == 1
    assert this_machine().cores >= 1


@pytest.mark.parametrize("content", [b"GGUF but nothing more", b"no model"])
def test_unusable_file_ends_in_an_error(tmp_path: Path, content: bytes) -> None:
    """The child's own words are passed on, and no process is left."""
    file = tmp_path / "broken.gguf"
    file.write_bytes(content)

    async def scenario() -> None:
        endpoint = _open(str(file))
        try:
            await endpoint.complete(PROMPT, NoProgress())
        finally:
            await endpoint.close()

    with pytest.raises(UserError) as caught:
        asyncio.run(scenario())
    assert isinstance(caught.value, SubakError)
    assert caught.value.hint


CHILD_SETTINGS = {
    "name": "/nonexistent.gguf",
    "key": "k",
    "slots": 1,
    "context_tokens": 512,
    "threads": 1,
    "prompt_cache_mb": 1,
}
PARENT = """
import json, os, subprocess, sys, time
child = subprocess.Popen(
    [sys.executable, "-c", CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE
)
settings = json.dumps(SETTINGS | {"parent": os.getpid()}) + "\\n"
child.stdin.write(settings.encode())
child.stdin.flush()
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""
# The real entry point, with a model that takes for ever to be found.
CHILD = """
import asyncio
from subak.llm import embedded_server

async def resolve(name, say):
    say("verifying")
    await asyncio.sleep(60)

embedded_server.resolve = resolve
embedded_server.main()
"""


def test_child_dies_with_a_killed_parent() -> None:
    """kill -9 of the parent leaves no llama.cpp behind."""
    script = f"CODE = {CHILD!r}\nSETTINGS = {CHILD_SETTINGS!r}\n{PARENT}"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as it:
        assert it.stdout is not None
        pid = int(it.stdout.readline())
        assert _is_alive(pid)
        os.kill(it.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_alive(pid)


def test_child_ends_with_its_stdin() -> None:
    """Where there is no death signal, the closed pipe is enough."""
    settings = json.dumps(CHILD_SETTINGS | {"parent": os.getpid()}) + "\n"
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(settings.encode())
        child.stdin.flush()
        assert json.loads(child.stdout.readline()) == {"state": "verifying"}
        child.stdin.close()
        assert child.wait(timeout=10) == 0


def _is_alive(pid: int) -> bool:
    """Tell whether the process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
