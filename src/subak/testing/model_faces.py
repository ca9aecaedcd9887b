"""Faces: how each kind of model server words a streamed answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Protocol

from subak.llm.tokens import estimate_tokens


class Face(Protocol):
    """The wire format of one kind of server."""

    content_type: str
    malformed: bytes
    foreign: bytes

    def begin(self) -> bytes:
        """Return the bytes that come before the first token."""
        ...

    def piece(self, text: str) -> bytes:
        """Return the bytes of one token."""
        ...

    def end(self, text: str, finish: str) -> bytes:
        """Return the bytes that end an answer, given its whole text."""
        ...


class OpenAIFace:
    """Server-sent events of a chat completion."""

    content_type = "text/event-stream"
    malformed = b'data: {"choices": [{"del\n\n'
    foreign = b'data: {"choices": "none"}\n\n'

    def __init__(self, model: str, tokens_in: int) -> None:
        self._model = model
        self._tokens_in = tokens_in

    def begin(self) -> bytes:
        """Return the event that tells the role."""
        delta = {"role": "assistant", "content": ""}
        return self._event({"choices": [{"index": 0, "delta": delta}]})

    def piece(self, text: str) -> bytes:
        """Return one event."""
        return self._event({"choices": [{"index": 0, "delta": {"content": text}}]})

    def end(self, text: str, finish: str) -> bytes:
        """Return the reason of the end, the usage and the end mark."""
        last = {"index": 0, "delta": {}, "finish_reason": finish}
        usage = {
            "prompt_tokens": self._tokens_in,
            "completion_tokens": estimate_tokens(text),
        }
        counted = self._event({"choices": [], "usage": usage})
        return self._event({"choices": [last]}) + counted + b"data: [DONE]\n\n"

    def _event(self, value: Mapping[str, object]) -> bytes:
        data = json.dumps({**value, "model": self._model}).encode()
        return b"data: %s\n\n" % data


class OllamaFace:
    """One JSON object a line."""

    content_type = "application/x-ndjson"
    malformed = b'{"message": {"conte\n'
    foreign = b'{"answer": 42}\n'

    def __init__(self, model: str, tokens_in: int) -> None:
        self._model = model
        self._tokens_in = tokens_in

    def begin(self) -> bytes:
        """Return nothing: the first line has the first token."""
        return b""

    def piece(self, text: str) -> bytes:
        """Return one line."""
        return self._line(text, done=False)

    def end(self, text: str, finish: str) -> bytes:
        """Return the last line with its counts."""
        return self._line(
            "",
            done=True,
            done_reason=finish,
            prompt_eval_count=self._tokens_in,
            eval_count=estimate_tokens(text),
        )

    def _line(self, text: str, **more: object) -> bytes:
        message = {"role": "assistant", "content": text}
        value = {"model": self._model, "message": message, **more}
        return json.dumps(value).encode() + b"\n"


class GatewayFace:
    """One JSON object at the end; nothing streams."""

    content_type = "application/json"
    malformed = b'{"message": {"conte\n'
    foreign = b'{"answer": 42}\n'

    def begin(self) -> bytes:
        """Return nothing: the text comes at the end."""
        return b""

    def piece(self, text: str) -> bytes:
        """Return nothing: the text comes at the end."""
        return text[:0].encode()

    def end(self, text: str, finish: str) -> bytes:
        """Return the whole answer."""
        message = {"role": "assistant", "content": text}
        return json.dumps({"message": message, "done_reason": finish}).encode()
