"""SimulatedEndpoint: a server with slots and a shared processor, on any clock."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from subak.engine.clock import Clock
from subak.errors import LoopingAnswer, Overloaded, SubakError
from subak.llm.model import (
    Completion,
    EndpointInfo,
    ModelId,
    Progress,
    Prompt,
    Timing,
    Usage,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the server behaves.

    Args:
        slots: Answers it writes at once.
        token_s: Time for a token while it has nothing else to do.
        prompt_s: Time for a prompt.
        knee: Answers from which on they share what the machine can do.
        refuses_above: Calls under way above which it refuses, None for never.
        bundle: Tokens told of together.
    """

    slots: int = 1 << 20
    token_s: float = 0.02
    prompt_s: float = 0.1
    knee: float = float("inf")
    refuses_above: int | None = None
    bundle: int = 1
    is_streaming: bool = True
    loops: bool = False
    fault: SubakError | None = None


class SimulatedEndpoint:
    """An Endpoint without a network; counts the calls and the prompts it got."""

    def __init__(self, clock: Clock, shape: Shape, info: EndpointInfo) -> None:
        self.shape = shape
        self.info = info
        self.prompts: list[Prompt] = []
        self.under_way = 0
        self.peak = 0
        self._clock = clock
        self._writing = 0
        self._slots = asyncio.Semaphore(shape.slots)

    @property
    def model_id(self) -> ModelId:
        """Identify the model."""
        return ModelId("simulated")

    @property
    def url(self) -> str:
        """Tell where it is."""
        return self.info.url

    @property
    def is_streaming(self) -> bool:
        """Tell whether tokens are told of one by one."""
        return self.shape.is_streaming

    async def probe(self) -> EndpointInfo:
        """Tell what was given."""
        return self.info

    async def complete(self, prompt: Prompt, progress: Progress) -> Completion:
        """Write as many tokens as are asked for."""
        self.prompts.append(prompt)
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        try:
            self._check()
            return await self._answer(prompt, progress)
        finally:
            self.under_way -= 1

    async def close(self) -> None:
        """Have nothing to let go of."""

    def _check(self) -> None:
        shape = self.shape
        if shape.fault is not None:
            raise shape.fault
        if shape.refuses_above is not None and self.under_way > shape.refuses_above:
            raise Overloaded("too many requests", retry_after_s=0.5)

    async def _answer(self, prompt: Prompt, progress: Progress) -> Completion:
        began = self._clock.monotonic()
        async with self._slots:
            self._writing += 1
            try:
                return await self._write(prompt, progress, began)
            finally:
                self._writing -= 1

    async def _write(
        self, prompt: Prompt, progress: Progress, began: float
    ) -> Completion:
        shape = self.shape
        await self._clock.sleep(shape.prompt_s)
        first = self._clock.monotonic() - began
        if shape.is_streaming:
            progress.first_token()
        for number in range(prompt.max_tokens):
            slower = max(1.0, self._writing / shape.knee)
            await self._clock.sleep(self.shape.token_s * slower)
            if shape.is_streaming and number % shape.bundle == 0:
                progress.tokens(1)
        if shape.loops:
            raise LoopingAnswer("the answer repeats itself")
        if not shape.is_streaming:
            progress.tokens(prompt.max_tokens)
        took = self._clock.monotonic() - began
        timing = Timing(took, first if shape.is_streaming else None)
        return Completion("words", Usage(20, prompt.max_tokens), timing)
