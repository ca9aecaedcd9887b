"""open_model: from a line of text to answers, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from subak.engine.clock import SystemClock
from subak.engine.journal import Journal
from subak.engine.store import Store
from subak.errors import SubakError, Unreachable, UserError
from subak.llm.client import Model
from subak.llm.model import Message, Prompt
from subak.llm.open_model import ECHO_LIMIT, open_model
from subak.testing.hazards import dead_url
from subak.testing.model_faults import FaultPlan
from subak.testing.model_server import FakeModelServer


@asynccontextmanager
async def opened(
    folder: Path, text: str, cap: int | None = None
) -> AsyncIterator[Model]:
    """Open a model with a journal in the folder."""
    clock = SystemClock()
    store = Store.open(folder / "journal.db")
    model = open_model(text, journal=Journal(store, clock), clock=clock, cap=cap)
    try:
        yield model
    finally:
        await model.close()
        await store.close()


async def _ask(model: Model, count: int) -> list[str]:
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                model.complete(Prompt((Message("user", f"say {number}"),)))
            )
            for number in range(count)
        ]
    return [task.result().text for task in tasks]


def test_echo_needs_no_server(tmp_path: Path) -> None:
    """It is cheap, and still bounded."""

    async def scenario() -> None:
        async with opened(tmp_path, "echo") as model:
            assert len(await _ask(model, 200)) == 200
            (statistics,) = model.statistics().endpoints
            assert statistics.limit == ECHO_LIMIT
        async with opened(tmp_path, "echo", cap=3) as model:
            found = model.recall([Prompt((Message("user", "say 7"),))])
            assert found[0] is not None
            assert found[0].from_cache

    asyncio.run(scenario())


def test_two_servers_share_the_work(tmp_path: Path) -> None:
    """Both are asked; a third one that is not there costs nothing."""

    async def scenario() -> None:
        async with FakeModelServer() as one, FakeModelServer() as other:
            text = (
                f"openai:fake@{one.url} + openai:fake@{other.url}"
                f" + openai:fake@{dead_url()}"
            )
            async with opened(tmp_path, text) as model:
                assert len(await _ask(model, 24)) == 24
                names = {each.name for each in model.statistics().endpoints}
                assert len(names) == 3
                peaks = [each.peak for each in model.statistics().endpoints]
                assert min(peaks[:2]) > 0

    asyncio.run(scenario())


def test_faults_of_a_real_server_lose_no_item(tmp_path: Path) -> None:
    """Busy, failed, cut, reset and malformed answers, a fifth of all."""

    async def scenario() -> None:
        plan = FaultPlan(
            seed=3,
            shares={
                "busy": 0.04,
                "failed": 0.04,
                "cut": 0.04,
                "reset": 0.04,
                "malformed": 0.04,
            },
            retry_after="0",
        )
        async with FakeModelServer(faults=plan) as server:
            text = f"openai:fake@{server.url}"
            async with opened(tmp_path, text) as model:
                assert len(await _ask(model, 40)) == 40

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("openai:fake@{dead}", Unreachable),
        ("openai:fake@{dead} | openai:other@{dead}", Unreachable),
        ("openai:nonesuch@{live}", UserError),
        ("openai:fake@{dead} | openai:nonesuch@{live}", UserError),
    ],
)
def test_model_that_cannot_be_had_says_so(
    tmp_path: Path, text: str, kind: type[SubakError]
) -> None:
    """At the first call, with a way out."""

    async def scenario() -> None:
        async with FakeModelServer() as server:
            spec = text.format(dead=dead_url().rstrip("/"), live=server.url)
            async with opened(tmp_path, spec) as model:
                with pytest.raises(kind) as caught:
                    await model.complete(Prompt((Message("user", "hello"),)))
                assert caught.value.hint

    asyncio.run(scenario())
