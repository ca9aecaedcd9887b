"""Progress: what a run looks like while it runs."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterable

import pytest

from subak.cli.line_style import ClassicStyle, JsonStyle, PlainStyle
from subak.cli.progress import Lines, Progress, open_progress
from subak.cli.run_state import RunState
from subak.engine.events import Event, Scalar
from subak.views.wording import time_of_day

URL = "http://localhost:11434/api/chat"
KEY = "3fa9c1d2e4b5a6f7"


class _Clock:
    """A clock that stands where it was set."""

    def __init__(self, now: float = 0.0) -> None:
        self.time = now

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


class _Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def _event(
    ts: float, kind: str, stage: str = "", item: str = "", **data: Scalar
) -> Event:
    return Event(ts, kind, "r1", stage, item, data)


def _a_run() -> list[Event]:
    call: dict[str, Scalar] = {
        "key": KEY,
        "slot": 3,
        "model": "m",
        "endpoint": "ollama",
    }
    return [
        _event(100, "run.started", recipe="tax"),
        _event(100, "limiter.changed", name="ollama", limit=4, reason="measured"),
        _event(101, "task.started", "facts", "germany"),
        _event(101, "task.started", "facts", "france"),
        _event(101, "fetch.done", url="http://x/de", status=200, bytes=1500, seconds=1),
        _event(102, "call.sent", "facts", "germany", url=URL, repeated=False, **call),
        _event(104, "call.done", "facts", "germany", seconds=2, tokens_out=60, **call),
        _event(104, "fact.refused", "facts", "germany", field="vat", reason="no quote"),
        _event(104, "task.done", "facts", "germany", seconds=3.0, attempt=1),
        _event(105, "call.sent", "facts", "france", url=URL, repeated=False, **call),
        _event(
            106,
            "call.failed",
            "facts",
            "france",
            error="TimedOut",
            message="no token",
            **call,
        ),
        _event(
            106, "task.failed", "facts", "france", error="TimedOut", message="no token"
        ),
        _event(107, "output.written", path="out/tax.json"),
        _event(108, "run.finished", status="partial"),
    ]


def _state(events: Iterable[Event]) -> RunState:
    state = RunState({"facts": 5})
    for event in events:
        state.apply(event)
    return state


def _told(style: PlainStyle | ClassicStyle | JsonStyle) -> list[str]:
    lines: list[str] = []
    progress = Progress(Lines(style, lines.append), _Clock(108), RunState())
    with progress:
        for event in _a_run():
            progress(event)
    return lines


def test_state_counts_what_happened() -> None:
    """Events come down to the numbers that are shown."""
    state = _state(_a_run())
    facts = state.stages["facts"]
    assert (facts.done, facts.failed, facts.refused, facts.begun) == (1, 1, 1, 2)
    assert (state.calls_sent, state.calls_done, state.calls_failed) == (2, 1, 1)
    assert (state.tokens_out, state.refused, state.slots) == (60, 1, 4)
    assert state.outputs == ["out/tax.json"]
    assert state.status == "partial"


def test_state_knows_what_is_in_flight() -> None:
    """Calls and tasks are in flight between their first and last event."""
    state = _state(_a_run()[:6])
    assert state.open_calls == {KEY: 3}
    assert state.stages["facts"].running == {"germany", "france"}


def test_state_speed_and_time_left() -> None:
    """60 tokens in 8 s; two of five tasks in 8 s leave 12 s."""
    state = _state(_a_run())
    assert state.tokens_per_s(108) == pytest.approx(60 / 8)
    assert state.eta_s(108) == pytest.approx(12)
    assert RunState().eta_s(108) is None
    assert RunState({"facts": 5}).eta_s(108) is None


def test_state_forgets_old_tokens() -> None:
    """The speed is that of the last half minute."""
    state = _state(_a_run())
    assert state.tokens_per_s(200) == 0


def test_state_starts_anew_with_each_run() -> None:
    """A second run seen by the same listener is counted from nothing."""
    state = _state([*_a_run(), _event(200, "run.started", recipe="tax")])
    assert (state.ended, state.calls_sent, state.started) == (0, 0, 200)
    assert state.expected == {"facts": 5}


def test_plain_is_one_line_a_finished_item() -> None:
    """Nothing about single calls; every failure and refusal."""
    at = time_of_day
    assert _told(PlainStyle()) == [
        f"{at(100)} run r1 started: tax",
        f"{at(100)} ollama: 4 at once (measured)",
        f"{at(104)} facts/germany: refused vat: no quote",
        f"{at(104)} facts/germany: done in 3.0 s",
        f"{at(106)} facts/france: failed: TimedOut: no token",
        f"{at(107)} wrote out/tax.json",
        f"{at(108)} partial in 8.0 s: 2 calls, 1 task done, 1 failed, 0 facts,"
        " 1 refused",
    ]


def test_classic_is_the_family_users_grep_for() -> None:
    """The tags of the old scripts, with endpoint, model and trace id."""
    assert _told(ClassicStyle()) == [
        "[PARALLEL] Submitted 2 tasks",
        "[FETCH] http://x/de HTTP 200 1.5 kB",
        "[PARALLEL] Using 4 worker threads (slots)",
        f"[LLM-REQUEST] Thread-3 POST {URL} model=m trace={KEY[:12]}",
        f"[LLM-RESPONSE] Thread-3 HTTP 200 trace={KEY[:12]} 2.0s",
        "[WARNING] germany refused vat: no quote",
        "[COMPLETED] germany - SUCCESS stage=facts",
        f"[LLM-REQUEST] Thread-3 POST {URL} model=m trace={KEY[:12]}",
        f"[ERROR] Thread-3 Request timeout trace={KEY[:12]}",
        "[ERROR] france no token",
        "[COMPLETED] france - FAILED stage=facts",
        "[FORMAT] out/tax.json",
        "[PARALLEL] All 2 tasks completed",
    ]


def test_json_is_one_object_an_event() -> None:
    """Every event, as it is."""
    found = [json.loads(line) for line in _told(JsonStyle())]
    assert [event["kind"] for event in found] == [event.kind for event in _a_run()]
    assert found[3]["data"] == {}
    assert found[2]["item"] == "germany"


def test_long_work_is_summed_up_every_ten_seconds() -> None:
    """Silence is broken by a summary, not more often than needed."""
    lines: list[str] = []
    clock = _Clock(100)
    state = RunState({"facts": 5})
    progress = Progress(Lines(PlainStyle(), lines.append), clock, state)
    for event in _a_run()[:9]:
        progress(event)
    lines.clear()
    for clock.time in (105, 109, 111, 115, 120, 122):
        progress.tick()
    assert lines == [
        f"{time_of_day(111)} facts 1/5, 1 page, 1.5 kB, 0.1 pages/s, 0 of 4 slots,"
        " 5 tok/s, 1 refused, 44 s left",
        f"{time_of_day(122)} facts 1/5, 1 page, 1.5 kB, 0 of 4 slots, 3 tok/s,"
        " 1 refused, 1 min 28 s left",
    ]


def test_foreign_text_cannot_steer_the_terminal() -> None:
    """Escapes in a message are gone from the line."""
    lines: list[str] = []
    progress = Progress(Lines(PlainStyle(), lines.append), _Clock(), RunState())
    progress(_event(1, "note", message="\x1b[2J\x1b]0;x\x07bad\u202e", level="warning"))
    assert lines == [f"{time_of_day(1)} warning: [2J]0;xbad"]


def test_off_a_terminal_there_are_lines() -> None:
    """A file or pipe gets plain lines without any escape."""
    stream = io.StringIO()
    with open_progress(stream, _Clock(108)) as progress:
        for event in _a_run():
            progress(event)
    shown = stream.getvalue()
    assert "facts/germany: done in 3.0 s\n" in shown
    assert "\x1b" not in shown


def test_on_a_terminal_there_is_one_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block and no lines; what stays is a still summary."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    stream = _Terminal()
    with open_progress(stream, _Clock(108), expected={"facts": 5}) as progress:
        for event in _a_run():
            progress(event)
    shown = stream.getvalue()
    assert "done in 3.0 s" not in shown
    assert "0 of 4 slots" in shown
    last = [line.rstrip() for line in shown.splitlines()[-2:]]
    assert "facts  ━━━" in last[0]
    assert last[0].endswith("2/5  1 refused, 1 failed")
    assert last[1] == (
        "partial in 8.0 s: 2 calls, 1 task done, 1 failed, 0 facts, 1 refused"
    )


def test_quiet_shows_nothing() -> None:
    """`-q` is silence."""
    stream = io.StringIO()
    with open_progress(stream, _Clock(), is_quiet=True) as progress:
        for event in _a_run():
            progress(event)
    assert stream.getvalue() == ""


def test_progress_ticks_while_a_loop_is_silent() -> None:
    """A timer of the loop tells of long silent work, and ends with the run."""

    class Counting(Lines):
        ticks = 0

        def tick(self, state: RunState, now: float, /) -> None:
            self.ticks += 1

    renderer = Counting(PlainStyle(), str)

    async def scenario() -> int:
        with Progress(renderer, _Clock(), RunState()) as progress:
            progress(_event(1, "run.started"))
            before = renderer.ticks
            await asyncio.sleep(1.1)
            during = renderer.ticks - before
            progress(_event(2, "run.finished"))
        return during

    assert asyncio.run(scenario()) == 1
