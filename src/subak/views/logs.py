"""What happened in a run, event by event, and how an event is said."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

import apsw

from subak.engine.events import Event
from subak.views.stored_events import StoredEvent, iter_events
from subak.views.wording import count, duration, number_of, shorten, size, text_of

FAILURES = (
    "task.failed",
    "task.retried",
    "call.failed",
    "fetch.failed",
    "journal.damaged",
)


def read_logs(
    db: apsw.Connection,
    run: str,
    *,
    kinds: Sequence[str] = (),
    limit: int = 0,
) -> list[StoredEvent]:
    """Return a run's events in order.

    Args:
        kinds: Only these; none means all.
        limit: Only the newest so many; 0 means all.
    """
    return newest_of(iter_events(db, run, kinds=kinds), limit)


def newest_of(events: Iterable[StoredEvent], limit: int) -> list[StoredEvent]:
    """Return the last events, so many; 0 means all."""
    return list(deque(events, maxlen=limit) if limit else events)


def event_json(stored: StoredEvent) -> dict[str, object]:
    """Return an event with the names of the outer contract."""
    return {"id": stored.id, **plain_event(stored.event)}


def plain_event(event: Event) -> dict[str, object]:
    """Return an event as a flat object."""
    return {
        "ts": event.ts,
        "kind": event.kind,
        "run": event.run,
        "stage": event.stage,
        "item": event.item,
        "data": dict(event.data),
    }


def describe(event: Event) -> str:
    """Return an event in words, without its time."""
    say = _SAY.get(event.kind)
    place = "/".join(part for part in (event.stage, event.item) if part)
    words = say(event) if say else _facts(event)
    return f"{place}: {words}" if place else words


def _facts(event: Event) -> str:
    pairs = " ".join(f"{name}={value}" for name, value in event.data.items())
    return f"{event.kind} {pairs}".rstrip()


def _problem(event: Event) -> str:
    error, message = (text_of(event.data.get(name)) for name in ("error", "message"))
    return shorten(": ".join(part for part in (error, message) if part), 300)


def _seconds(event: Event) -> str:
    return duration(number_of(event.data.get("seconds")))


def _trace(event: Event) -> str:
    return text_of(event.data.get("key"))[:12]


def _slot(event: Event) -> str:
    return f"slot {text_of(event.data.get('slot'))}"


def _started(event: Event) -> str:
    recipe = text_of(event.data.get("recipe"))
    return f"run {event.run} started" + (f": {recipe}" if recipe else "")


def _retried(event: Event) -> str:
    attempt = text_of(event.data.get("attempt"))
    return f"attempt {attempt} failed, will try again: {_problem(event)}"


def _sent(event: Event) -> str:
    data = event.data
    target = text_of(data.get("url") or data.get("endpoint"))
    again = ", a repetition" if data.get("repeated") else ""
    model = text_of(data.get("model"))
    return f"call {_trace(event)} sent to {model} at {target}, {_slot(event)}{again}"


def _answered(event: Event) -> str:
    tokens = count(number_of(event.data.get("tokens_out")), "token")
    finish = text_of(event.data.get("finish"))
    cut = ", cut by max_tokens" if finish == "length" else ""
    return f"call {_trace(event)} answered in {_seconds(event)}, {tokens}{cut}"


def _fetched(event: Event) -> str:
    data = event.data
    amount = (
        "not modified"
        if data.get("not_modified")
        else size(number_of(data.get("bytes")))
    )
    status, url = text_of(data.get("status")), text_of(data.get("url"))
    return f"fetched {url}: HTTP {status}, {amount}, {_seconds(event)}"


def _spared(event: Event) -> str:
    reason = text_of(event.data.get("reason"))
    return f"not asked for {text_of(event.data.get('url'))}: {reason}"


def _removed(event: Event) -> str:
    status, url = text_of(event.data.get("status")), text_of(event.data.get("url"))
    return f"{url} is gone: HTTP {status}"


def _copied(event: Event) -> str:
    url, original = (text_of(event.data.get(name)) for name in ("url", "of"))
    return f"{url} says the same as {original}, not read again"


def _limit(event: Event) -> str:
    name, limit = text_of(event.data.get("name")), text_of(event.data.get("limit"))
    reason = text_of(event.data.get("reason"))
    return f"{name}: {limit} at once" + (f" ({reason})" if reason else "")


def _refused(event: Event) -> str:
    field, reason = (text_of(event.data.get(name)) for name in ("field", "reason"))
    return f"refused {field}: {reason}"


def _settled(event: Event) -> str:
    data = event.data
    told = {"new": "new", "changed": "changed", "kept": "not confirmed"}
    words = [
        f"{count(number)} {word}"
        for name, word in {**told, "conflicts": "disputed"}.items()
        if (number := number_of(data.get(name)))
    ]
    values = count(number_of(data.get("values")), "value")
    return f"published {values}" + (f": {', '.join(words)}" if words else "")


def _level(event: Event) -> str:
    data = event.data
    return f"{data.get('name')}: {data.get('in_use')} of {data.get('limit')} in use"


def _deadline(event: Event) -> str:
    time, zone = (text_of(event.data.get(name)) for name in ("time", "zone"))
    return f"to be done by {time} {zone}"


def _note(event: Event) -> str:
    level = text_of(event.data.get("level"))
    message = text_of(event.data.get("message"))
    return message if level in ("", "info") else f"{level}: {message}"


def _machine(event: Event) -> str:
    data = event.data
    cpu, free = number_of(data.get("cpu")), number_of(data.get("memory_free"))
    heat = data.get("temperature")
    words = f"machine {cpu:.0%} busy, {size(free)} of memory free"
    return words if heat is None else f"{words}, {number_of(heat):.0f} °C"


_SAY: Mapping[str, Callable[[Event], str]] = {
    "run.started": _started,
    "run.resumed": lambda event: f"run {event.run} goes on where it stopped",
    "run.draining": lambda _: "stopping: finishing what is in flight",
    "run.finished": lambda event: (
        f"run {event.run} {text_of(event.data.get('status')) or 'finished'}"
    ),
    "task.started": lambda _: "started",
    "task.done": lambda event: f"done in {_seconds(event)}",
    "task.cached": lambda _: "nothing changed, taken from the journal",
    "task.failed": lambda event: f"failed: {_problem(event)}",
    "task.retried": _retried,
    "task.skipped": lambda _: "skipped",
    "call.sent": _sent,
    "call.first_token": lambda event: f"call {_trace(event)} begins to answer",
    "call.done": _answered,
    "call.failed": lambda event: f"call {_trace(event)} failed: {_problem(event)}",
    "call.cached": lambda event: f"call {_trace(event)} answered by the journal",
    "fetch.done": _fetched,
    "fetch.failed": lambda event: (
        f"could not fetch {text_of(event.data.get('url'))}: {_problem(event)}"
    ),
    "fetch.spared": _spared,
    "fetch.removed": _removed,
    "fetch.counted": lambda event: (
        f"{count(number_of(event.data.get('requests')), 'request')} sent to servers"
    ),
    "document.new": lambda event: f"new: {text_of(event.data.get('url'))}",
    "document.changed": lambda event: f"changed: {text_of(event.data.get('url'))}",
    "document.copy": _copied,
    "limiter.changed": _limit,
    "limiter.level": _level,
    "fact.proved": lambda event: f"proved {text_of(event.data.get('field'))}",
    "fact.refused": _refused,
    "facts.settled": _settled,
    "output.written": lambda event: f"wrote {text_of(event.data.get('path'))}",
    "deadline.set": _deadline,
    "deadline.passed": lambda _: "the deadline has passed: no further category begins",
    "deadline.left": lambda event: f"{event.item} is left for the next run",
    "journal.damaged": lambda event: f"a record is damaged: {_facts(event)}",
    "note": _note,
    "notice.sent": lambda event: f"told people by {text_of(event.data.get('to'))}",
    "run.broken": lambda event: f"the run could not go on: {_problem(event)}",
    "run.cleaned": lambda _: "its details were removed by subak clean",
    "machine.level": _machine,
    "machine.sampled": _machine,
    "machine.eased": lambda event: f"calls at once {text_of(event.data.get('words'))}",
}
