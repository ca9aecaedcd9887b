"""Pool in tiers: who is asked when the servers before are away."""

from __future__ import annotations

import asyncio

from subak.testing.clock import VirtualClock
from tests.llm.fake_servers import FakeServer, job, prompt_of


def test_fallback_takes_over_and_gives_back() -> None:
    """The second tier works while the first is away, under its own name."""
    clock = VirtualClock()

    async def scenario() -> None:
        first, second = FakeServer(clock, "a"), FakeServer(clock, "b")
        it = job([first], [second])
        await it.ask("before")
        assert second.asked == []
        async with asyncio.TaskGroup() as group:
            group.create_task(first.crash_for(120))
            await it.ask("while")
        assert second.answered == ["while"]
        assert [call.model for call in it.journal.calls.values()] == ["a", "b"]
        for number in range(40):
            await it.ask(f"after {number}")
            await clock.sleep(5)
        assert first.answered[-1] == "after 39"
        assert second.asked[-1] != "after 39"
        assert it.failed == {}
        again = await it.model.complete(prompt_of("while"))
        assert again.from_cache
        assert it.model.recall([prompt_of("while"), prompt_of("never")])[0] == again

    asyncio.run(scenario())


def test_fallback_answers_at_once_where_the_first_tier_never_was() -> None:
    """No minute is waited for a server that nobody has ever seen."""
    clock = VirtualClock()

    async def scenario() -> None:
        second = FakeServer(clock, "b")
        it = job([FakeServer(clock, "a", is_down=True)], [second])
        texts = [f"item {number}" for number in range(24)]
        assert await it.ask_all(texts) < 30
        assert it.failed == {}
        assert sorted(it.done) == sorted(texts)

    asyncio.run(scenario())
