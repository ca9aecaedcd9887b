"""Model: what stages ask; answers come from the journal or, once, from the endpoint."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace

from subak.engine.clock import Clock
from subak.engine.context import current_task
from subak.engine.events import Scalar
from subak.engine.journal import Journal
from subak.engine.limiter import Limiter, Slot
from subak.engine.records import Attempt, CallRecord
from subak.errors import BrokenAnswer, LoopingAnswer, Retryable, SubakError
from subak.llm.model import (
    Completion,
    Endpoint,
    EndpointInfo,
    FinishReason,
    ModelId,
    Prompt,
    Timing,
    Usage,
)

_LOOSER_TEMPERATURE = 0.6
_LOOSER_SAMPLE = 1_000


@dataclass(slots=True)
class _Flight:
    """One request under way, and those who wait for its answer."""

    landed: asyncio.Event = field(default_factory=asyncio.Event)
    completion: Completion | None = None


class Model:
    """Answers prompts: from the journal, from an equal request in flight, or anew.

    Guarantees:
        An answer is returned only after the journal has committed it. Equal requests
        at the same time make one call. A caller that is cancelled or fails takes
        nobody with it: the next in line makes the call itself.
    Assumes:
        One event loop.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        journal: Journal,
        limiter: Limiter,
        clock: Clock,
    ) -> None:
        self._endpoint = endpoint
        self._journal = journal
        self._limiter = limiter
        self._clock = clock
        self._flights: dict[str, _Flight] = {}
        self._failures: dict[str, int] = {}
        self._probing = asyncio.Lock()
        self._is_probed = False

    @property
    def id(self) -> ModelId:
        """Identify the model; part of every call's key."""
        return self._endpoint.model_id

    async def probe(self) -> EndpointInfo:
        """Ask the endpoint about itself.

        Raises:
            Unreachable: Nothing answers there.
            UserError: It answers, but has no such model.
        """
        return await self._endpoint.probe()

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt.

        A model that loops is asked once more, sampling more loosely.

        Raises:
            Retryable: The call failed; the same prompt may work later.
            Terminal: The same prompt would fail again.
        """
        looser = replace(
            prompt,
            temperature=max(prompt.temperature, _LOOSER_TEMPERATURE),
            sample=prompt.sample + _LOOSER_SAMPLE,
        )
        if self._is_recorded(looser) and not self._is_recorded(prompt):
            return await self._answer(looser)
        try:
            return await self._answer(prompt)
        except LoopingAnswer:
            return await self._answer(looser)

    async def close(self) -> None:
        """Let go of the endpoint."""
        await self._endpoint.close()

    def _is_recorded(self, prompt: Prompt) -> bool:
        if current_task().refresh:
            return False
        return self._journal.find_call(prompt.key(self.id)) is not None

    async def _answer(self, prompt: Prompt) -> Completion:
        key = prompt.key(self.id)
        while True:
            found = None if current_task().refresh else self._journal.find_call(key)
            if found is not None:
                self._emit("call.cached", key=key)
                return _recorded(found)
            flight = self._flights.get(key)
            if flight is None:
                return await self._lead(key, prompt)
            # Unbounded on purpose: the leader lands whatever happens to it.
            await flight.landed.wait()
            if flight.completion is not None:
                self._emit("call.cached", key=key)
                return replace(flight.completion, from_cache=True)

    async def _lead(self, key: str, prompt: Prompt) -> Completion:
        flight = self._flights[key] = _Flight()
        try:
            flight.completion = await self._call(key, prompt)
            return flight.completion
        finally:
            del self._flights[key]
            flight.landed.set()

    async def _call(self, key: str, prompt: Prompt) -> Completion:
        await self._look_once()
        async with self._limiter.slot() as slot:
            started = self._clock.now()
            repeated = self._journal.find_call(key) is not None
            self._emit(
                "call.sent",
                key=key,
                model=self.id,
                endpoint=self._endpoint.url or self.id,
                url=self._endpoint.url,
                slot=slot.number,
                repeated=repeated,
            )
            completion = await self._send(key, prompt, slot)
            ended = self._clock.now()
        record = self._record(key, prompt, completion, (started, slot.number))
        await self._journal.put_call(record, replace=repeated)
        self._failures.pop(key, None)
        self._emit(
            "call.done",
            key=key,
            seconds=completion.timing.seconds,
            ended=ended,
            tokens_in=completion.usage.tokens_in,
            tokens_out=completion.usage.tokens_out,
            tokens_cached=completion.usage.tokens_cached,
            slot=slot.number,
            finish=completion.finish,
        )
        return completion

    async def _look_once(self) -> None:
        """Probe before the first call: what isn't there ends the run, not each item."""
        async with self._probing:
            if not self._is_probed:
                await self._endpoint.probe()
                self._is_probed = True

    async def _send(self, key: str, prompt: Prompt, slot: Slot) -> Completion:
        """Call the endpoint; tell and journal a failure before it goes on."""
        try:
            completion = await self._endpoint.complete(prompt, _Told(self, key, slot))
            _check(completion, self.id)
        except SubakError as error:
            self._emit(
                "call.failed",
                key=key,
                error=type(error).__name__,
                message=error.message,
                slot=slot.number,
            )
            await self._journal.put_attempt(self._attempt(key, error))
            raise
        except asyncio.CancelledError:
            self._emit(
                "call.failed",
                key=key,
                error="Cancelled",
                message="cancelled before the answer was whole",
                slot=slot.number,
            )
            raise
        return completion

    def _attempt(self, key: str, error: SubakError) -> Attempt:
        task = current_task()
        number = self._failures[key] = self._failures.get(key, 0) + 1
        return Attempt(
            run=task.run or self._journal.run,
            stage=task.stage,
            item=task.item,
            key=key,
            kind="call",
            number=number,
            ts=self._clock.now(),
            error=type(error).__name__,
            message=error.message,
            where=error.where,
            hint=error.hint,
            retryable=isinstance(error, Retryable),
            detail="",
        )

    def _record(
        self, key: str, prompt: Prompt, completion: Completion, at: tuple[float, int]
    ) -> CallRecord:
        task = current_task()
        started, slot = at
        return CallRecord(
            key=key,
            run=task.run or self._journal.run,
            stage=task.stage,
            item=task.item,
            model=self.id,
            endpoint=self._endpoint.url,
            started=started,
            seconds=completion.timing.seconds,
            first_token_s=completion.timing.first_token_s,
            tokens_in=completion.usage.tokens_in,
            tokens_out=completion.usage.tokens_out,
            tokens_cached=completion.usage.tokens_cached,
            finish=completion.finish,
            slot=slot,
            request=_request(prompt),
            response=_response(completion),
        )

    def _emit(self, kind: str, **data: Scalar) -> None:
        task = current_task()
        self._journal.emit(kind, stage=task.stage, item=task.item, **data)


