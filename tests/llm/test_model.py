"""Model: one call for one prompt, whatever happens around it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.engine.clock import Clock, SystemClock
from subak.engine.context import TaskContext, set_current_task
from subak.engine.events import Event
from subak.engine.journal import Journal
from subak.engine.store import Store
from subak.errors import ContextOverflow, Exhausted, LoopingAnswer
from subak.llm.client import Model
from subak.llm.member import Member
from subak.llm.model import (
    Completion,
    EndpointInfo,
    Message,
    ModelId,
    Progress,
    Prompt,
    Timing,
    Usage,
)
from subak.llm.open_model import pool_model
from subak.testing.clock import VirtualClock

Answer = Callable[[Prompt, int], Awaitable[str]]
PROMPT = Prompt((Message("user", "hello"),))


@dataclass
class FakeEndpoint:
    """Answers by a function of the prompt and the number of the call."""

    answer: Answer
    asked: list[Prompt] = field(default_factory=list)
    model_id: ModelId = field(default=ModelId("fake"))
    url: str = "http://fake"

    @property
    def is_streaming(self) -> bool:
        """Stream."""
        return True

    async def probe(self) -> EndpointInfo:
        """Tell nothing."""
        return EndpointInfo(self.url, "fake")

    async def complete(self, prompt: Prompt, progress: Progress) -> Completion:
        """Answer, or raise what the function raises."""
        self.asked.append(prompt)
        text = await self.answer(prompt, len(self.asked))
        progress.first_token()
        progress.tokens(1)
        return Completion(text, Usage(7, 3, 2), Timing(0.5, 0.1, 0.2, 0.3), "stop", "f")

    async def close(self) -> None:
        """Have nothing to close."""


@dataclass
class Opened:
    """A model over a real journal, and what happened."""

    model: Model
    journal: Journal
    endpoint: FakeEndpoint
    events: list[Event]
    store: Store

    def kinds(self) -> list[str]:
        """Return the kinds of call events, in order."""
        return [e.kind for e in self.events if e.kind.startswith("call.")]


@asynccontextmanager
async def opened(
    folder: Path, answer: Answer, limit: int = 4, clock: Clock | None = None
) -> AsyncIterator[Opened]:
    """Open a model with a journal in the folder."""
    clock = clock or SystemClock()
    store = Store.open(folder / "journal.db")
    journal = Journal(store, clock)
    events: list[Event] = []
    journal.subscribe(events.append)
    endpoint = FakeEndpoint(answer)
    member = Member(endpoint, clock)
    model = pool_model([member], journal=journal, clock=clock, limit=limit)
    set_current_task(TaskContext(run="r", stage="s", item="i"))
    try:
        yield Opened(model, journal, endpoint, events, store)
    finally:
        await store.close()


async def _hello(_prompt: Prompt, _number: int) -> str:
    await asyncio.sleep(0.01)
    return "hello back"


def test_call_is_journaled_and_not_made_again(tmp_path: Path) -> None:
    """The second time the journal answers, in another process too."""

    async def scenario() -> None:
        async with opened(tmp_path, _hello) as first:
            made = await first.model.complete(PROMPT)
            assert first.kinds() == ["call.sent", "call.first_token", "call.done"]
        async with opened(tmp_path, _hello) as second:
            again = await second.model.complete(PROMPT)
            assert second.kinds() == ["call.cached"]
            assert second.endpoint.asked == []
        assert not made.from_cache
        assert again == Completion(
            made.text, made.usage, made.timing, made.finish, made.model, from_cache=True
        )

    asyncio.run(scenario())


def test_prompt_that_was_missed_is_not_answered_twice(tmp_path: Path) -> None:
    """Who looked before another asked the same gets that answer, without a call."""

    async def scenario() -> None:
        async with opened(tmp_path, _hello) as it:
            twin = Prompt((Message("user", "hello"),))
            assert it.model.recall([PROMPT, twin]) == [None, None]
            await it.model.complete(PROMPT)
            assert it.model.recall([twin])[0] is not None
            assert it.model.recall([Prompt((Message("user", "other"),))]) == [None]
            again = await it.model.complete(twin)
            assert again.from_cache
            assert it.endpoint.asked == [PROMPT]

    asyncio.run(scenario())


def test_prompt_missed_while_it_was_asked_is_not_sent_again(tmp_path: Path) -> None:
    """A look that came before the answer does not hide it afterwards."""

    async def scenario() -> None:
        async with opened(tmp_path, _hello) as it:
            asking = asyncio.create_task(it.model.complete(PROMPT))
            await asyncio.sleep(0)
            assert it.model.recall([PROMPT]) == [None]
            await asking
            assert (await it.model.complete(PROMPT)).from_cache
            assert it.endpoint.asked == [PROMPT]

    asyncio.run(scenario())


def test_call_record_holds_request_and_answer(tmp_path: Path) -> None:
    """`subak logs` can show all of it."""

    async def scenario() -> None:
        async with opened(tmp_path, _hello) as it:
            await it.model.complete(PROMPT)
            record = it.journal.find_call(PROMPT.key(it.model.id))
            assert record is not None
            assert (record.run, record.stage, record.item) == ("r", "s", "i")
            assert (record.tokens_in, record.tokens_out) == (7, 3)
            assert json.loads(record.request)["messages"][0]["content"] == "hello"
            assert json.loads(record.response)["text"] == "hello back"

    asyncio.run(scenario())


def test_equal_prompts_at_once_make_one_call(tmp_path: Path) -> None:
    """All get the answer of the one call."""

    async def scenario() -> None:
        async with opened(tmp_path, _hello) as it, asyncio.TaskGroup() as group:
            calls = [group.create_task(it.model.complete(PROMPT)) for _ in range(9)]
            await asyncio.wait(calls, timeout=5)
            assert [call.result().text for call in calls] == ["hello back"] * 9
            assert len(it.endpoint.asked) == 1
            assert sum(not call.result().from_cache for call in calls) == 1

    asyncio.run(scenario())


def test_cancelled_leader_takes_nobody_with_it(tmp_path: Path) -> None:
    """The next in line makes the call itself."""

    async def scenario() -> None:
        async with opened(tmp_path, _hello) as it, asyncio.TaskGroup() as group:
            leader = group.create_task(it.model.complete(PROMPT))
            await asyncio.sleep(0)
            followers = [group.create_task(it.model.complete(PROMPT)) for _ in range(3)]
            await asyncio.sleep(0.001)
            leader.cancel()
            await asyncio.wait(followers, timeout=5)
            assert leader.cancelled()
            assert [call.result().text for call in followers] == ["hello back"] * 3
            assert len(it.endpoint.asked) == 2
            assert it.kinds().count("call.failed") == 1

    asyncio.run(scenario())


def test_failed_leader_takes_nobody_with_it(tmp_path: Path) -> None:
    """Its error is its own."""

    async def fail_once(_prompt: Prompt, number: int) -> str:
        await asyncio.sleep(0.01)
        if number == 1:
            raise ContextOverflow("too long", where="there", hint="cut it")
        return "hello back"

    async def scenario() -> None:
        async with opened(tmp_path, fail_once) as it:
            results = await asyncio.gather(
                *(it.model.complete(PROMPT) for _ in range(3)), return_exceptions=True
            )
            assert isinstance(results[0], ContextOverflow)
            assert all(isinstance(result, Completion) for result in results[1:])
            assert len(it.endpoint.asked) == 2

    asyncio.run(scenario())


def test_failure_is_recorded_and_never_found(tmp_path: Path) -> None:
    """Attempts tell what happened; the cache knows nothing of them."""

    async def fail(_prompt: Prompt, _number: int) -> str:
        raise ContextOverflow("too long", where="there", hint="cut it")

    async def scenario() -> None:
        async with opened(tmp_path, fail) as it:
            for _ in range(2):
                with pytest.raises(ContextOverflow):
                    await it.model.complete(PROMPT)
            assert it.journal.find_call(PROMPT.key(it.model.id)) is None
            rows = list(
                it.store.read().execute(
                    "SELECT kind, number, error, message, hint, retryable FROM attempt"
                )
            )
            assert rows == [
                ("call", number, "ContextOverflow", "too long", "cut it", 0)
                for number in (1, 2)
            ]
            assert it.kinds().count("call.failed") == 2

    asyncio.run(scenario())


def test_empty_answer_is_no_result(tmp_path: Path) -> None:
    """White space is refused and not cached; in the end the item fails alone."""

    async def say_nothing(_prompt: Prompt, _number: int) -> str:
        return " \n"

    async def scenario() -> None:
        async with opened(tmp_path, say_nothing, clock=VirtualClock()) as it:
            with pytest.raises(Exhausted) as caught:
                await it.model.complete(PROMPT)
            assert "6 tries" in caught.value.message
            assert "subak logs --failed" in caught.value.hint
            assert it.journal.find_call(PROMPT.key(it.model.id)) is None

    asyncio.run(scenario())


def test_looping_model_is_asked_once_more_loosely(tmp_path: Path) -> None:
    """Greedy decoding would loop again; the loose answer is then remembered."""

    async def loop_if_greedy(prompt: Prompt, _number: int) -> str:
        if prompt.temperature == 0:
            raise LoopingAnswer("loops")
        return "out of it"

    async def scenario() -> None:
        async with opened(tmp_path, loop_if_greedy) as it:
            assert (await it.model.complete(PROMPT)).text == "out of it"
            assert (await it.model.complete(PROMPT)).from_cache
            assert len(it.endpoint.asked) == 2

    asyncio.run(scenario())


def test_refresh_asks_anew_and_replaces(tmp_path: Path) -> None:
    """`--refresh` does not read the cache, and tells that it repeats a call."""

    async def count(_prompt: Prompt, number: int) -> str:
        return f"answer {number}"

    async def scenario() -> None:
        async with opened(tmp_path, count) as it:
            await it.model.complete(PROMPT)
            set_current_task(TaskContext(refresh=True))
            assert (await it.model.complete(PROMPT)).text == "answer 2"
            set_current_task(TaskContext())
            assert (await it.model.complete(PROMPT)).text == "answer 2"
            sent = [e.data["repeated"] for e in it.events if e.kind == "call.sent"]
            assert sent == [False, True]

    asyncio.run(scenario())


def test_model_keeps_to_its_limiter(tmp_path: Path) -> None:
    """Never more calls at once than slots."""
    running = peak = 0

    async def count(_prompt: Prompt, _number: int) -> str:
        nonlocal running, peak
        running += 1
        peak = max(peak, running)
        await asyncio.sleep(0.002)
        running -= 1
        return "ok"

    async def scenario() -> None:
        async with opened(tmp_path, count, limit=2) as it:
            prompts = [Prompt((Message("user", str(n)),)) for n in range(9)]
            await asyncio.gather(*(it.model.complete(prompt) for prompt in prompts))

    asyncio.run(scenario())
    assert peak == 2


TEXTS = st.text(max_size=5)
PROMPTS = st.builds(
    Prompt,
    st.lists(
        st.builds(Message, st.sampled_from(["system", "user", "assistant"]), TEXTS),
        max_size=3,
    ).map(tuple),
    st.none() | st.just("{}"),
    st.integers(1, 3),
    st.sampled_from([0.0, 0.5]),
    st.integers(0, 1),
    st.integers(0, 1),
)


@given(PROMPTS, PROMPTS)
def test_key_is_equal_only_for_equal_prompts(one: Prompt, other: Prompt) -> None:
    """Whatever decides an answer is in the key, and nothing runs together."""
    model = ModelId("m")
    assert (one.key(model) == other.key(model)) == (one == other)
    assert one.key(model) != one.key(ModelId("n"))
