"""The traps of Ollama: context, loading, unloading, silent cuts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest

from subak.errors import ContextOverflow, TimedOut
from subak.llm.model import EndpointInfo, Message, NoProgress, Prompt
from subak.llm.open import open_endpoint
from subak.llm.options import Deadlines, EndpointOptions
from subak.llm.tokens import check_read_whole, least_tokens
from subak.testing.model_server import FakeModelServer
from subak.testing.model_settings import FakeSettings

SHORT = Prompt((Message("user", "a short question"),))
LONG = Prompt((Message("user", "many words of a page " * 2_000),))


def _ok(_messages: Sequence[Message], _schema: str | None) -> str:
    return "ok"


def _ask(
    settings: FakeSettings,
    *prompts: Prompt,
    options: EndpointOptions | None = None,
) -> tuple[EndpointInfo, list[dict[str, object]]]:
    """Probe and ask; return what the server told and the requests it got."""

    async def scenario() -> tuple[EndpointInfo, list[dict[str, object]]]:
        async with FakeModelServer(_ok, settings=settings) as server:
            spec = f"ollama:fake@{server.url}"
            endpoint = open_endpoint(spec, options or EndpointOptions())
            try:
                info = await endpoint.probe()
                for prompt in prompts:
                    await endpoint.complete(prompt, NoProgress())
            finally:
                await endpoint.close()
            return info, [dict(asked.body) for asked in server.asked]

    return asyncio.run(scenario())


def _contexts(bodies: list[dict[str, object]]) -> list[int]:
    return [json.loads(json.dumps(body["options"]))["num_ctx"] for body in bodies]


def test_context_is_what_the_model_is_loaded_with_if_that_is_enough() -> None:
    """Another num_ctx would load it anew."""
    _, bodies = _ask(FakeSettings(loaded_tokens=32_768), SHORT, LONG)
    assert _contexts(bodies) == [32_768, 32_768]


def test_context_is_at_most_the_longest_the_model_has() -> None:
    """A generous estimate does not ask for what there isn't."""
    info, bodies = _ask(FakeSettings(context_tokens=12_000), LONG)
    assert info.context_tokens == 12_000
    assert _contexts(bodies) == [12_000]


def test_prompt_that_cannot_fit_is_not_sent() -> None:
    """The model's own context is known, so nothing is cut and nothing is paid."""
    with pytest.raises(ContextOverflow, match="4096") as caught:
        _ask(FakeSettings(context_tokens=4_096), LONG)
    assert "max_chars" in caught.value.hint


def test_model_is_kept_loaded_during_a_run() -> None:
    """A pause between stages doesn't make the next one wait for loading."""
    _, bodies = _ask(FakeSettings(), SHORT)
    assert bodies[0]["keep_alive"] == "30m"


@pytest.mark.parametrize(("loaded_tokens", "hangs"), [(0, False), (4096, True)])
def test_first_answer_may_wait_for_the_model_to_load(
    loaded_tokens: int, hangs: bool
) -> None:
    """That is no hang, unless the model is in memory already."""
    settings = FakeSettings(loaded_tokens=loaded_tokens, token_s=0.3)
    options = EndpointOptions(
        deadlines=Deadlines(first_byte_s=0.1, between_s=5.0, total_s=5.0)
    )
    if hangs:
        with pytest.raises(TimedOut):
            _ask(settings, SHORT, options=options)
    else:
        _ask(settings, SHORT, options=options)


def test_family_that_is_served_one_by_one_is_told() -> None:
    """Ollama forces some families to one request at a time."""
    info, _ = _ask(FakeSettings(family="qwen3next"))
    assert "one request at a time" in info.server
    assert "one request" not in _ask(FakeSettings(family="llama"))[0].server


def test_cut_prompt_is_noticed_on_openai_servers_too() -> None:
    """Some cut the middle out and say nothing."""

    async def scenario() -> None:
        settings = FakeSettings(context_tokens=2_000, cuts_silently=True)
        async with FakeModelServer(_ok, settings=settings) as server:
            endpoint = open_endpoint(f"openai:fake@{server.url}")
            try:
                await endpoint.complete(SHORT, NoProgress())
                await endpoint.complete(LONG, NoProgress())
            finally:
                await endpoint.close()

    with pytest.raises(ContextOverflow, match="read 2000 tokens"):
        asyncio.run(scenario())


@pytest.mark.parametrize(
    "text", ["-" * 40_000, "word" + " " * 40_000, "| --- " * 3 + "=" * 20_000]
)
def test_rules_and_blanks_are_not_taken_for_a_cut(text: str) -> None:
    """A tokenizer may make one token of a hundred of them."""
    turns = (Message("user", text),)
    check_read_whole(turns, 600, 0, "http://x")
    assert least_tokens(turns) < 600


def test_tokens_from_the_cache_may_be_counted_apart() -> None:
    """Then the rest alone is far below the whole prompt."""
    check_read_whole(LONG.messages, 500, 9_500, "http://x")
    check_read_whole(LONG.messages, 0, 0, "http://x")
    with pytest.raises(ContextOverflow):
        check_read_whole(LONG.messages, 500, 0, "http://x")
