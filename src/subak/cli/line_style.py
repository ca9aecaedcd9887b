"""How a run is told line by line: plain, classic or JSON. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Protocol

from subak.cli.run_state import RunState
from subak.engine.events import Event
from subak.views.failed_sites import PAGE_STAGES
from subak.views.logs import describe, plain_event
from subak.views.wording import (
    count,
    duration,
    number_of,
    shorten,
    size,
    text_of,
    time_of_day,
)

_WORTH_A_LINE = frozenset(
    {
        "run.started",
        "run.resumed",
        "run.draining",
        "run.finished",
        "task.done",
        "task.failed",
        "task.retried",
        "limiter.changed",
        "fact.refused",
        "output.written",
        "journal.damaged",
        "deadline.passed",
        "deadline.left",
        "note",
        "machine.eased",
        "notice.sent",
    }
)

_OF_PAGES = frozenset({*PAGE_STAGES, "index"})

_FIRST_ENDS = (
    "fetch.done",
    "fetch.failed",
    "call.done",
    "call.failed",
    "task.failed",
    "run.finished",
)


class LineStyle(Protocol):
    """Turns what happens into lines."""

    def lines(self, event: Event, state: RunState, /) -> list[str]:
        """Return the lines for an event; ``state`` has taken it in already."""
        ...

    def summary(self, state: RunState, now: float) -> str:
        """Return the line that long work is summed up in from time to time."""
        ...


class PlainStyle:
    """One line a finished item or noteworthy event.

    Pages are too many for that: they are summed up, and of a site that fails only the
    first failure has a line.

    Args:
        is_verbose: Every event is worth a line.
    """

    def __init__(self, *, is_verbose: bool = False) -> None:
        self._is_verbose = is_verbose

    def lines(self, event: Event, state: RunState, /) -> list[str]:
        """Return the event in words after the time of day."""
        if event.kind == "run.finished":
            return [f"{time_of_day(event.ts)} {closing_words(state, event.ts)}"]
        if self._is_verbose or _is_worth_a_line(event, state):
            return [f"{time_of_day(event.ts)} {describe(event)}"]
        return []

    def summary(self, state: RunState, now: float) -> str:
        """Return stages, slots, speed and what is left in one line."""
        return f"{time_of_day(now)} {progress_words(state, now)}"


class ClassicStyle:
    """The line family of the scripts this grew out of, for their users' greps.

    What they called worker threads are slots here, and their tasks are items.
    """

    def __init__(self) -> None:
        self._is_submitted = False
        self._slots: int | None = None

    def lines(self, event: Event, state: RunState) -> list[str]:
        """Return the tagged lines for an event."""
        say = _CLASSIC.get(event.kind)
        return [*self._slots_line(state), *self._submitted(event, state)] + (
            say(event, state) if say else []
        )

    def summary(self, state: RunState, now: float) -> str:
        """Return the numbers so far behind the family's tag."""
        return f"[PARALLEL] {progress_words(state, now)}"

    def _slots_line(self, state: RunState) -> list[str]:
        slots = state.slots
        if slots is None or slots == self._slots:
            return []
        self._slots = slots
        return [f"[PARALLEL] Using {slots} worker threads (slots)"]

    def _submitted(self, event: Event, state: RunState) -> list[str]:
        """Say once how many items are under way: when the first page or call ends."""
        if self._is_submitted or event.kind not in _FIRST_ENDS:
            return []
        self._is_submitted = True
        stages = {*state.stages, *state.expected}
        total = max((state.total(stage) for stage in stages), default=0)
        return [f"[PARALLEL] Submitted {total} tasks"]


class JsonStyle:
    """One JSON object a line, every event."""

    def lines(self, event: Event, _state: RunState, /) -> list[str]:
        """Return the event as one line of JSON."""
        return [json.dumps(plain_event(event), ensure_ascii=False)]

    def summary(self, state: RunState, now: float) -> str:
        """Return the numbers so far as an event of its own."""
        data = {
            "done": state.done,
            "failed": state.failed,
            "begun": state.begun,
            "calls": state.calls_done,
            "pages": state.fetch.pages,
            "bytes": state.fetch.bytes,
            "in_flight": len(state.open_calls),
            "slots": state.slots,
            "tokens_per_s": round(state.tokens_per_s(now), 1),
            "eta_s": state.eta_s(now),
        }
        return json.dumps({"ts": now, "kind": "progress", "data": data})


def _is_worth_a_line(event: Event, state: RunState) -> bool:
    if event.kind not in _WORTH_A_LINE:
        return False
    if event.stage not in _OF_PAGES:
        return True
    return event.kind == "task.failed" and state.fetch.is_first_of_site


def progress_words(state: RunState, now: float) -> str:
    """Return how far the run is: stages, slots in use, speed, what is left."""
    parts = [
        f"{name} {stage.ended}/{state.total(name)}"
        for name, stage in state.stages.items()
    ]
    if words := state.fetch.words(now):
        parts.append(words)
    if state.calls_sent:
        parts.append(slots_words(state))
        parts.append(f"{state.tokens_per_s(now):.0f} tok/s")
    parts += [
        count(number, noun, plural)
        for number, noun, plural in (
            (state.refused, "refused", "refused"),
            (state.failed, "failed", "failed"),
        )
        if number
    ]
    left = state.eta_s(now)
    if left is not None and left >= 1:
        parts.append(f"{duration(left)} left")
    return ", ".join(parts) or "waiting"


