"""Faces: how each kind of model server words an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Protocol

from bench.server.request import Dialect

MODEL = "stand-in"


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens of one answer."""

    tokens_in: int
    tokens_out: int
    tokens_cached: int


class Face(Protocol):
    """The wire format of one kind of server."""

    content_type: str

    def begin(self) -> bytes:
        """Return what tells that the answer begins, b"" for nothing."""
        ...

    def piece(self, text: str) -> bytes:
        """Return what carries one piece of the answer."""
        ...

    def end(self, spent: Spent) -> bytes:
        """Return what ends a streamed answer."""
        ...

    def whole(self, text: str, spent: Spent) -> bytes:
        """Return the answer to a request that asked for no stream."""
        ...


class OpenAIFace:
    """Server-sent events of a chat completion."""

    content_type = "text/event-stream"
    _HEAD = (
        b'data: {"id":"chatcmpl-0","object":"chat.completion.chunk","created":1,'
        b'"model":"stand-in","choices":[{"index":0,"delta":'
    )

    def begin(self) -> bytes:
        """Return the event with the role."""
        return self._event(b'{"role":"assistant","content":""}', b"null")

    def piece(self, text: str) -> bytes:
        """Return one event."""
        return self._event(b'{"content":%s}' % json.dumps(text).encode(), b"null")

    def end(self, spent: Spent) -> bytes:
        """Return the reason of the end, the usage and the end mark."""
        usage = (
            b'data: {"id":"chatcmpl-0","object":"chat.completion.chunk","created":1,'
            b'"model":"stand-in","choices":[],"usage":%s}\n\n'
        ) % json.dumps(_usage(spent)).encode()
        return self._event(b"{}", b'"stop"') + usage + b"data: [DONE]\n\n"

    def whole(self, text: str, spent: Spent) -> bytes:
        """Return one chat completion."""
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": "stop",
        }
        return json.dumps(
            {
                "id": "chatcmpl-0",
                "object": "chat.completion",
                "created": 1,
                "model": MODEL,
                "choices": [choice],
                "usage": _usage(spent),
            }
        ).encode()

    def _event(self, delta: bytes, finish: bytes) -> bytes:
        return self._HEAD + delta + b',"finish_reason":' + finish + b"}]}\n\n"


class OllamaFace:
    """One JSON object a line."""

    content_type = "application/x-ndjson"

    def begin(self) -> bytes:
        """Return nothing: the first token tells it."""
        return b""

    def piece(self, text: str) -> bytes:
        """Return one line."""
        return self._line(text, {}) + b"\n"

    def end(self, spent: Spent) -> bytes:
        """Return the last line with its counts."""
        return self.whole("", spent) + b"\n"

    def whole(self, text: str, spent: Spent) -> bytes:
        """Return one object with its counts."""
        counts = {
            "done_reason": "stop",
            "prompt_eval_count": spent.tokens_in,
            "eval_count": spent.tokens_out,
        }
        return self._line(text, counts)

    def _line(self, text: str, counts: dict[str, object]) -> bytes:
        message = {"role": "assistant", "content": text}
        is_done = bool(counts)
        return json.dumps(
            {"model": MODEL, "message": message, "done": is_done, **counts}
        ).encode()


class GatewayFace(OllamaFace):
    """One JSON object at the end; nothing streams."""

    content_type = "application/json"


_FACES: dict[Dialect, Face] = {
    "openai": OpenAIFace(),
    "ollama": OllamaFace(),
    "gateway": GatewayFace(),
}


def face_of(dialect: Dialect) -> Face:
    """Return the face of a dialect; faces keep nothing."""
    return _FACES[dialect]


def _usage(spent: Spent) -> dict[str, object]:
    return {
        "prompt_tokens": spent.tokens_in,
        "completion_tokens": spent.tokens_out,
        "total_tokens": spent.tokens_in + spent.tokens_out,
        "prompt_tokens_details": {"cached_tokens": spent.tokens_cached},
    }
