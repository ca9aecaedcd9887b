"""OllamaEndpoint: POST /api/chat, streamed as one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping

from subak.engine.clock import Clock
from subak.errors import BrokenAnswer, ConnectionLost, ContextOverflow, SubakError
from subak.llm.faults import Reply, error_of, fault_in_stream
from subak.llm.http import HttpClient
from subak.llm.inventory import describe_ollama, has_model, no_such_model
from subak.llm.json_value import count_at, object_at, seconds_at, text_at
from subak.llm.model import (
    Completion,
    EndpointInfo,
    FinishReason,
    ModelId,
    Progress,
    Prompt,
)
from subak.llm.tokens import context_for, estimate_prompt
from subak.llm.transcript import Transcript
from subak.llm.wording import to_wire

_FINISH: Mapping[str, FinishReason] = {"stop": "stop", "length": "length"}
_FAR_BELOW = 0.6
_WORTH_CHECKING = 1024


class OllamaEndpoint:
    """An Ollama server."""

    def __init__(
        self,
        http: HttpClient,
        name: str,
        clock: Clock,
        *,
        model_id: ModelId,
        context_tokens: int | None = None,
    ) -> None:
        self._http = http
        self._name = name
        self._clock = clock
        self._model_id = model_id
        self._fixed = context_tokens
        self._context = 0

    @property
    def model_id(self) -> ModelId:
        """Identify the model."""
        return self._model_id

    @property
    def url(self) -> str:
        """Tell where chat requests go."""
        return self._http.url("/api/chat")

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
        info = await describe_ollama(self._http, self._name)
        if not has_model(info.available, self._name):
            raise no_such_model(self._name, info.available, self._http.base_url)
        return info

    async def complete(self, prompt: Prompt, progress: Progress) -> Completion:
        """Send one prompt, stream the answer, return it whole.

        Raises:
            Retryable: Refused for now, too slow, cut off, or not usable.
            Terminal: The same prompt would fail again.
            UserError: No such model.
        """
        stream = _Lines(Transcript(progress, self._clock), self._http)
        context = self._context_for(prompt)
        reply = await self._http.post_lines(
            "/api/chat", self._body(prompt, context), stream.take
        )
        if reply is not None:
            raise await self._explain(reply)
        completion = stream.completion()
        self._check_whole(prompt, completion.usage.tokens_in, context)
        return completion

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()

    def _context_for(self, prompt: Prompt) -> int:
        # It only grows: Ollama loads the model anew whenever num_ctx changes.
        needed = context_for(prompt.messages, prompt.max_tokens)
        self._context = self._fixed or max(self._context, needed)
        return self._context

    def _body(self, prompt: Prompt, context: int) -> dict[str, object]:
        body: dict[str, object] = {
            "model": self._name,
            "messages": to_wire(prompt.messages),
            "stream": True,
            # Newer servers then refuse what does not fit instead of cutting it.
            "truncate": False,
            "shift": False,
            "options": {
                "num_ctx": context,
                "num_predict": prompt.max_tokens,
                "temperature": prompt.temperature,
                "seed": prompt.seed + prompt.sample,
            },
        }
        if prompt.schema is not None:
            body["format"] = json.loads(prompt.schema)
        return body

    def _check_whole(self, prompt: Prompt, counted: int, context: int) -> None:
        """Refuse an answer to a prompt the server has cut without a word."""
        estimate = estimate_prompt(prompt.messages)
        far_below = estimate >= _WORTH_CHECKING and 0 < counted < _FAR_BELOW * estimate
        if far_below or counted >= context:
            raise ContextOverflow(
                f"Ollama read {counted} tokens of a prompt of about {estimate} "
                f"and cut the rest (context asked for: {context})",
                where=self._http.base_url,
                hint="lower max_chars in the recipe, or use a model with more context",
            )

    async def _explain(self, reply: Reply) -> SubakError:
        if reply.status != 404:
            return self._http.fault(reply)
        try:
            info = await describe_ollama(self._http, self._name)
        except SubakError:
            return self._http.fault(reply)
        return no_such_model(self._name, info.available, self._http.base_url)


class _Lines:
    """Reads the lines of one answer; knows when it is whole."""

    def __init__(self, transcript: Transcript, http: HttpClient) -> None:
        self._transcript = transcript
        self._http = http
        self._is_done = False

    def take(self, line: bytes) -> bool:
        """Read one line; tell whether it was progress."""
        if not line:
            return False
        try:
            value = json.loads(line)
        except ValueError as error:
            raise self._broken("is not JSON") from error
        if said := error_of(value):
            raise fault_in_stream(said, self._http.base_url, self._http.key)
        if not isinstance(value, dict) or "message" not in value:
            raise self._broken("is no chat message")
        self._read(value)
        return True

    def completion(self) -> Completion:
        """Return the answer, if it came to its proper end."""
        if not self._is_done:
            raise ConnectionLost(
                "the answer was cut short",
                where=self._http.base_url,
                hint="the server's own log tells why",
            )
        return self._transcript.completion()

    def _read(self, value: Mapping[str, object]) -> None:
        message = object_at(value, "message")
        if piece := text_at(message, "content"):
            self._transcript.add(piece)
        elif text_at(message, "thinking"):
            self._transcript.think()
        self._transcript.model = text_at(value, "model")
        if value.get("done") is True:
            self._is_done = True
            self._finish(value)

    def _finish(self, value: Mapping[str, object]) -> None:
        reason = text_at(value, "done_reason")
        self._transcript.finish = _FINISH.get(reason, "unknown")
        counts = self._transcript.counts
        counts.tokens_in = count_at(value, "prompt_eval_count")
        counts.tokens_out = count_at(value, "eval_count")
        counts.tokens_cached = count_at(value, "prompt_eval_cached_count")
        counts.prompt_s = seconds_at(value, "prompt_eval_duration", 1e-9)
        counts.generate_s = seconds_at(value, "eval_duration", 1e-9)

    def _broken(self, what: str) -> BrokenAnswer:
        return BrokenAnswer(
            f"a line of Ollama's answer {what}",
            where=self._http.base_url,
            hint="subak doctor checks whether this is a model server",
        )
