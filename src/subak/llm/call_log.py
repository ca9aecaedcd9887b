"""CallLog: what of model calls goes into the journal, and in which form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from subak.engine.clock import Clock
from subak.engine.context import current_task
from subak.engine.events import Scalar
from subak.engine.records import Attempt, CallRecord, Flight
from subak.errors import Retryable, SubakError
from subak.llm.model import (
    Completion,
    FinishReason,
    Message,
    Prompt,
    Timing,
    Usage,
)

if TYPE_CHECKING:
    from subak.llm.call import Answered, Call
    from subak.llm.sending import Sending


_BRIEF_S = 0.5


class CallJournal(Protocol):
    """The part of a Journal that calls need."""

    run: str

    def find_call(self, key: str) -> CallRecord | None:
        """Return the answered call of a key."""
        ...

    def find_calls(self, keys: Sequence[str]) -> dict[str, CallRecord]:
        """Return the answered calls of those keys that have one."""
        ...

    def send_call(self, flight: Flight, *, is_brief: bool = False) -> None:
        """Note and tell that a call is under way."""
        ...

    def note_brief_calls(self) -> None:
        """Note calls that were to be brief and still are under way."""
        ...

    def drop_call(self, key: str, *, slot: int | None = None) -> None:
        """End the flight of a call that was given up."""
        ...

    def tell(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Tell an event that is not kept."""
        ...

    async def put_call(
        self, call: CallRecord, *, replace: bool = False, is_patient: bool = False
    ) -> None:
        """Keep an answered call."""
        ...

    async def put_attempt(self, attempt: Attempt) -> None:
        """Keep a failure."""
        ...

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Keep an event and tell it."""
        ...


class CallLog:
    """Keeps answers and failures of calls, and tells of their progress."""

    def __init__(self, journal: CallJournal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._failures: dict[str, int] = {}

    def find(self, key: str) -> Completion | None:
        """Return the answer the journal has for a key."""
        found = self._journal.find_call(key)
        return None if found is None else _recorded(found)

    def find_all(self, keys: Sequence[str]) -> dict[str, Completion]:
        """Return the answers the journal has, by key."""
        found = self._journal.find_calls(keys)
        return {key: _recorded(call) for key, call in found.items()}

    def cached(self, key: str) -> None:
        """Tell that no call was needed."""
        self._tell("call.cached", key=key)

    def sent(self, sending: Sending) -> None:
        """Note and tell that a call is under way."""
        task, member = current_task(), sending.member
        url = member.endpoint.url
        self._journal.send_call(
            Flight(
                key=sending.key,
                run=task.run or self._journal.run,
                stage=task.stage,
                item=task.item,
                model=member.model_id,
                endpoint=url,
                url=url,
                slot=sending.slot.number,
                started=sending.started,
                repeated=sending.call.is_repeat,
            ),
            is_brief=(member.speed.duration_s or _BRIEF_S) < _BRIEF_S,
        )

    def passed(self) -> None:
        """Note calls that take longer than was to be expected of them."""
        self._journal.note_brief_calls()

    def began(self, sending: Sending) -> None:
        """Tell that its answer begins."""
        self._tell("call.first_token", key=sending.key, slot=sending.slot.number)

    async def answered(
        self, call: Call, answer: Answered, *, is_patient: bool = False
    ) -> None:
        """Keep an answer; returns when it is on the disk.

        Args:
            is_patient: That may take a moment longer, to spare the disk.
        """
        key = call.key_at(answer.member)
        record = self._record(key, call.sent, answer)
        ended = self._clock.now()
        await self._journal.put_call(
            record, replace=call.is_repeat, is_patient=is_patient
        )
        self._failures.pop(key, None)
        self._tell(
            "call.done",
            key=key,
            seconds=record.seconds,
            ended=ended,
            tokens_in=record.tokens_in,
            tokens_out=record.tokens_out,
            tokens_cached=record.tokens_cached,
            slot=record.slot,
            finish=record.finish,
        )

    async def failed(self, sending: Sending, error: SubakError) -> None:
        """Keep a failure."""
        self._told_failed(sending, type(error).__name__, error.message)
        await self._journal.put_attempt(self._attempt(sending, error))

    def dropped(self, sending: Sending) -> None:
        """Note and tell that a call was given up by ourselves."""
        self._journal.drop_call(sending.key, slot=sending.slot.number)
        self._told_failed(sending, "Cancelled", "cancelled before the answer was whole")

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Keep an event, and tell it."""
        self._journal.emit(kind, stage=stage, item=item, **data)

    def tell(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Tell an event that nobody need keep."""
        self._journal.tell(kind, stage=stage, item=item, **data)

    def _told_failed(self, sending: Sending, error: str, message: str) -> None:
        self._tell(
            "call.failed",
            key=sending.key,
            error=error,
            message=message,
            slot=sending.slot.number,
        )

    def _attempt(self, sending: Sending, error: SubakError) -> Attempt:
        task, key = current_task(), sending.key
        number = self._failures[key] = self._failures.get(key, 0) + 1
        now = self._clock.now()
        return Attempt(
            run=task.run or self._journal.run,
            stage=task.stage,
            item=task.item,
            key=key,
            kind="call",
            number=number,
            ts=now,
            error=type(error).__name__,
            message=error.message,
            where=error.where,
            hint=error.hint,
            retryable=isinstance(error, Retryable),
            endpoint=sending.member.endpoint.url,
            slot=sending.slot.number,
            started=sending.started,
            seconds=max(0.0, now - sending.started),
        )

    def _record(self, key: str, prompt: Prompt, answer: Answered) -> CallRecord:
        task, completion = current_task(), answer.completion
        usage, timing = completion.usage, completion.timing
        return CallRecord(
            key=key,
            run=task.run or self._journal.run,
            stage=task.stage,
            item=task.item,
            model=answer.member.model_id,
            endpoint=answer.member.endpoint.url,
            started=answer.started,
            seconds=timing.seconds,
            first_token_s=timing.first_token_s,
            tokens_in=usage.tokens_in,
            tokens_out=usage.tokens_out,
            tokens_cached=usage.tokens_cached,
            finish=completion.finish,
            slot=answer.slot,
            request=_request(prompt),
            response=_response(completion),
        )

    def _tell(self, kind: str, **data: Scalar) -> None:
        task = current_task()
        self._journal.tell(kind, stage=task.stage, item=task.item, **data)


class _Request(msgspec.Struct, frozen=True):
    messages: tuple[Message, ...]
    schema: str | None
    max_tokens: int
    temperature: float
    seed: int
    sample: int


class _Response(msgspec.Struct, frozen=True):
    text: str
    finish: FinishReason
    model: str
    prompt_s: float | None = None
    generate_s: float | None = None
    load_s: float | None = None


def _request(prompt: Prompt) -> bytes:
    return _encode(
        _Request(
            prompt.messages,
            prompt.schema,
            prompt.max_tokens,
            prompt.temperature,
            prompt.seed,
            prompt.sample,
        )
    )


def _response(completion: Completion) -> bytes:
    timing = completion.timing
    return _encode(
        _Response(
            completion.text,
            completion.finish,
            completion.model,
            timing.server_prompt_s,
            timing.server_generate_s,
            timing.server_load_s,
        )
    )


def _encode(value: msgspec.Struct) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:  # a lone surrogate, which only ASCII JSON can hold
        return json.dumps(msgspec.to_builtins(value)).encode("ascii")


def _recorded(call: CallRecord) -> Completion:
    try:
        value = _DECODER.decode(call.response)
    except msgspec.DecodeError:  # the same lone surrogate
        value = msgspec.convert(json.loads(call.response), _Response)
    return Completion(
        text=value.text,
        usage=Usage(call.tokens_in, call.tokens_out, call.tokens_cached),
        timing=Timing(
            call.seconds,
            call.first_token_s,
            value.prompt_s,
            value.generate_s,
            value.load_s,
        ),
        finish=value.finish,
        model=value.model,
        from_cache=True,
    )


_DECODER = msgspec.json.Decoder(_Response)
