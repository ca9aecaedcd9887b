"""EventStream: the server-sent events of one chat completion."""

from __future__ import annotations

import json
from collections.abc import Mapping

from subak.errors import BrokenAnswer, ConnectionLost
from subak.llm.faults import error_of, fault_in_stream
from subak.llm.http import HttpClient
from subak.llm.json_value import count_at, object_at, objects_at, seconds_at, text_at
from subak.llm.model import Completion, FinishReason
from subak.llm.transcript import Transcript

_FINISH: Mapping[str, FinishReason] = {"stop": "stop", "length": "length"}


class EventStream:
    """Reads events into a transcript; knows when the answer is whole.

    A server that ignores ``stream`` and sends one JSON object is understood too.
    """

    def __init__(self, transcript: Transcript, http: HttpClient) -> None:
        self._transcript = transcript
        self._http = http
        self._is_done = False
        self._plain: list[bytes] = []

    def take(self, line: bytes) -> bool:
        """Read one line; tell whether it was progress.

        Raises:
            BrokenAnswer: It is not an event of a chat completion.
            SubakError: It is an error the server reports in its stream.
        """
        if not line or line.startswith((b":", b"event:", b"id:", b"retry:")):
            return False
        for prefix in (b"data:", b"error:"):
            if line.startswith(prefix):
                return self._event(line.removeprefix(prefix).strip())
        self._plain.append(line)
        return True

    def completion(self) -> Completion:
        """Return the answer, if the stream came to its proper end.

        Raises:
            ConnectionLost: It was cut short; a part is never a result.
        """
        if self._plain:
            self._read(self._parse(b"\n".join(self._plain)))
        if not self._is_done and self._transcript.finish is None:
            raise ConnectionLost(
                "the answer was cut short",
                where=self._http.base_url,
                hint="the server's own log tells why",
            )
        return self._transcript.completion()

    def _event(self, data: bytes) -> bool:
        if data == b"[DONE]":
            self._is_done = True
            return False
        self._read(self._parse(data))
        return True

    def _parse(self, data: bytes) -> Mapping[str, object]:
        try:
            value = json.loads(data)
        except ValueError as error:
            raise self._broken("is not JSON") from error
        if not isinstance(value, dict):
            raise self._broken("is not a JSON object")
        return value

    def _read(self, event: Mapping[str, object]) -> None:
        if error := error_of(event):
            raise fault_in_stream(error, self._http.base_url, self._http.key)
        choices = objects_at(event, "choices")
        if not choices and not {"choices", "usage", "timings"} & event.keys():
            raise self._broken("is no chat completion")
        self._transcript.model = text_at(event, "model") or self._transcript.model
        for choice in choices[:1]:
            self._choice(choice)
        self._usage(event)

    def _choice(self, choice: Mapping[str, object]) -> None:
        delta = object_at(choice, "delta")
        if piece := text_at(delta, "content"):
            self._transcript.add(piece)
        elif text_at(delta, "reasoning_content") or text_at(delta, "reasoning"):
            self._transcript.think()
        if whole := text_at(object_at(choice, "message"), "content"):
            self._transcript.set_whole(whole, 0)
        if reason := text_at(choice, "finish_reason"):
            self._transcript.finish = _FINISH.get(reason, "unknown")

    def _usage(self, event: Mapping[str, object]) -> None:
        counts = self._transcript.counts
        usage = object_at(event, "usage")
        timings = object_at(event, "timings")
        details = object_at(usage, "prompt_tokens_details")
        cached = count_at(timings, "cache_n")
        if cached is None:
            cached = count_at(details, "cached_tokens")
        if usage:
            counts.tokens_in = count_at(usage, "prompt_tokens")
            counts.tokens_out = count_at(usage, "completion_tokens")
        if cached is not None:
            counts.tokens_cached = cached
        if timings:
            counts.prompt_s = seconds_at(timings, "prompt_ms", 1e-3)
            counts.generate_s = seconds_at(timings, "predicted_ms", 1e-3)

    def _broken(self, what: str) -> BrokenAnswer:
        return BrokenAnswer(
            f"a line of the model server's answer {what}",
            where=self._http.base_url,
            hint="subak doctor checks whether this is a model server",
        )
