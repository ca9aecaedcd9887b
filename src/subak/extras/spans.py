"""iter_spans: a run's events as spans: run > stage > task > model call or fetch; pure.

Ids are hashes of what a span is about, so that sending a run twice makes no second
trace. What is held grows with the tasks under way, not with those that have ended.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from subak.engine.events import Event, Scalar
from subak.extras.semconv import (
    CHAT,
    Happening,
    Name,
    model_name,
    provider_of,
    tasks_named,
)

Value = str | bool | int | float | tuple[str, ...]
_Place = tuple[str, str]
_ENDS = ("task.done", "task.failed", "task.cached", "task.skipped")
_INTERRUPTED = "Interrupted"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at one moment of a span."""

    ts: float
    name: str
    attributes: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a run.

    Args:
        trace: Id of the run's trace.
        parent: Id of the span it is a part of, None for the run itself.
        started: Seconds since the epoch.
        error: What went wrong, "" if nothing did.
    """

    trace: int
    id: int
    parent: int | None
    name: str
    kind: Literal["internal", "client"]
    started: float
    ended: float
    attributes: Mapping[str, Value]
    marks: tuple[Mark, ...] = ()
    error: str = ""


def iter_spans(events: Iterable[Event], *, is_over: bool) -> Iterator[Span]:
    """Yield the spans of one run, each when it ends, its parents after it.

    Args:
        events: Of one run, in order.
        is_over: Nobody works on the run: what has no end was interrupted. Otherwise
            only what has ended is yielded, without its parents.
    """
    story = _Story()
    for event in events:
        yield from story.take(event)
    if is_over:
        yield from story.finish()


def trace_id(run: str) -> int:
    """Return the id of a run's trace."""
    return _number(16, run)


@dataclass(slots=True)
class _Open:
    """A span that has not ended."""

    id: int
    parent: int
    name: str
    started: float
    attributes: dict[str, Value]
    kind: Literal["internal", "client"] = "internal"
    marks: list[Mark] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


