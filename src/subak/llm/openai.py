"""OpenAIEndpoint: any server with POST /v1/chat/completions, streamed.

llama.cpp, vLLM, LM Studio and hosted services speak it; what only some of them tell
(timings, slots, cached tokens) is read where it is given.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from subak.engine.clock import Clock
from subak.errors import ContextOverflow, SubakError, UserError
from subak.llm.event_stream import EventStream
from subak.llm.faults import Reply, error_in
from subak.llm.http import HttpClient
from subak.llm.inventory import describe_openai, has_model, no_such_model
from subak.llm.json_value import encode
from subak.llm.model import Completion, EndpointInfo, ModelId, Progress, Prompt
from subak.llm.rate_limits import limits_in
from subak.llm.tokens import check_read_whole
from subak.llm.transcript import Transcript
from subak.llm.wording import to_wire, with_schema

_OPTIONAL = ("stream_options", "seed", "temperature", "max_tokens")


class OpenAIEndpoint:
    """A chat completions server."""

    def __init__(
        self, http: HttpClient, name: str, clock: Clock, *, model_id: ModelId
    ) -> None:
        self._http = http
        self._name = name
        self._clock = clock
        self._model_id = model_id
        path = "" if urlsplit(http.base_url).path else "/v1"
        self._chat = f"{path}/chat/completions"
        self._refused: set[str] = set()
        self._refused_schemas: set[str] = set()

    @property
    def model_id(self) -> ModelId:
        """Identify the model."""
        return self._model_id

    @property
    def url(self) -> str:
        """Tell where chat requests go."""
        return self._http.url(self._chat)

    @property
    def is_streaming(self) -> bool:
        """Tell whether tokens are told of while they are generated."""
        return True

    async def probe(self) -> EndpointInfo:
        """Ask the server about itself and whether it has the model.

        Raises:
            Unreachable: Nothing answers there.
            UserError: It answers, but has no such model.
        """
        info = await describe_openai(self._http, self._name)
        if info.available and not has_model(info.available, self._name):
            raise self._no_such_model(info.available)
        return info

    async def complete(self, prompt: Prompt, progress: Progress) -> Completion:
        """Send one prompt, stream the answer, return it whole.

        Raises:
            Retryable: Refused for now, too slow, cut off, or not usable.
            Terminal: The same prompt would fail again.
            UserError: No such model, or no valid key.
        """
        while True:
            transcript = Transcript(progress, self._clock)
            stream = EventStream(transcript, self._http)
            body = self._body(prompt)
            reply = await self._http.post_lines(self._chat, encode(body), stream.take)
            if reply.status == 200:
                completion = stream.completion(limits_in(reply.headers))
                self._check_whole(prompt, completion)
                return completion
            if not self._give_way(reply, prompt, body):
                raise await self._explain(reply)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()

    def _body(self, prompt: Prompt) -> dict[str, object]:
        told = prompt.schema in self._refused_schemas or "response_format" in (
            self._refused
        )
        messages = prompt.messages
        body: dict[str, object] = {"model": self._name, "stream": True}
        if prompt.schema is not None and told:
            messages = with_schema(messages, prompt.schema)
        elif prompt.schema is not None:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {
                    "name": "answer",
                    "strict": True,
                    "schema": msgspec.Raw(prompt.schema.encode()),
                },
            }
        body["messages"] = to_wire(messages)
        optional: dict[str, object] = {
            "stream_options": {"include_usage": True},
            "seed": prompt.seed + prompt.sample,
            "temperature": prompt.temperature,
            "max_tokens": prompt.max_tokens,
        }
        body |= {
            name: value for name, value in optional.items() if name not in self._refused
        }
        if "max_tokens" in self._refused:
            body["max_completion_tokens"] = prompt.max_tokens
        return body

    def _check_whole(self, prompt: Prompt, completion: Completion) -> None:
        """Refuse an answer to a prompt the server has cut without a word.

        Some count what their cache had apart, so that is added to be safe.
        """
        usage = completion.usage
        check_read_whole(
            prompt.messages, usage.tokens_in, usage.tokens_cached, self._http.base_url
        )

    def _give_way(self, reply: Reply, prompt: Prompt, body: object) -> bool:
        """Stop sending what the server refused by name; tell whether anything was.

        A refused schema is told in words from then on; the answer is validated
        either way.
        """
        if reply.status not in {400, 422, 501} or not isinstance(body, dict):
            return False
        named = error_in(reply.body).param.split(".")[0]
        if named in _OPTIONAL and named in body:
            self._refused.add(named)
            return True
        if prompt.schema is None or "response_format" not in body:
            return False
        if isinstance(self._http.fault(reply), ContextOverflow):
            return False
        self._refused_schemas.add(prompt.schema)
        if named == "response_format":
            self._refused.add(named)
        return True

    async def _explain(self, reply: Reply) -> SubakError:
        if reply.status == 404:
            try:
                info = await describe_openai(self._http, self._name)
            except SubakError:
                return self._http.fault(reply)
            if not has_model(info.available, self._name):
                return self._no_such_model(info.available)
        return self._http.fault(reply)

    def _no_such_model(self, available: tuple[str, ...]) -> UserError:
        return no_such_model(self._name, available, self._http.base_url)
