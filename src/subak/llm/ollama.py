"""OllamaEndpoint: POST /api/chat, streamed as one JSON object a line."""

from __future__ import annotations

import msgspec

from subak.engine.clock import Clock
from subak.errors import ContextOverflow, SubakError
from subak.llm.faults import Reply
from subak.llm.http import HttpClient
from subak.llm.inventory import (
    describe_ollama,
    has_model,
    loaded_in_ollama,
    no_such_model,
)
from subak.llm.json_value import encode
from subak.llm.model import Completion, EndpointInfo, ModelId, Progress, Prompt
from subak.llm.ollama_lines import OllamaLines
from subak.llm.tokens import check_read_whole, context_for, least_tokens
from subak.llm.transcript import Transcript
from subak.llm.wording import to_wire

# Ollama unloads a model 5 minutes after its last answer; a stage may pause longer.
_KEEP_ALIVE = "30m"
# It gives up on loading a model after 5 minutes itself.
_LOADING_S = 300.0


class OllamaEndpoint:
    """An Ollama server.

    Guarantees:
        The context asked for (num_ctx) holds the prompt or is the longest the model
        has, and never shrinks: Ollama loads the model anew whenever it changes. A
        prompt that was cut is an error, not an answer. The first answer may take as
        long as loading the model does.
    """

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
        self._longest: int | None = None
        self._is_loading = False

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
        self._longest = info.context_tokens
        await self._look_at_memory()
        return info

    async def complete(self, prompt: Prompt, progress: Progress) -> Completion:
        """Send one prompt, stream the answer, return it whole.

        Raises:
            Retryable: Refused for now, too slow, cut off, or not usable.
            Terminal: The same prompt would fail again.
            UserError: No such model.
        """
        context = self._context_for(prompt)
        stream = OllamaLines(Transcript(progress, self._clock), self._http)
        reply = await self._http.post_lines(
            "/api/chat",
            encode(self._body(prompt, context)),
            stream.take,
            _LOADING_S if self._is_loading else 0.0,
        )
        if reply.status != 200:
            raise await self._explain(reply)
        self._is_loading = False
        completion = stream.completion()
        self._check_whole(prompt, completion.usage.tokens_in, context)
        return completion

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()

    async def _look_at_memory(self) -> None:
        """Learn what the model is loaded with; older servers don't tell."""
        try:
            loaded = await loaded_in_ollama(self._http, self._name)
        except SubakError:
            return
        if loaded is not None:
            self._is_loading = not loaded.is_loaded
            self._context = max(self._context, loaded.context_tokens)

    def _context_for(self, prompt: Prompt) -> int:
        needed = self._fixed or context_for(prompt.messages, prompt.max_tokens)
        if self._longest is not None and needed > self._longest:
            least = least_tokens(prompt.messages)
            if least >= self._longest:
                raise self._too_long(f"at least {least} tokens", self._longest)
            needed = self._longest
        self._context = needed if self._fixed else max(self._context, needed)
        return self._context

    def _body(self, prompt: Prompt, context: int) -> dict[str, object]:
        body: dict[str, object] = {
            "model": self._name,
            "messages": to_wire(prompt.messages),
            "stream": True,
            # Newer servers then refuse what does not fit instead of cutting it.
            "truncate": False,
            "shift": False,
            "keep_alive": _KEEP_ALIVE,
            "options": {
                "num_ctx": context,
                "num_predict": prompt.max_tokens,
                "temperature": prompt.temperature,
                "seed": prompt.seed + prompt.sample,
            },
        }
        if prompt.schema is not None:
            body["format"] = msgspec.Raw(prompt.schema.encode())
        return body

    def _check_whole(self, prompt: Prompt, counted: int, context: int) -> None:
        """Refuse an answer to a prompt the server has cut without a word."""
        if counted >= context:
            raise self._too_long(f"{counted} tokens or more", context)
        check_read_whole(prompt.messages, counted, 0, self._http.base_url)

    def _too_long(self, size: str, context: int) -> ContextOverflow:
        return ContextOverflow(
            f"the prompt has {size}, the model's context holds {context}",
            where=self._http.base_url,
            hint="use a model with more context, or ask less (recipe: max_chars)",
        )

    async def _explain(self, reply: Reply) -> SubakError:
        if reply.status != 404:
            return self._http.fault(reply)
        try:
            info = await describe_ollama(self._http, self._name)
        except SubakError:
            return self._http.fault(reply)
        return no_such_model(self._name, info.available, self._http.base_url)
