"""Pages while they are fetched: counts, speed, and one line a dead site."""

from __future__ import annotations

from subak.cli.line_style import PlainStyle
from subak.cli.progress import Lines, Progress
from subak.cli.run_state import RunState
from subak.engine.clock import SystemClock
from subak.engine.events import Event, Scalar


def _event(ts: float, kind: str, stage: str, item: str, **data: Scalar) -> Event:
    return Event(ts, kind, "r1", stage, item, data)


def _page(ts: float, number: int) -> list[Event]:
    url = f"http://a.example/{number}"
    return [
        _event(ts, "task.started", "fetch", url),
        _event(ts, "fetch.done", "fetch", url, url=url, bytes=2_000_000),
        _event(ts, "task.done", "fetch", url, seconds=0.1),
    ]


def _lost(ts: float, url: str, name: str = "") -> list[Event]:
    item = name or url
    failed = _event(ts, "fetch.failed", "fetch", item, url=url, error="Refused")
    retried = _event(ts, "task.retried", "fetch", item, error="Refused", message="no")
    ended = _event(ts, "task.failed", "fetch", item, error="Refused", message="no")
    return [failed, retried, failed, ended]


def _state(events: list[Event], expected: dict[str, int] | None = None) -> RunState:
    state = RunState(expected)
    state.apply(Event(1.0, "run.started", "r1", data={"recipe": "x"}))
    for event in events:
        state.apply(event)
    return state


def _lines(events: list[Event], *, is_verbose: bool = False) -> list[str]:
    lines: list[str] = []
    style = PlainStyle(is_verbose=is_verbose)
    progress = Progress(Lines(style, lines.append), SystemClock(), RunState())
    for event in events:
        progress(event)
    return [line.split(" ", 1)[1] for line in lines]


def test_pages_are_counted_by_what_became_of_them() -> None:
    """Events of pages come down to one line of words."""
    url = "http://a.example/x"
    events = [event for number in range(20) for event in _page(number, number)]
    events += [
        _event(20, "document.new", "index", url),
        _event(20, "document.changed", "index", url),
        _event(20, "document.copy", "index", url),
        _event(20, "fetch.spared", "fetch", url, reason="not due"),
        _event(20, "fetch.removed", "fetch", url, status=404),
        *_lost(20, "http://b.example/1"),
    ]
    assert _state(events).fetch.words(20) == (
        "22 pages, 1 new, 1 changed, 1 spared, 1 removed, 1 copies, 1 failed, 40 MB,"
        " 1.1 pages/s"
    )


def test_speed_is_that_of_the_last_half_minute() -> None:
    """A burst an hour ago says nothing about now."""
    events = [event for number in range(100) for event in _page(1.0, number)]
    state = _state(events)
    assert state.fetch.pages_per_s(3.0) == 50
    assert state.fetch.pages_per_s(3_600) == 0
    assert state.fetch.words(3_600) == "100 pages, 200 MB"


def test_pages_have_no_lines_of_their_own() -> None:
    """Thousands of pages do not flood a log; who asks for all gets all."""
    events = [event for number in range(50) for event in _page(1.0, number)]
    assert _lines(events) == []
    assert len(_lines(events, is_verbose=True)) == 150


def test_dead_site_has_one_line() -> None:
    """The first page that fails for good tells it, tries and other pages don't."""
    events = [
        event
        for number in range(11)
        for event in _lost(1.0, f"http://b.example/{number}")
    ]
    events += _lost(2.0, "http://c.example/", name="Germany")
    assert _lines(events) == [
        "fetch/http://b.example/0: failed: Refused: no",
        "fetch/Germany: failed: Refused: no",
    ]


def test_other_stages_keep_a_line_an_item() -> None:
    """Answers of the model are few enough to be told one by one."""
    events = [
        _event(1, "task.done", "facts", "germany", seconds=2.0),
        _event(1, "task.failed", "facts", "italy", error="InvalidAnswer", message="x"),
        _event(2, "task.failed", "facts", "kenya", error="InvalidAnswer", message="x"),
    ]
    assert len(_lines(events)) == 3


def test_time_left_goes_by_the_last_run() -> None:
    """900 of 1,000 pages in 90 s leave 10 s; a last small stage is not waited for."""
    events = [
        _event(1 + n / 10, "task.done", "fetch", str(n), seconds=0.1)
        for n in range(1, 901)
    ]
    state = _state(events, {"fetch": 1_000, "publish": 1})
    assert state.eta_s(91.0) == 10.0


def test_time_left_is_unknown_before_a_large_stage_began() -> None:
    """Pages may be quick and answers slow: nobody can tell yet."""
    events = [_event(1, "task.done", "fetch", "x", seconds=0.1)]
    assert _state(events, {"fetch": 10, "facts": 10}).eta_s(5.0) is None