class _Told:
    """Passes a stream's progress to the slot and tells of its first token."""

    def __init__(self, model: Model, key: str, slot: Slot) -> None:
        self._model = model
        self._key = key
        self._slot = slot

    def first_token(self) -> None:
        """Tell that the answer has begun."""
        self._slot.first_token()
        self._model._emit("call.first_token", key=self._key, slot=self._slot.number)

    def tokens(self, count: int) -> None:
        """Tell that ``count`` more tokens arrived."""
        self._slot.tokens(count)


def _check(completion: Completion, model: str) -> None:
    if not completion.text.strip():
        raise BrokenAnswer(
            "the answer is empty",
            where=model,
            hint="subak logs --failed shows the call",
        )


def _request(prompt: Prompt) -> bytes:
    value = {
        "messages": [
            {"role": turn.role, "content": turn.content} for turn in prompt.messages
        ],
        "schema": prompt.schema,
        "max_tokens": prompt.max_tokens,
        "temperature": prompt.temperature,
        "seed": prompt.seed,
        "sample": prompt.sample,
    }
    return json.dumps(value).encode("ascii")


def _response(completion: Completion) -> bytes:
    value = {
        "text": completion.text,
        "finish": completion.finish,
        "model": completion.model,
        "prompt_s": completion.timing.server_prompt_s,
        "generate_s": completion.timing.server_generate_s,
    }
    return json.dumps(value).encode("ascii")


def _recorded(call: CallRecord) -> Completion:
    value = json.loads(call.response)
    finish: FinishReason = value["finish"]
    return Completion(
        text=value["text"],
        usage=Usage(call.tokens_in, call.tokens_out, call.tokens_cached),
        timing=Timing(
            call.seconds, call.first_token_s, value["prompt_s"], value["generate_s"]
        ),
        finish=finish,
        model=value["model"],
        from_cache=True,
    )
