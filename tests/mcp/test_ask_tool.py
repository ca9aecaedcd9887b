"""The tool ask while its model takes its time."""

from __future__ import annotations

import asyncio
from pathlib import Path

from subak.testing.model_faults import FaultPlan
from subak.testing.model_server import FakeModelServer
from tests.answering.filled import fill
from tests.job.serving import serving
from tests.knowledge.search.corpus import ITALY
from tests.mcp.agent import Agent, text_of, with_agent

QUESTION = "Is dual citizenship recognized in Italy?"


class _Quick:
    """A clock whose sleeps take a thousandth of their time."""

    def __init__(self) -> None:
        self.slept = 0.0

    def now(self) -> float:
        return 1_795_327_200.0 + self.slept

    def monotonic(self) -> float:
        return self.slept

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 1_000)
        self.slept += seconds


def _workspace(folder: Path, server: FakeModelServer) -> Path:
    """Return a folder whose questions go to a server."""
    fill(folder, [ITALY])
    settings = f'model = "openai:fake@{server.url}/v1"\n'
    (folder / "subak.toml").write_text(settings, encoding="utf-8")
    return folder


def test_ask_gives_up_in_time(tmp_path: Path) -> None:
    """A model that hangs is an error with a way out, and the next tool works."""

    async def look(agent: Agent) -> tuple[str, int]:
        words = await agent.fail("ask", question=QUESTION, timeout_s=1)
        found = await agent.call("search", query="citizenship")
        return words, len(found["passages"])

    server = FakeModelServer(faults=FaultPlan(first=("hang",)))
    with serving(server):
        words, found = with_agent(_workspace(tmp_path, server), look)
    assert "did not answer within 1 s" in words
    assert "longer timeout_s" in words
    assert found


def test_ask_tells_that_it_is_at_work(tmp_path: Path) -> None:
    """Who asked for progress hears of it while the model is silent."""
    told: list[str] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append(message or "")

    async def look(agent: Agent) -> str:
        arguments = {"question": QUESTION, "timeout_s": 1}
        asked = agent.session.call_tool("ask", arguments, progress_callback=note)
        return text_of(await asked)

    server = FakeModelServer(faults=FaultPlan(first=("hang",)))
    with serving(server):
        with_agent(_workspace(tmp_path, server), look, _Quick())
    assert "the local model has been at work for 5 s" in told


def test_ask_without_a_server_says_what_to_start(tmp_path: Path) -> None:
    """As everywhere: what happened, where, and what to do next."""
    server = FakeModelServer()
    with serving(server):
        folder = _workspace(tmp_path, server)

    async def look(agent: Agent) -> str:
        return await agent.fail("ask", question=QUESTION)

    assert "next: " in with_agent(folder, look)