class _Story:
    """The spans of a run while its events come in."""

    def __init__(self) -> None:
        self._run: _Open | None = None
        self._trace = 0
        self._name = ""
        self._status = ""
        self._last = 0.0
        self._stages: dict[str, _Open] = {}
        self._stage_ends: dict[str, float] = {}
        self._tasks: dict[_Place, _Open] = {}
        self._calls: dict[tuple[str, Scalar], _Open] = {}

    def take(self, event: Event) -> Iterator[Span]:
        """Take the next event in and yield the spans that it ends."""
        if self._run is None:
            self._begin(event)
        self._last = max(self._last, event.ts)
        if event.stage:
            self._stage_of(event)
        kind = event.kind
        if kind == "task.started":
            yield from self._start_task(event)
        elif kind in _ENDS:
            yield from self._end_task(event)
        elif kind == "call.sent":
            self._send(event)
        elif kind == "call.first_token":
            self._note_first_token(event)
        elif kind in ("call.done", "call.failed"):
            yield from self._end_call(event)
        elif kind == "fetch.done":
            yield self._fetch(event)
        else:
            self._note(event)

    def finish(self) -> Iterator[Span]:
        """Yield what has no end of its own, and the run at last."""
        for call in self._calls.values():
            yield self._closed(call, self._last, _INTERRUPTED)
        for task in self._tasks.values():
            task.attributes[Name.STATE] = "interrupted"
            yield self._closed(task, self._last, _INTERRUPTED)
        for name, stage in self._stages.items():
            stage.attributes |= {
                tasks_named(state): number for state, number in stage.counts.items()
            }
            yield self._closed(stage, max(stage.started, self._stage_ends[name]))
        if self._run is not None:
            status = self._status or "interrupted"
            self._run.attributes[Name.STATUS] = status
            is_bad = status in ("failed", "interrupted")
            yield self._closed(self._run, self._last, status if is_bad else "")

    def _begin(self, event: Event) -> None:
        self._name, self._trace = event.run, trace_id(event.run)
        told: dict[str, Value] = {Name.RUN: event.run}
        self._run = _Open(_number(8, event.run), 0, "run", event.ts, told)

    def _tell_recipe(self, event: Event, run: _Open) -> None:
        if recipe := _text(event.data.get("recipe")):
            run.attributes[Name.RECIPE] = recipe
            run.name = f"run {recipe}"

    def _stage_of(self, event: Event) -> _Open:
        name = event.stage
        if name not in self._stages:
            root = _number(8, self._name)
            ident = _number(8, self._name, name)
            told: dict[str, Value] = {Name.STAGE: name}
            opened = _Open(ident, root, f"stage {name}", event.ts, told)
            self._stages[name] = opened
        self._stage_ends[name] = max(self._stage_ends.get(name, 0.0), event.ts)
        return self._stages[name]

    def _start_task(self, event: Event) -> Iterator[Span]:
        place = (event.stage, event.item)
        if place in self._tasks:  # a killed process left it so
            yield self._interrupted(self._tasks.pop(place), event.ts)
        ident = _number(8, self._name, *place, repr(event.ts))
        told: dict[str, Value] = {Name.STAGE: event.stage, Name.ITEM: event.item}
        parent = self._stages[event.stage].id
        name = f"task {event.stage}"
        self._tasks[place] = _Open(ident, parent, name, event.ts, told)

    def _interrupted(self, task: _Open, latest: float) -> Span:
        task.attributes[Name.STATE] = "interrupted"
        marks = [mark.ts for mark in task.marks]
        ended = min(max([task.started, *marks]), latest)
        return self._closed(task, ended, _INTERRUPTED)

    def _end_task(self, event: Event) -> Iterator[Span]:
        state = event.kind.removeprefix("task.")
        if event.stage in self._stages:
            self._stages[event.stage].counts[state] += 1
        task = self._tasks.pop((event.stage, event.item), None)
        if task is None:  # taken from the journal: that took no time
            return
        task.attributes |= {Name.STATE: state, **_proof(task)}
        if attempts := event.data.get("attempt"):
            task.attributes[Name.ATTEMPTS] = int(attempts)
        error = ""
        if state == "failed":
            error = _text(event.data.get("message")) or state
            task.attributes[Name.ERROR_TYPE] = _text(event.data.get("error"))
            task.marks.append(_exception(event))
        yield self._closed(task, event.ts, error)

    def _send(self, event: Event) -> None:
        data, place = event.data, (event.stage, event.item)
        above = self._tasks.get(place) or self._stages.get(event.stage)
        model = _text(data.get("model"))
        key, slot = _text(data.get("key")), data.get("slot")
        told: dict[str, Value] = {
            Name.OPERATION: CHAT,
            Name.PROVIDER: provider_of(model),
            Name.REQUEST_MODEL: model_name(model),
            Name.CALL: key,
            Name.STAGE: event.stage,
            Name.ITEM: event.item,
            Name.IS_REPEAT: bool(data.get("repeated")),
            **_server(_text(data.get("url"))),
        }
        if slot is not None:
            told[Name.SLOT] = int(slot)
        ident = _number(8, self._name, *place, key, repr(event.ts))
        parent = above.id if above else _number(8, self._name)
        name = f"{CHAT} {model_name(model)}".strip()
        opened = _Open(ident, parent, name, event.ts, told, "client")
        self._calls[key, slot] = opened

    def _note_first_token(self, event: Event) -> None:
        call = self._calls.get(_call_of(event))
        if call is not None:
            spent = max(0.0, event.ts - call.started)
            call.attributes[Name.FIRST_TOKEN_S] = round(spent, 6)

    def _end_call(self, event: Event) -> Iterator[Span]:
        call = self._calls.pop(_call_of(event), None)
        if call is None:
            return
        data = event.data
        if event.kind == "call.failed":
            error = _text(data.get("error"))
            call.attributes[Name.ERROR_TYPE] = error
            call.marks.append(_exception(event))
            yield self._closed(call, event.ts, _text(data.get("message")) or error)
            return
        for name, field_name in (
            (Name.TOKENS_IN, "tokens_in"),
            (Name.TOKENS_OUT, "tokens_out"),
            (Name.TOKENS_CACHED, "tokens_cached"),
        ):
            call.attributes[name] = int(data.get(field_name) or 0)
        if finish := _text(data.get("finish")):
            call.attributes[Name.FINISH_REASONS] = (finish,)
        yield self._closed(call, event.ts)

    def _fetch(self, event: Event) -> Span:
        data, place = event.data, (event.stage, event.item)
        url = _shown_url(_text(data.get("url")))
        above = self._tasks.get(place) or self._stages[event.stage]
        status = int(data.get("status") or 0)
        told: dict[str, Value] = {
            Name.HTTP_METHOD: "GET",
            Name.URL: url,
            Name.HTTP_STATUS: status,
            Name.HTTP_SIZE: int(data.get("bytes") or 0),
            Name.ITEM: event.item,
            **_server(url),
        }
        begun = event.ts - float(data.get("seconds") or 0.0)
        ident = _number(8, self._name, *place, url, repr(event.ts))
        opened = _Open(ident, above.id, "GET", begun, told, "client")
        return self._closed(opened, event.ts)

    def _note(self, event: Event) -> None:
        """Take in what is no span of its own."""
        task = self._tasks.get((event.stage, event.item))
        if event.kind in ("fact.proved", "fact.refused") and task is not None:
            task.counts[event.kind] += 1
        elif event.kind in ("task.retried", "fetch.failed") and task is not None:
            task.marks.append(_exception(event))
        elif self._run is not None:
            self._note_of_run(event, self._run)

    def _note_of_run(self, event: Event, run: _Open) -> None:
        data = event.data
        if event.kind == "run.started":
            self._tell_recipe(event, run)
        elif event.kind == "run.resumed":
            self._tell_recipe(event, run)
            self._status = ""
            run.marks.append(Mark(event.ts, Happening.RUN_RESUMED, {}))
        elif event.kind == "run.finished":
            self._status = _text(data.get("status"))
        elif event.kind == "limiter.changed":
            told: dict[str, Value] = {
                Name.SERVER_ADDRESS: _text(data.get("name")),
                Name.LIMIT_BEFORE: int(data.get("before") or 0),
                Name.LIMIT: int(data.get("limit") or 0),
                Name.REASON: _text(data.get("reason")),
            }
            run.marks.append(Mark(event.ts, Happening.LIMIT_CHANGED, told))
        elif event.kind == "deadline.passed":
            run.marks.append(Mark(event.ts, Happening.DEADLINE_PASSED, {}))

    def _closed(self, opened: _Open, ended: float, error: str = "") -> Span:
        return Span(
            trace=self._trace,
            id=opened.id,
            parent=opened.parent or None,
            name=opened.name,
            kind=opened.kind,
            started=opened.started,
            ended=max(ended, opened.started),
            attributes=opened.attributes,
            marks=tuple(opened.marks),
            error=error,
        )


def _proof(task: _Open) -> dict[str, Value]:
    """Return how many values were proved and refused, where any was proposed."""
    if not task.counts:
        return {}
    return {
        Name.PROVED: task.counts["fact.proved"],
        Name.REFUSED: task.counts["fact.refused"],
    }


def _exception(event: Event) -> Mark:
    told: dict[str, Value] = {
        Name.EXCEPTION_TYPE: _text(event.data.get("error")),
        Name.EXCEPTION_MESSAGE: _text(event.data.get("message")),
    }
    return Mark(event.ts, Happening.EXCEPTION, told)


def _call_of(event: Event) -> tuple[str, Scalar]:
    return _text(event.data.get("key")), event.data.get("slot")


def _server(url: str) -> dict[str, Value]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return {}
    told: dict[str, Value] = {Name.SERVER_ADDRESS: host} if host else {}
    return told | ({Name.SERVER_PORT: port} if port else {})


def _shown_url(url: str) -> str:
    """Return a URL without what somebody may have put before its host."""
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"


def _number(size: int, *words: str) -> int:
    """Return a number of that many bytes that is never 0."""
    text = "\0".join(words).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=size).digest()) or 1


def _text(value: Scalar) -> str:
    return value if isinstance(value, str) else ""
