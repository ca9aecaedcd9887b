"""The words between subak and any model server: Prompt, Usage, Completion, Endpoint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NewType, Protocol

from subak.engine.ending import RateLimits

_KEY_BYTES = 16
_PREFIX_CHARS = 1_000

ModelId = NewType("ModelId", str)
Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "unknown"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything that decides an answer, and so the key of the call cache.

    Args:
        messages: The turns; parts shared by many prompts come first, so that the
            server's prefix cache serves them.
        schema: JSON Schema of the answer as canonical JSON text, or None for prose.
        max_tokens: Upper bound of generated tokens.
        temperature: 0 is greedy.
        seed: Sampling seed sent to the server.
        sample: Which of several answers to the same prompt this is; part of the key,
            so a deliberate re-ask is not answered from the cache.
    """

    messages: tuple[Message, ...]
    schema: str | None = None
    max_tokens: int = 1024
    temperature: float = 0.0
    seed: int = 0
    sample: int = 0

    def key(self, model: ModelId) -> str:
        """Return the content hash (32 hex digits) of this request to that model."""
        settings = (repr(self.temperature), str(self.seed), str(self.sample))
        shared = (model, self.schema or "", str(self.max_tokens), *settings)
        sizes, begin = _sized(shared)
        texts: list[bytes] = []
        for turn in self.messages:
            text = turn.content.encode("utf-8", "surrogatepass")
            sizes += f",{len(turn.role)},{len(text)}"
            texts += (turn.role.encode(), text)
        # The lengths first: no two lists of parts give the same bytes.
        data = b"".join((sizes.encode("ascii"), b":", begin, *texts))
        return hashlib.blake2b(data, digest_size=_KEY_BYTES).hexdigest()

    @property
    def prefix(self) -> str:
        """Return what prompts share that a server may keep: how they begin."""
        begin = "".join([turn.content[:_PREFIX_CHARS] for turn in self.messages[:2]])
        return begin[:_PREFIX_CHARS]


@lru_cache(maxsize=64)
def _sized(parts: tuple[str, ...]) -> tuple[str, bytes]:
    """Return the lengths of parts, and their bytes: all but the messages of a key."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return ",".join([str(len(part)) for part in encoded]), b"".join(encoded)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call, as the server counted them (0 where it did not say)."""

    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one call took, in seconds; None where it was not observable."""

    seconds: float
    first_token_s: float | None = None
    server_prompt_s: float | None = None
    server_generate_s: float | None = None
    server_load_s: float | None = None

    @property
    def queue_s(self) -> float | None:
        """Return how long the call waited in the server; None where it doesn't tell.

        That is what is left of the whole time without loading, reading the prompt
        and generating, so the way there and back counts as waiting.
        """
        if self.server_prompt_s is None or self.server_generate_s is None:
            return None
        worked = self.server_prompt_s + self.server_generate_s
        return max(0.0, self.seconds - worked - (self.server_load_s or 0.0))


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's whole answer to one prompt.

    Args:
        text: The generated text.
        finish: "length" means it was cut by ``max_tokens``.
        model: The model name the server reports, "" where it reports none.
        from_cache: True when the journal answered and no call was made.
        limits: What the server's headers say it allows in a minute.
    """

    text: str
    usage: Usage
    timing: Timing
    finish: FinishReason = "stop"
    model: str = ""
    from_cache: bool = False
    limits: RateLimits | None = None


class Progress(Protocol):
    """Told of a stream's tokens while they arrive (the tuner's signal)."""

    def first_token(self) -> None:
        """Tell that the answer has begun."""
        ...

    def tokens(self, count: int) -> None:
        """Tell that ``count`` more tokens arrived."""
        ...


@dataclass(frozen=True, slots=True)
class EndpointInfo:
    """What a server says about itself.

    Args:
        url: Base URL.
        model: The model that will answer.
        available: Models the server offers.
        slots: Requests it works on at once, when it publishes that.
        context_tokens: Prompt plus answer, per request, when known.
        server: Kind and version in words, "" when unknown.
    """

    url: str
    model: str
    available: tuple[str, ...] = ()
    slots: int | None = None
    context_tokens: int | None = None
    server: str = ""


class Endpoint(Protocol):
    """One server that answers prompts; one file in ``llm/`` each."""

    @property
    def model_id(self) -> ModelId:
        """Identify the model and whatever of the server changes its answers."""
        ...

    @property
    def url(self) -> str:
        """Tell where requests go, for logs; "" where none leaves the process."""
        ...

    @property
    def is_streaming(self) -> bool:
        """Tell whether tokens are told of while they are generated."""
        ...

    async def probe(self) -> EndpointInfo:
        """Ask the server about itself.

        Raises:
            Unreachable: Nothing answers there.
            UserError: It answers, but has no such model.
        """
        ...

    async def complete(self, prompt: Prompt, progress: Progress) -> Completion:
        """Send one prompt, stream the answer, return it whole.

        Raises:
            Retryable: Refused, timed out, cut off, or not a usable answer.
            Terminal: The same prompt would fail again.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and child processes."""
        ...


@dataclass(slots=True)
class NoProgress:
    """A Progress that nobody listens to."""

    count: int = field(default=0)

    def first_token(self) -> None:
        """Ignore the start."""

    def tokens(self, count: int) -> None:
        """Only count."""
        self.count += count
