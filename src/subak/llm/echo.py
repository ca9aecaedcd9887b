"""EchoEndpoint: a model that only ever repeats its sources; no network, no weights.

It is extractive: values and sentences are lines of the fenced documents, so evidence
checks pass or fail for real, in tests and in ``--fast`` demos.
"""

from __future__ import annotations

import asyncio
import json

from subak.engine.clock import Clock
from subak.llm.extractive import answer_schema, pick_lines
from subak.llm.foreign import fenced_texts, without_fences
from subak.llm.model import (
    Completion,
    EndpointInfo,
    ModelId,
    Progress,
    Prompt,
    Timing,
    Usage,
)
from subak.llm.tokens import CHARS_PER_TOKEN, estimate_prompt, estimate_tokens

_VERSION = 1
_CONTEXT_TOKENS = 1 << 17


class EchoEndpoint:
    """Answers with the lines of the prompt's documents that fit the question best."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def model_id(self) -> ModelId:
        """Identify the rules by which it answers."""
        return ModelId(f"echo-{_VERSION}")

    @property
    def url(self) -> str:
        """Return "": nothing leaves the process."""
        return ""

    @property
    def is_streaming(self) -> bool:
        """Tell whether tokens are told of while they are generated."""
        return True

    async def probe(self) -> EndpointInfo:
        """Tell what it is."""
        return EndpointInfo(
            url="",
            model="echo",
            available=("echo",),
            context_tokens=_CONTEXT_TOKENS,
            server="echo, in this process",
        )

    async def complete(self, prompt: Prompt, progress: Progress) -> Completion:
        """Answer from the prompt's own documents."""
        started = self._clock.monotonic()
        await asyncio.sleep(0)
        whole = echo(prompt)
        await asyncio.sleep(0)
        text = whole[: prompt.max_tokens * CHARS_PER_TOKEN]
        first = self._clock.monotonic() - started
        progress.first_token()
        progress.tokens(estimate_tokens(text))
        await asyncio.sleep(0)
        return Completion(
            text=text,
            usage=Usage(estimate_prompt(prompt.messages), estimate_tokens(text)),
            timing=Timing(self._clock.monotonic() - started, first),
            finish="stop" if text == whole else "length",
            model="echo",
        )

    async def close(self) -> None:
        """Have nothing to let go of."""


def echo(prompt: Prompt) -> str:
    """Return the extractive answer to a prompt, whole."""
    texts = [turn.content for turn in prompt.messages if turn.role != "assistant"]
    joined = "\n".join(texts)
    documents = fenced_texts(joined)
    if prompt.schema is not None:
        value = answer_schema(json.loads(prompt.schema), documents or (joined,))
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if not documents:
        return texts[-1] if texts else ""
    task = without_fences(joined)
    return pick_lines(documents, task, prompt.max_tokens * CHARS_PER_TOKEN)
