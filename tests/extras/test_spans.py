"""A run's events as spans."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from subak.engine.events import Event, Scalar
from subak.extras.semconv import Happening, Name
from subak.extras.spans import Span, iter_spans, trace_id

RUN = "20261122-060000-ab12"
MODEL = "ollama:qwen2.5@http://127.0.0.1:11434"
KEY = "3fa9c1d2" * 8


def _event(ts: float, kind: str, place: str = "", **data: Scalar) -> Event:
    stage, _, item = place.partition("/")
    return Event(ts, kind, RUN, stage, item, data)


def _sent(ts: float, place: str, key: str = KEY, slot: int = 0) -> Event:
    url = "http://127.0.0.1:11434/api/chat"
    data: dict[str, Scalar] = {"model": MODEL, "url": url, "repeated": False}
    return _event(ts, "call.sent", place, key=key, slot=slot, **data)


def _night() -> list[Event]:
    """Return a run with a fetch, a task that is tried twice and one that fails."""
    return [
        _event(0.0, "run.started", recipe="tax"),
        _event(0.0, "task.started", "fetch/a"),
        _event(
            *(0.9, "fetch.done", "fetch/a"),
            url="https://me:secret@example.org:8443/a?q=1",
            status=200,
            bytes=512,
            seconds=0.5,
        ),
        _event(1.0, "task.done", "fetch/a", seconds=1.0, attempt=1),
        _event(1.0, "task.started", "facts/a"),
        _sent(1.1, "facts/a"),
        _event(
            *(2.0, "call.failed", "facts/a"),
            key=KEY,
            slot=0,
            error="Overloaded",
            message="HTTP 429",
        ),
        _event(2.0, "limiter.changed", name=MODEL, before=4, limit=2, reason="busy"),
        _event(2.1, "task.retried", "facts/a", error="Overloaded", message="HTTP 429"),
        _sent(2.2, "facts/a", slot=1),
        _event(2.4, "call.first_token", "facts/a", key=KEY, slot=1),
        _event(
            *(3.2, "call.done", "facts/a"),
            key=KEY,
            slot=1,
            seconds=1.0,
            tokens_in=200,
            tokens_out=40,
            tokens_cached=8,
            finish="stop",
        ),
        _event(3.3, "fact.proved", "facts/a", field="vat"),
        _event(3.3, "fact.refused", "facts/a", field="gdp", reason="no quote"),
        _event(3.4, "task.done", "facts/a", seconds=2.4, attempt=2),
        _event(3.4, "task.cached", "facts/b", seconds=0.0),
        _event(3.5, "task.started", "facts/c"),
        _event(
            *(4.0, "task.failed", "facts/c"),
            attempt=1,
            seconds=0.5,
            error="InvalidAnswer",
            message="no JSON",
        ),
        _event(5.0, "run.finished", status="partial"),
    ]


def _spans(events: Sequence[Event], *, is_over: bool = True) -> list[Span]:
    return list(iter_spans(events, is_over=is_over))


def _only(spans: Sequence[Span], name: str) -> Span:
    (found,) = [span for span in spans if span.name == name]
    return found


@given(killed_after=st.integers(1, len(_night())))
def test_spans_are_a_tree_whenever_a_run_is_killed(killed_after: int) -> None:
    """One root; each parent is there once, and spans its children."""
    spans = _spans(_night()[:killed_after])
    by_id = {span.id: span for span in spans}
    assert len(by_id) == len(spans)
    assert [span.name for span in spans if span.parent is None] == ["run tax"]
    for span in spans:
        assert span.trace == trace_id(RUN)
        if span.parent is not None:
            above = by_id[span.parent]
            assert above.started <= span.started <= span.ended <= above.ended


def test_spans_are_parts_of_what_they_were_done_for() -> None:
    """Run > stage > task > call or fetch."""
    spans = _spans(_night())
    by_id = {span.id: span for span in spans}
    parents = {
        span.name: by_id[span.parent].name for span in spans if span.parent is not None
    }
    assert parents == {
        "GET": "task fetch",
        "task fetch": "stage fetch",
        "stage fetch": "run tax",
        "chat qwen2.5": "task facts",
        "task facts": "stage facts",
        "stage facts": "run tax",
    }


def test_call_is_told_with_the_conventions_names() -> None:
    """Model, tokens, first token, server: as backends look for them."""
    failed, answered = [one for one in _spans(_night()) if one.kind == "client"][1:]
    told = answered.attributes
    assert told[Name.OPERATION] == "chat"
    assert (told[Name.PROVIDER], told[Name.REQUEST_MODEL]) == ("ollama", "qwen2.5")
    assert (told[Name.SERVER_ADDRESS], told[Name.SERVER_PORT]) == ("127.0.0.1", 11434)
    tokens = (told[Name.TOKENS_IN], told[Name.TOKENS_OUT], told[Name.TOKENS_CACHED])
    assert tokens == (200, 40, 8)
    assert told[Name.FINISH_REASONS] == ("stop",)
    assert told[Name.FIRST_TOKEN_S] == 0.2
    assert not answered.error
    assert (failed.error, failed.attributes[Name.ERROR_TYPE]) == (
        "HTTP 429",
        "Overloaded",
    )


def test_task_tells_its_end_its_proof_and_its_errors() -> None:
    """One that was tried again has the error as an event, one that failed as status."""
    done, failed = [one for one in _spans(_night()) if one.name == "task facts"]
    assert done.attributes[Name.STATE] == "done"
    assert (done.attributes[Name.PROVED], done.attributes[Name.REFUSED]) == (1, 1)
    assert done.attributes[Name.ATTEMPTS] == 2
    assert [mark.name for mark in done.marks] == [Happening.EXCEPTION]
    assert not done.error
    assert failed.error == "no JSON"
    assert failed.attributes[Name.ERROR_TYPE] == "InvalidAnswer"


def test_stage_counts_its_tasks_and_cached_ones_are_no_spans() -> None:
    """What was taken from the journal took no time: a number is enough."""
    told = _only(_spans(_night()), "stage facts").attributes
    counts = {name: n for name, n in told.items() if name.startswith("subak.tasks.")}
    assert counts == {
        "subak.tasks.done": 1,
        "subak.tasks.cached": 1,
        "subak.tasks.failed": 1,
    }


def test_run_tells_its_status_and_its_limits() -> None:
    """A partial run is no error; a change of the limit is an event with its reason."""
    run = _only(_spans(_night()), "run tax")
    assert (run.attributes[Name.STATUS], run.error) == ("partial", "")
    (mark,) = run.marks
    assert (mark.name, mark.attributes[Name.REASON]) == (
        Happening.LIMIT_CHANGED,
        "busy",
    )


def test_fetch_keeps_no_password() -> None:
    """What stands before the host of an address is left out."""
    fetch = _only(_spans(_night()), "GET")
    assert fetch.attributes[Name.URL] == "https://example.org:8443/a?q=1"
    assert (fetch.started, fetch.ended) == (0.4, 0.9)


def test_spans_of_a_run_have_the_same_ids_each_time() -> None:
    """A trace that is sent twice is one trace."""
    assert _spans(_night()) == _spans(_night())


def test_killed_run_ends_where_it_was_last_seen() -> None:
    """What has no end is marked as interrupted, up to the run itself."""
    spans = _spans(_night()[:6])
    call, task = _only(spans, "chat qwen2.5"), _only(spans, "task facts")
    run = _only(spans, "run tax")
    assert {call.error, task.error} == {"Interrupted"}
    assert (task.attributes[Name.STATE], run.error) == ("interrupted", "interrupted")
    assert {call.ended, task.ended, run.ended} == {1.1}


def test_run_at_work_sends_what_has_ended() -> None:
    """Parents and open spans come when they have their end."""
    names = [span.name for span in _spans(_night()[:6], is_over=False)]
    assert names == ["GET", "task fetch"]


def test_resumed_run_is_one_trace() -> None:
    """A task that a killed process began is told apart from its second try."""
    night = _night()
    again = [
        _event(60.0, "run.resumed", recipe="tax"),
        _event(60.1, "task.started", "facts/a"),
        _event(61.0, "task.done", "facts/a", seconds=0.9, attempt=1),
        _event(62.0, "run.finished", status="done"),
    ]
    spans = _spans([*night[:5], *again])
    states = [one.attributes[Name.STATE] for one in spans if one.name == "task facts"]
    run = _only(spans, "run tax")
    assert sorted(map(str, states)) == ["done", "interrupted"]
    assert (run.attributes[Name.STATUS], run.ended) == ("done", 62.0)
    assert [mark.name for mark in run.marks] == [Happening.RUN_RESUMED]
    assert len({span.id for span in spans}) == len(spans)


def test_calls_of_stages_without_tasks_hang_on_their_stage() -> None:
    """Rows of a table are only counted; their calls are told all the same."""
    events = [
        _event(0.0, "run.started", recipe="map"),
        _sent(0.1, "map/7"),
        _event(0.9, "call.done", "map/7", key=KEY, slot=0, tokens_out=3),
        _event(1.0, "run.finished", status="done"),
    ]
    spans = _spans(events)
    assert _only(spans, "chat qwen2.5").parent == _only(spans, "stage map").id
