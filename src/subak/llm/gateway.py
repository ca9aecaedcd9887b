"""GatewayEndpoint: POST /chat of the older scripts' gateway; it does not stream."""

from __future__ import annotations

import json

from subak.engine.clock import Clock
from subak.errors import BrokenAnswer, SubakError
from subak.llm.faults import Reply, error_of, fault_in_stream
from subak.llm.http import HttpClient
from subak.llm.inventory import describe_gateway, has_model, no_such_model
from subak.llm.json_value import count_at, encode, object_at, text_at
from subak.llm.model import Completion, EndpointInfo, ModelId, Progress, Prompt
from subak.llm.rate_limits import limits_in
from subak.llm.tokens import estimate_prompt, estimate_tokens
from subak.llm.transcript import Transcript
from subak.llm.wording import to_wire, with_schema


class GatewayEndpoint:
    """A gateway that takes ``{"model", "messages", "stream": false}`` and no more.

    It knows neither schemas nor sampling: schemas are told in words.
    """

    def __init__(
        self, http: HttpClient, name: str, clock: Clock, *, model_id: ModelId
    ) -> None:
        self._http = http
        self._name = name
        self._clock = clock
        self._model_id = model_id

    @property
    def model_id(self) -> ModelId:
        """Identify the model."""
        return self._model_id

    @property
    def url(self) -> str:
        """Tell where chat requests go."""
        return self._http.url("/chat")

    @property
    def is_streaming(self) -> bool:
        """Tell whether tokens are told of while they are generated."""
        return False

    async def probe(self) -> EndpointInfo:
        """Ask the gateway about itself and whether it has the model.

        Raises:
            Unreachable: Nothing answers there.
            UserError: It answers, but has no such model.
        """
        info = await describe_gateway(self._http, self._name)
        if info.available and not has_model(info.available, self._name):
            raise no_such_model(self._name, info.available, self._http.base_url)
        return info

    async def complete(self, prompt: Prompt, progress: Progress) -> Completion:
        """Send one prompt, wait for the whole answer.

        Raises:
            Retryable: Refused for now, too slow, cut off, or not usable.
            Terminal: The same prompt would fail again.
            UserError: No such model.
        """
        transcript = Transcript(progress, self._clock)
        messages = prompt.messages
        if prompt.schema is not None:
            messages = with_schema(messages, prompt.schema)
        body = {"model": self._name, "messages": to_wire(messages), "stream": False}
        reply = await self._http.post("/chat", encode(body))
        if reply.status != 200:
            raise await self._explain(reply)
        self._read(reply, transcript)
        if transcript.counts.tokens_in is None:
            transcript.counts.tokens_in = estimate_prompt(messages)
        return transcript.completion(limits_in(reply.headers))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()

    def _read(self, reply: Reply, transcript: Transcript) -> None:
        try:
            value = json.loads(reply.body)
        except ValueError as error:
            raise self._broken("is not JSON") from error
        if said := error_of(value):
            raise fault_in_stream(said, self._http.base_url, self._http.key)
        message = object_at(value, "message")
        if "content" not in message:
            raise self._broken("has no message")
        text = text_at(message, "content")
        counted = count_at(value, "eval_count")
        transcript.set_whole(text, estimate_tokens(text))
        transcript.counts.tokens_out = counted
        transcript.counts.tokens_in = count_at(value, "prompt_eval_count")
        transcript.model = text_at(value, "model")
        if text_at(value, "done_reason") == "length":
            transcript.finish = "length"

    def _broken(self, what: str) -> BrokenAnswer:
        return BrokenAnswer(
            f"the gateway's answer {what}",
            where=self._http.base_url,
            hint="subak doctor checks whether this is a gateway",
        )

    async def _explain(self, reply: Reply) -> SubakError:
        if reply.status != 404:
            return self._http.fault(reply)
        try:
            info = await describe_gateway(self._http, self._name)
        except SubakError:
            return self._http.fault(reply)
        if has_model(info.available, self._name):
            return self._http.fault(reply)
        return no_such_model(self._name, info.available, self._http.base_url)
