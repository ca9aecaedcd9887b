"""Faults of served models: each ends soon, as the right error, with no half answer."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Sequence

import pytest

from subak.errors import (
    BrokenAnswer,
    ConnectionLost,
    ContextOverflow,
    LoopingAnswer,
    Overloaded,
    ServerFailed,
    SubakError,
    TimedOut,
    Unreachable,
    UserError,
)
from subak.llm.model import Completion, Message, NoProgress, Prompt
from subak.llm.open import open_endpoint
from subak.llm.options import Deadlines, EndpointOptions
from subak.testing.model_faults import FaultPlan, ModelFault
from subak.testing.model_server import Answerer, Asked, FakeModelServer, FakeSettings

SERVED = ("openai", "ollama", "gateway")
QUICK = EndpointOptions(
    deadlines=Deadlines(first_byte_s=0.3, between_s=0.3, total_s=0.6)
)
LONG_TEXT = "A sentence that is long enough to be cut in two. " * 4
PROMPT = Prompt((Message("user", LONG_TEXT),))
SCHEMA = (
    '{"properties":{"colour":{"type":"string"}},"required":["colour"],"type":"object"}'
)


def _ok(_messages: Sequence[Message], _schema: str | None) -> str:
    return "ok"


def _call(
    provider: str,
    prompt: Prompt = PROMPT,
    fault: ModelFault = "none",
    settings: FakeSettings | None = None,
    *,
    options: EndpointOptions = QUICK,
    plan: FaultPlan | None = None,
    answer: Answerer | None = None,
) -> tuple[Completion, list[Asked]]:
    """Make one call to a fake server; return the answer and what arrived there."""
    plan = plan or FaultPlan(first=(fault,))

    async def scenario() -> tuple[Completion, list[Asked]]:
        async with FakeModelServer(answer, plan, settings) as server:
            endpoint = open_endpoint(f"{provider}:fake@{server.url}", options)
            try:
                completion = await endpoint.complete(prompt, NoProgress())
            finally:
                await endpoint.close()
            return completion, server.asked

    return asyncio.run(scenario())


@pytest.mark.parametrize("provider", SERVED)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("busy", Overloaded),
        ("failed", ServerFailed),
        ("reset", ConnectionLost),
        ("cut", ConnectionLost),
        ("hang", TimedOut),
        ("stall", TimedOut),
        ("unfinished", ConnectionLost),
        ("foreign", BrokenAnswer),
        ("gzip", BrokenAnswer),
        ("redirect", UserError),
        ("malformed", BrokenAnswer),
        ("html", BrokenAnswer),
        ("error", BrokenAnswer),
        ("loop", LoopingAnswer),
    ],
)
def test_fault_becomes_its_error(
    provider: str, fault: ModelFault, kind: type[SubakError]
) -> None:
    """Every fault ends within its deadline as the right class."""
    if provider == "gateway" and fault in {"unfinished", "foreign"}:
        kind = BrokenAnswer  # it does not stream: an empty or other object is all
    with pytest.raises(kind) as caught:
        _call(provider, fault=fault)
    assert type(caught.value) is kind


@pytest.mark.parametrize("provider", SERVED)
def test_overload_tells_how_long_to_wait(provider: str) -> None:
    """Retry-After goes along with the error."""
    with pytest.raises(Overloaded) as caught:
        _call(provider, plan=FaultPlan(first=("busy",), retry_after="2"))
    assert caught.value.retry_after_s == 2.0


@pytest.mark.parametrize("provider", SERVED)
def test_unknown_model_lists_what_there_is(provider: str) -> None:
    """Probe and call both name the models the server has."""
    settings = FakeSettings(models=("fakir", "other"))

    async def scenario() -> None:
        async with FakeModelServer(settings=settings) as server:
            endpoint = open_endpoint(f"{provider}:fake@{server.url}")
            try:
                for question in (
                    endpoint.probe(),
                    endpoint.complete(PROMPT, NoProgress()),
                ):
                    with pytest.raises(UserError) as caught:
                        await question
                    assert "did you mean 'fakir'" in caught.value.hint
                    assert "other" in caught.value.hint
            finally:
                await endpoint.close()

    asyncio.run(scenario())


@pytest.mark.parametrize("provider", SERVED)
def test_nobody_there_is_unreachable_with_a_way_out(provider: str) -> None:
    """A probe of a closed port points to the doctor; a call there is retryable."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def scenario() -> None:
        endpoint = open_endpoint(f"{provider}:m@http://127.0.0.1:{port}")
        try:
            with pytest.raises(Unreachable) as caught:
                await endpoint.probe()
            assert "subak doctor" in caught.value.hint
            with pytest.raises(ConnectionLost):
                await endpoint.complete(PROMPT, NoProgress())
        finally:
            await endpoint.close()

    asyncio.run(scenario())


