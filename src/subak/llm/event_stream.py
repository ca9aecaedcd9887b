"""EventStream: the server-sent events of one chat completion."""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec

from subak.engine.ending import RateLimits
from subak.errors import BrokenAnswer, ConnectionLost
from subak.llm.faults import error_of, fault_in_stream
from subak.llm.http import HttpClient
from subak.llm.json_value import count_at, object_at, seconds_at
from subak.llm.model import Completion, FinishReason
from subak.llm.transcript import Transcript

_FINISH: Mapping[str, FinishReason] = {"stop": "stop", "length": "length"}
_UNREAD = (b":", b"event:", b"id:", b"retry:")
_NOTHING = msgspec.Raw(b"")


class _Said(msgspec.Struct, gc=False):
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class _Choice(msgspec.Struct, gc=False):
    delta: _Said | None = None
    message: _Said | None = None
    finish_reason: str | None = None


class _Event(msgspec.Struct, gc=False):
    """What is read of an event; counts and errors only where there are some."""

    choices: list[_Choice] | None = None
    model: str | None = None
    usage: msgspec.Raw = _NOTHING
    timings: msgspec.Raw = _NOTHING
    error: msgspec.Raw = _NOTHING


class _Details(msgspec.Struct, gc=False):
    cached_tokens: int | None = None


class _Usage(msgspec.Struct, gc=False):
    """What nearly all servers tell, of the types that nearly all give it."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _Details | None = None


_EVENT = msgspec.json.Decoder(_Event)
_USAGE = msgspec.json.Decoder(_Usage | None)
_END = b" [DONE]"


class EventStream:
    """Reads events into a transcript; knows when the answer is whole.

    A server that ignores ``stream`` and sends one JSON object is understood too.
    """

    def __init__(self, transcript: Transcript, http: HttpClient) -> None:
        self._transcript = transcript
        self._http = http
        self._is_done = False
        self._plain: list[bytes] = []
        self._pieces: list[str] = []
        self._tokens = 0

    def take(self, lines: list[bytes]) -> bool:
        """Read the lines one read brought; tell whether any was progress.

        Raises:
            BrokenAnswer: One is not an event of a chat completion.
            SubakError: One is an error the server reports in its stream.
        """
        events = 0
        for line in lines:
            if line[:5] == b"data:":
                events += self._take(line[5:])
            elif not line or line == b"\r" or line.startswith(_UNREAD):
                continue
            elif line.startswith(b"error:"):
                events += self._take(line[6:])
            else:
                self._plain.append(line)
                events += 1
        if not events:
            return False
        if not self._plain:
            self._tell()
        return True

    def completion(self, limits: RateLimits | None = None) -> Completion:
        """Return the answer, if the stream came to its proper end.

        Raises:
            ConnectionLost: It was cut short; a part is never a result.
        """
        if self._plain:
            self._take(b"\n".join(self._plain))
        if not self._is_done and self._transcript.finish is None:
            raise ConnectionLost(
                "the answer was cut short",
                where=self._http.base_url,
                hint="the server's own log tells why",
            )
        return self._transcript.completion(limits)

    def _tell(self) -> None:
        """Tell of the tokens of one read at once; a role alone is a beginning."""
        if self._tokens:
            self._transcript.add("".join(self._pieces), self._tokens)
            self._pieces.clear()
            self._tokens = 0
        else:
            self._transcript.begin()

    def _take(self, data: bytes) -> int:
        """Read one event; return 1, or 0 for the mark of the end."""
        if data == _END or data.strip() == _END[1:]:
            self._is_done = True
            return 0
        try:
            event = _EVENT.decode(data)
        except ValueError as error:
            event = self._second_look(data, error)
        choices = event.choices
        if event.error or choices is None:
            self._check(data, event)
        if event.model:
            self._transcript.model = event.model
        if choices:
            self._choice(choices[0])
        if event.usage or event.timings:
            self._count(event)
        return 1

    def _choice(self, choice: _Choice) -> None:
        delta = choice.delta
        if delta is not None:
            if delta.content:
                self._pieces.append(delta.content)
                self._tokens += 1
            elif delta.reasoning_content or delta.reasoning:
                self._tokens += 1
        if choice.message is not None and choice.message.content:
            self._transcript.set_whole(choice.message.content, 0)
        if choice.finish_reason:
            self._transcript.finish = _FINISH.get(choice.finish_reason, "unknown")

    def _count(self, event: _Event) -> None:
        counts = self._transcript.counts
        usage, timings = _usage(event.usage), _object(event.timings)
        if usage is not None:
            counts.tokens_in = usage.prompt_tokens
            counts.tokens_out = usage.completion_tokens
            details = usage.prompt_tokens_details
            if details is not None and details.cached_tokens is not None:
                counts.tokens_cached = details.cached_tokens
        if timings:
            cached = count_at(timings, "cache_n")
            if cached is not None:
                counts.tokens_cached = cached
            counts.prompt_s = seconds_at(timings, "prompt_ms", 1e-3)
            counts.generate_s = seconds_at(timings, "predicted_ms", 1e-3)

    def _check(self, data: bytes, event: _Event) -> None:
        """Raise what an event without choices, or with an error, stands for."""
        error = error_of(msgspec.json.decode(data))
        if error:
            raise fault_in_stream(error, self._http.base_url, self._http.key)
        if event.choices is None and not event.usage and not event.timings:
            raise self._broken(data)

    def _second_look(self, data: bytes, error: ValueError) -> _Event:
        """Read an event again without half characters, which only Python allows."""
        try:
            value = json.loads(data)
            whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
            return _EVENT.decode(whole)
        except ValueError:
            raise self._broken(data) from error

    def _broken(self, data: bytes) -> BrokenAnswer:
        return BrokenAnswer(
            f"a line of the model server's answer {_kind(data)}",
            where=self._http.base_url,
            hint="subak doctor checks whether this is a model server",
        )


def _usage(raw: msgspec.Raw) -> _Usage | None:
    """Return what of the counts is of the type it should be; None where is nothing."""
    if not raw:
        return None
    try:
        found = _USAGE.decode(raw)
    except ValueError:
        found = _lenient(_object(raw))
    return None if found == _Usage() else found


def _lenient(usage: Mapping[str, object]) -> _Usage:
    cached = count_at(object_at(usage, "prompt_tokens_details"), "cached_tokens")
    return _Usage(
        count_at(usage, "prompt_tokens"),
        count_at(usage, "completion_tokens"),
        None if cached is None else _Details(cached),
    )


def _object(raw: msgspec.Raw) -> Mapping[str, object]:
    value = msgspec.json.decode(raw) if raw else None
    return value if isinstance(value, dict) else {}


def _kind(data: bytes) -> str:
    """Tell in words what stands where an event should."""
    try:
        value = json.loads(data)
    except ValueError:
        return "is not JSON"
    if not isinstance(value, dict):
        return "is not a JSON object"
    return "is no chat completion"
