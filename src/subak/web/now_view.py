"""now_values: what the page "Now" says about a run, made of a LiveRun. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subak.engine.events import Event
from subak.views.category_state import OF_CATEGORIES
from subak.views.chart import AreaChart, Series, area_chart
from subak.views.deadline import Prospect
from subak.views.item_failure import ItemFailure
from subak.views.live_run import LiveCategory, LiveRun, LiveStage
from subak.views.pace import Pace
from subak.views.runs import Session
from subak.views.timescale import scale_of
from subak.views.wording import count, duration, number_of, size

MOST_FAILURES = 12
MOST_CATEGORIES = 60
MOST_FILES = 8
MOST_RUNNING = 6
_COLUMNS = 120
_WINDOW_S = 600.0
_RECENT_S = 10.0


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage as a line: how far it is, and what went wrong.

    Args:
        percent: Of the tasks known or expected, None where no total is known.
    """

    name: str
    ended: int
    total: int
    failed: int
    running: int
    words: str
    calls: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category as a line: what it is at, and how far."""

    name: str
    state: str
    words: str
    done: int
    failed: int


@dataclass(frozen=True, slots=True)
class NowView:
    """A run as the page shows it.

    Args:
        lead: The run in one sentence.
        left: How long it still takes, in words, "" while nobody can know.
        machine: How the machine fares while the run is at work, "" when not told.
        published: How much of what is published is of this run, "" before its end.
        easing: Why fewer calls run at once than might, "" when none are held back.
        deadline: When it was to be done and whether it will be, "" without one.
        at_once: Calls under way now.
        limit: Calls allowed at once, None while unknown.
        speed: Generated tokens per second, over the last seconds.
    """

    run: str
    recipe: str
    status: str
    started: float
    lead: str
    left: str
    seconds: float
    done: int
    cached: int
    failed: int
    calls: int
    calls_failed: int
    proved: int
    refused: int
    at_once: int
    limit: int | None
    limit_words: str
    speed: float
    tokens_out: int
    stages: tuple[StageRow, ...]
    categories: tuple[CategoryRow, ...]
    charts: tuple[AreaChart, ...]
    failures: tuple[ItemFailure, ...]
    running: tuple[str, ...]
    outputs: tuple[str, ...]
    deadline: str = ""
    is_late: bool = False
    machine: str = ""
    easing: str = ""
    published: str = ""


def now_view(live: LiveRun, now: float, *, is_alive: bool) -> NowView:
    """Return how a run stands at this moment."""
    sessions = live.sessions(now, is_alive=is_alive)
    seconds = sum(session.seconds for session in sessions)
    status = live.status(is_alive=is_alive)
    is_going = status in ("running", "stopping")
    left = live.seconds_left(seconds) if status == "running" else None
    steps = live.limit_steps
    prospect = live.prospect(now, left)
    return NowView(
        run=live.run.id,
        recipe=live.run.recipe,
        status=status,
        started=live.run.started,
        lead=_lead(live, seconds, status),
        left=duration(left) if left is not None and left >= 1 else "",
        seconds=seconds,
        done=live.count("done"),
        cached=live.count("cached"),
        failed=live.count("failed"),
        calls=live.calls_sent + len(live.under_way),
        calls_failed=live.calls_failed,
        proved=live.proved,
        refused=live.refused,
        at_once=len(live.under_way) if is_going else 0,
        limit=steps[-1][1] if steps else None,
        limit_words=live.limit_words,
        speed=_speed(live, sessions, is_going=is_going),
        tokens_out=live.tokens_out,
        stages=tuple(_stage_row(stage) for stage in live.stages),
        categories=_category_rows(live, is_going=is_going),
        charts=_charts(live, sessions, is_going=is_going),
        failures=tuple(live.failures(MOST_FAILURES)),
        running=tuple(f"{task.stage}/{task.item}" for task in live.running)
        if is_going
        else (),
        outputs=tuple(live.outputs),
        deadline=_deadline_words(prospect) if prospect else "",
        is_late=prospect is not None and prospect.is_met is False,
        machine=_machine_words(live.machine) if live.machine and is_going else "",
        easing=live.easing if is_going else "",
    )


def _lead(live: LiveRun, seconds: float, status: str) -> str:
    """Return the run in one sentence."""
    done, cached = live.count("done"), live.count("cached")
    failed = live.count("failed")
    words = f"{count(done + cached, 'task')} done in {duration(seconds)}"
    if cached:
        words += f", {count(cached)} of them taken from the journal"
    if failed:
        words += f"; {count(failed)} failed"
    ends = {
        "stopping": ". Stopping: what is under way is finished and kept.",
        "interrupted": ". It was stopped: starting it again goes on where it was.",
    }
    return words + ends.get(status, ".")


def _deadline_words(prospect: Prospect) -> str:
    """Return when a run was to be done, and whether it will be."""
    deadline = prospect.deadline
    words = f"To be done by {deadline.told} ({deadline.zone}): "
    if deadline.left:
        left = ", ".join(deadline.left)
        return f"{words}that time has passed. Left for the next run: {left}."
    if deadline.is_passed:
        return f"{words}that time has passed; what was begun is finished."
    if prospect.end is None:
        return f"{words}nobody can know yet whether it will be."
    spare = deadline.at - prospect.end
    if spare < 0:
        return f"{words}it will be about {duration(-spare)} late."
    return f"{words}it will be, with about {duration(spare)} to spare."


def _machine_words(sampled: Event) -> str:
    """Return how the machine fares."""
    data = sampled.data
    heat = data.get("temperature")
    words = f"processors {number_of(data.get('cpu')):.0%} busy,"
    words += f" {size(number_of(data.get('memory_free')))} of memory free"
    return words if heat is None else f"{words}, {number_of(heat):.0f} °C"


def _stage_row(stage: LiveStage) -> StageRow:
    states = stage.states
    pairs = (
        (stage.running, "at work"),
        (states["cached"], "from the journal"),
        (stage.refused, "values refused"),
        (states["skipped"], "skipped"),
    )
    words = [f"{count(number)} {word}" for number, word in pairs if number]
    return StageRow(
        name=stage.name,
        ended=stage.ended,
        total=stage.total,
        failed=stage.failed,
        running=stage.running,
        words=", ".join(words),
        calls=stage.calls,
        tokens_out=stage.tokens_out,
    )


def _category_rows(live: LiveRun, *, is_going: bool) -> tuple[CategoryRow, ...]:
    """Return a line for each category; what failed first, then what is at work."""
    order = {stage.name: place for place, stage in enumerate(live.stages)}
    rows = [
        _category_row(category, order, is_going=is_going)
        for name, category in live.categories.items()
        if name
        and category.count("done")
        + category.count("cached")
        + category.count("failed")
        + category.running.total()
    ]
    ranks = {"failed": 0, "at work": 1}
    rows.sort(key=lambda row: (ranks.get(row.state, 2), row.name))
    return tuple(rows[:MOST_CATEGORIES])


def _category_row(
    category: LiveCategory, order: Mapping[str, int], *, is_going: bool
) -> CategoryRow:
    failed = category.count("failed")
    own = [name for name in OF_CATEGORIES if name in order]
    has_failed = any(category.stages[name]["failed"] for name in own)
    is_done = bool(own) and category.stages[max(own, key=order.__getitem__)].total() > 0
    reached = [name for name, states in category.stages.items() if states.total()]
    reached.sort(key=lambda name: order.get(name, 0))
    running = category.running if is_going else Counter[str]()
    if running:
        words = ", ".join(f"{name} ({number})" for name, number in running.items())
    elif reached:
        words = f"up to {reached[-1]}"
    else:
        words = ""
    if has_failed or (failed and not own and not is_going):
        state = "failed"
    elif running:
        state = "at work"
    else:
        state = "done" if is_done or not is_going else "waiting"
    return CategoryRow(
        name=category.name,
        state=state,
        words=words,
        done=category.count("done") + category.count("cached"),
        failed=failed,
    )


def _speed(live: LiveRun, sessions: Sequence[Session], *, is_going: bool) -> float:
    """Return tokens per second: of late while it goes, else over the whole run.

    A call counts when it is answered, so that the newest seconds are still empty: the
    span ends with the last answer.
    """
    seconds = sum(session.seconds for session in sessions)
    if not is_going:
        return live.tokens_out / seconds if seconds > 0 else 0.0
    end = live.last_answer
    if end is None:
        return 0.0
    start = max(sessions[-1].started, end - _RECENT_S)
    found = live.tokens.levels((Session(start, end),), 1)
    return found[0] if found else 0.0


def _charts(
    live: LiveRun, sessions: Sequence[Session], *, is_going: bool
) -> tuple[AreaChart, ...]:
    """Return calls at once and tokens per second, of a going run the last minutes."""
    if not live.calls_sent:
        return ()
    last = sessions[-1]
    if is_going and last.seconds > 0:
        sessions = (Session(max(last.started, last.ended - _WINDOW_S), last.ended),)
    scale = scale_of(sessions)
    if scale.seconds <= 0:
        return ()
    flights = _flights(live, sessions)
    steps = _steps_within(live.limit_steps, sessions[0].started)
    since = f", over the last {duration(scale.seconds)}" if is_going else ""
    in_flight = Series(
        id="flight",
        title="Calls at once",
        words=f"{sum(flights) / _COLUMNS:.1f} on average, {max(flights):.0f} at most"
        + since,
        unit="calls",
        values=flights,
        limit=[(scale.percent(ts), float(limit)) for ts, limit in steps],
    )
    pace = live.tokens.levels(sessions, _COLUMNS)
    speed = Series(
        id="speed",
        title="Tokens per second",
        words=f"{sum(pace) / _COLUMNS:,.0f} on average, {max(pace):,.0f} at most"
        + since,
        unit="tokens/s",
        values=pace,
    )
    return area_chart(in_flight, scale), area_chart(speed, scale)


def _steps_within(
    steps: Sequence[tuple[float, int]], start: float
) -> list[tuple[float, int]]:
    """Return the steps of the chart's span, the one before it moved to its start."""
    before = [step for step in steps if step[0] <= start]
    after = [step for step in steps if step[0] > start]
    return ([(start, before[-1][1])] if before else []) + after


def _flights(live: LiveRun, sessions: Sequence[Session]) -> list[float]:
    """Return the calls at once, those among them that are still under way."""
    under_way = Pace()
    for call in live.under_way:
        under_way.add(call.started, sessions[-1].ended)
    ended = live.calls_at_once.levels(sessions, _COLUMNS)
    going = under_way.levels(sessions, _COLUMNS)
    return [one + other for one, other in zip(ended, going, strict=True)]