@pytest.mark.parametrize("provider", SERVED)
def test_key_is_sent_and_its_refusal_names_the_variable(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key goes into the header; a wrong one is not shown."""
    settings = FakeSettings(api_key="sk-right")
    options = EndpointOptions(key_env="TEST_KEY")
    monkeypatch.setenv("TEST_KEY", "sk-right")
    assert _call(provider, settings=settings, options=options)[0].text
    monkeypatch.setenv("TEST_KEY", "sk-wrong")
    with pytest.raises(UserError) as caught:
        _call(provider, settings=settings, options=options)
    assert "TEST_KEY" in caught.value.hint
    assert "sk-wrong" not in f"{caught.value} {caught.value.hint}"


def test_answer_cut_by_max_tokens_says_so() -> None:
    """finish tells that the text is not all."""
    prompt = Prompt(PROMPT.messages, max_tokens=4)
    for provider in ("openai", "ollama"):
        completion, _ = _call(provider, prompt)
        assert completion.finish == "length"
        assert completion.usage.tokens_out == 4


def test_openai_passes_on_an_overflow_with_both_sizes() -> None:
    """What the server counted reaches the user."""
    with pytest.raises(ContextOverflow, match="20"):
        _call("openai", settings=FakeSettings(context_tokens=20))


def test_ollama_is_not_believed_when_it_cuts_silently() -> None:
    """A prompt count far below ours is an error, not an answer."""
    prompt = Prompt((Message("user", "many words of a page " * 1_000),))
    with pytest.raises(ContextOverflow, match="1024"):
        _call("ollama", prompt, settings=FakeSettings(context_tokens=1024), answer=_ok)


def test_ollama_asks_for_a_context_that_fits_and_never_shrinks_it() -> None:
    """num_ctx is a power of two; changing it would load the model anew."""

    async def scenario() -> list[object]:
        async with FakeModelServer(_ok) as server:
            endpoint = open_endpoint(f"ollama:fake@{server.url}")
            for size in (10, 40_000, 10):
                turn = Message("user", "word " * (size // 5))
                await endpoint.complete(Prompt((turn,)), NoProgress())
            await endpoint.close()
            return [dict(asked.body)["options"] for asked in server.asked]

    sizes = [json.loads(json.dumps(o))["num_ctx"] for o in asyncio.run(scenario())]
    assert sizes == [4096, 16384, 16384]


def test_openai_goes_on_without_a_schema_the_server_refuses() -> None:
    """The schema is then told in words, at once from the second call on."""
    settings = FakeSettings(refuses_schema=True)

    async def scenario() -> list[Asked]:
        async with FakeModelServer(settings=settings) as server:
            endpoint = open_endpoint(f"openai:fake@{server.url}")
            for text in ("colour: one", "colour: two"):
                prompt = Prompt((Message("user", text),), schema=SCHEMA)
                await endpoint.complete(prompt, NoProgress())
            await endpoint.close()
            return server.asked

    asked = asyncio.run(scenario())
    assert [turn.schema for turn in asked] == [None, None]
    assert all("JSON Schema" in turn.messages[-1].content for turn in asked)


@pytest.mark.parametrize("provider", ["openai", "ollama"])
def test_schema_reaches_the_server(provider: str) -> None:
    """Constrained decoding gets exactly our schema."""
    prompt = Prompt((Message("user", "colour: one"),), schema=SCHEMA)
    completion, asked = _call(provider, prompt)
    assert json.loads(asked[0].schema or "") == json.loads(SCHEMA)
    assert json.loads(completion.text) == {"colour": "one"}


def test_gateway_gets_the_old_contract_and_nothing_else() -> None:
    """Three keys, not streamed; a schema is told in words."""
    prompt = Prompt((Message("user", "colour: one"),), schema=SCHEMA)
    _, asked = _call("gateway", prompt)
    assert set(asked[0].body) == {"model", "messages", "stream"}
    assert asked[0].body["stream"] is False
    assert SCHEMA in asked[0].messages[-1].content


def test_another_sample_is_another_request() -> None:
    """A deliberate re-ask differs at the server too."""
    seeds = [
        _call("openai", Prompt(PROMPT.messages, sample=sample))[1][0].seed
        for sample in (0, 1)
    ]
    assert seeds == [0, 1]


def test_llama_cpp_tells_slots_and_context() -> None:
    """What the server publishes reaches the limiter and the doctor."""

    async def scenario() -> tuple[int | None, int | None]:
        settings = FakeSettings(slots=3, context_tokens=4096)
        async with FakeModelServer(settings=settings) as server:
            endpoint = open_endpoint(f"openai:fake@{server.url}")
            info = await endpoint.probe()
            await endpoint.close()
            return info.slots, info.context_tokens

    assert asyncio.run(scenario()) == (3, 4096)


def test_lm_studio_and_vllm_are_known_by_their_models() -> None:
    """What to advise depends on which server it is."""

    async def kind(owner: str) -> str:
        async with FakeModelServer(settings=FakeSettings(owner=owner)) as server:
            endpoint = open_endpoint(f"openai:fake@{server.url}")
            try:
                return (await endpoint.probe()).server
            finally:
                await endpoint.close()

    owners = {"organization_owner": "LM Studio", "vllm": "vLLM", "someone": ""}
    assert {owner: asyncio.run(kind(owner)) for owner in owners} == owners


def test_large_prompt_and_schema_arrive_as_they_are() -> None:
    """Megabytes, half characters and a schema, spliced in as it stands."""
    text = "grün \ud83d " * 200_000
    prompt = Prompt((Message("user", text),), schema=SCHEMA)
    settings = FakeSettings(context_tokens=1 << 24)
    _, asked = _call("openai", prompt, settings=settings, answer=_ok)
    assert asked[0].messages[0].content == text
    assert json.loads(asked[0].schema or "") == json.loads(SCHEMA)