def slots_words(state: RunState) -> str:
    """Return the slots in use, of how many where that is known."""
    used = len(state.open_calls)
    return f"{used} of {state.slots} slots" if state.slots else count(used, "slot")


def closing_words(state: RunState, now: float) -> str:
    """Return what a run came to, in one line."""
    cached = sum(stage.cached for stage in state.stages.values())
    parts = [
        count(state.calls_sent, "call"),
        count(state.done - cached, "task") + " done",
    ]
    parts += [f"{count(cached)} cached"] if cached else []
    parts += [f"{count(state.failed)} failed"] if state.failed else []
    if state.proved or state.refused:
        parts.append(f"{count(state.proved, 'fact')}, {count(state.refused)} refused")
    return f"{state.status} in {duration(state.seconds(now))}: {', '.join(parts)}"


def _slot(event: Event) -> str:
    return f"Thread-{text_of(event.data.get('slot'))}"  # the old name of a slot


def _trace(event: Event) -> str:
    return text_of(event.data.get("key"))[:12]


def _message(event: Event) -> str:
    message = text_of(event.data.get("message") or event.data.get("error"))
    return shorten(message, 300)


def _request(event: Event, _: RunState) -> list[str]:
    data = event.data
    target = text_of(data.get("url") or data.get("endpoint"))
    model = text_of(data.get("model"))
    return [
        f"[LLM-REQUEST] {_slot(event)} POST {target} model={model}"
        f" trace={_trace(event)}"
    ]


def _response(event: Event, _: RunState) -> list[str]:
    seconds = number_of(event.data.get("seconds"))
    return [
        f"[LLM-RESPONSE] {_slot(event)} HTTP 200 trace={_trace(event)} {seconds:.1f}s"
    ]


def _call_failed(event: Event, _: RunState) -> list[str]:
    if event.data.get("error") == "TimedOut":
        return [f"[ERROR] {_slot(event)} Request timeout trace={_trace(event)}"]
    tag = "[WARNING]" if event.data.get("error") == "Overloaded" else "[ERROR]"
    return [f"{tag} {_slot(event)} {_message(event)} trace={_trace(event)}"]


def _fetched(event: Event, _: RunState) -> list[str]:
    data = event.data
    amount = size(number_of(data.get("bytes")))
    status, url = text_of(data.get("status")), text_of(data.get("url"))
    return [f"[FETCH] {url} HTTP {status} {amount}"]


def _fetch_failed(event: Event, _: RunState) -> list[str]:
    return [f"[ERROR] {text_of(event.data.get('url'))} {_message(event)}"]


def _completed(event: Event, _: RunState) -> list[str]:
    return [f"[COMPLETED] {event.item} - SUCCESS stage={event.stage}"]


def _cached(event: Event, _: RunState) -> list[str]:
    return [f"[COMPLETED] {event.item} - SUCCESS stage={event.stage} (unchanged)"]


def _task_failed(event: Event, _: RunState) -> list[str]:
    return [
        f"[ERROR] {event.item} {_message(event)}",
        f"[COMPLETED] {event.item} - FAILED stage={event.stage}",
    ]


def _retried(event: Event, _: RunState) -> list[str]:
    return [f"[WARNING] {event.item} trying again: {_message(event)}"]


def _refused(event: Event, _: RunState) -> list[str]:
    return [f"[WARNING] {event.item} {describe(event).partition(': ')[2]}"]


def _note(event: Event, _: RunState) -> list[str]:
    level = text_of(event.data.get("level"))
    tags = {"warning": "[WARNING] ", "error": "[ERROR] "}
    return [f"{tags.get(level, '')}{_message(event)}"]


def _finished(_: Event, state: RunState) -> list[str]:
    ended = max((stage.ended for stage in state.stages.values()), default=0)
    if state.status == "interrupted":
        return [f"[PARALLEL] Stopped after {ended} tasks"]
    return [f"[PARALLEL] All {ended} tasks completed"]


def _written(event: Event, _: RunState) -> list[str]:
    return [f"[FORMAT] {text_of(event.data.get('path'))}"]


def _warning(event: Event, _: RunState) -> list[str]:
    return [f"[WARNING] {describe(event)}"]


_CLASSIC: Mapping[str, Callable[[Event, RunState], list[str]]] = {
    "call.sent": _request,
    "call.done": _response,
    "call.failed": _call_failed,
    "fetch.done": _fetched,
    "fetch.failed": _fetch_failed,
    "task.done": _completed,
    "task.cached": _cached,
    "task.failed": _task_failed,
    "task.retried": _retried,
    "fact.refused": _refused,
    "note": _note,
    "output.written": _written,
    "journal.damaged": _warning,
    "deadline.passed": _warning,
    "deadline.left": _warning,
    "run.finished": _finished,
}
