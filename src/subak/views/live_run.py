"""LiveRun: a run as it stands, kept up to date by reading only what is new."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import apsw

from subak.engine.events import Event
from subak.views.call_rows import SentRow, list_under_way
from subak.views.deadline import Prospect, RunDeadline, read_deadline
from subak.views.history import read_expected
from subak.views.item_failure import ItemFailure
from subak.views.live_tail import LiveTail, NewCall, NewTask
from subak.views.pace import Pace
from subak.views.runs import Run, Session, find_previous, get_run, read_sessions
from subak.views.tallies import StageTally, read_tallies
from subak.views.tasks import FailedAttempt, Task, read_running, stage_order
from subak.views.time_left import StageWork, time_left
from subak.views.wording import number_of, text_of

_KINDS = (
    *("run.started", "run.resumed", "run.draining", "task.failed"),
    *("fact.proved", "fact.refused", "limiter.changed", "limiter.level"),
    *("output.written", "machine.sampled", "machine.eased"),
)
_LEAST_BAR_S = 0.05  # a call shorter than this would not be seen in the chart
_Place = tuple[str, str]


@dataclass(slots=True)
class LiveStage:
    """The tasks and calls of one stage so far.

    Args:
        began: When its first task began, infinite while none has.
        states: How many tasks ended how.
        lost: Failures without a task: sources that handed nothing out.
        expected: Tasks of the recipe's last whole run, 0 where none is known.
    """

    name: str
    began: float = math.inf
    states: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    running: int = 0
    expected: int = 0
    calls: int = 0
    tokens_out: int = 0
    refused: int = 0

    @property
    def failed(self) -> int:
        """Return how many tasks failed, and sources."""
        return self.states["failed"] + self.lost

    @property
    def ended(self) -> int:
        """Return how many tasks have ended, in whatever way."""
        return self.states.total() + self.lost

    @property
    def total(self) -> int:
        """Return how many tasks there will be, at least those known of."""
        return max(self.expected, self.ended + self.running)


@dataclass(slots=True)
class LiveCategory:
    """The tasks of one category so far, by stage."""

    name: str
    stages: defaultdict[str, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    running: Counter[str] = field(default_factory=Counter)

    def count(self, state: str) -> int:
        """Return how many of its tasks ended so."""
        return sum(states[state] for states in self.stages.values())


class LiveRun:
    """One run; ``look`` takes in what is new.

    Guarantees: a look costs what is new since the last one, the first what is there.
    Assumes: one look at a time.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.categories: dict[str, LiveCategory] = {}
        self.running: tuple[Task, ...] = ()
        self.under_way: tuple[SentRow, ...] = ()
        self.calls_at_once, self.tokens = Pace(), Pace()
        self.limit_words = ""
        self.calls_sent = self.calls_failed = 0
        self.tokens_in = self.tokens_out = 0
        self.proved = self.refused = 0
        self.outputs: dict[str, float] = {}
        self.deadline: RunDeadline | None = None
        self.machine: Event | None = None
        self.easing = ""
        self.is_draining = False
        self._stages: dict[str, LiveStage] = {}
        self._order: dict[str, int] = {}
        self._tail = LiveTail(run.id)
        self._tasks: dict[_Place, tuple[str, str]] = {}
        self._category_of: dict[str, str] = {}
        self._lost: set[_Place] = set()
        self._attempts: dict[_Place, FailedAttempt] = {}
        self._failed_at: dict[_Place, float] = {}
        self._limits: list[tuple[float, str, int]] = []
        self._servers: set[str] = set()
        self._known_servers: set[tuple[str, str]] = set()
        self._starts: list[float] = []
        self._past: tuple[Session, ...] = ()
        self._last = run.started
        self.last_answer: float | None = None

    @property
    def stages(self) -> list[LiveStage]:
        """Return the stages as they began, then those that others runs had."""
        return sorted(
            self._stages.values(),
            key=lambda one: (one.began, self._order.get(one.name, len(self._order))),
        )

    @property
    def limit_steps(self) -> list[tuple[float, int]]:
        """Return when how many calls were allowed at once, all servers together."""
        now: dict[str, int] = {}
        steps = []
        for ts, name, limit in self._limits:
            if name in self._servers:
                now[name] = limit
                steps.append((ts, sum(now.values())))
        return steps

    def look(self, db: apsw.Connection) -> None:
        """Take in what the journal has that was not there at the last look."""
        with db:  # one state of the journal for all reads
            self.run = get_run(db, self.run.id)
            if not self._starts:
                self._expect(db)
            self._take_events(self._tail.events(db, _KINDS))
            self._take_tasks(self._tail.tasks(db))
            self._take_calls(self._tail.calls(db))
            self._take_attempts(self._tail.attempts(db))
            self._take_tallies(read_tallies(db, self.run.id))
            self.deadline = read_deadline(db, self.run.id)
            is_over = self.run.ended is not None
            self.running = () if is_over else tuple(read_running(db, self.run.id))
            self.under_way = () if is_over else tuple(list_under_way(db, self.run.id))
            if len(self._starts) > len(self._past) + 1:
                self._past = tuple(read_sessions(db, self.run)[:-1])
        self._count_running()
        self._count_lost()

    def sessions(self, now: float, *, is_alive: bool) -> tuple[Session, ...]:
        """Return when it was worked on; the last one lasts until now while it does."""
        start = self._starts[-1] if self._starts else self.run.started
        end = self.run.ended or (now if is_alive else self._last)
        return (*self._past, Session(start, max(start, end)))

    def status(self, *, is_alive: bool) -> str:
        """Return the word for how it stands."""
        if self.run.status != "running":
            return self.run.status
        if not is_alive:
            return "interrupted"
        return "stopping" if self.is_draining else "running"

    def seconds_left(self, seconds: float) -> float | None:
        """Return how long it still takes, None while nobody can know.

        Args:
            seconds: How long it has been worked on.
        """
        stages = {
            name: StageWork(
                total=stage.total,
                worked=stage.states["done"] + stage.failed,
                cached=stage.states["cached"],
                ended=stage.ended,
            )
            for name, stage in self._stages.items()
            if stage.expected
        }
        return time_left(stages, seconds)

    def prospect(self, now: float, left_s: float | None) -> Prospect | None:
        """Return whether its deadline will be met, None without one."""
        if self.deadline is None:
            return None
        end = self.run.ended or (None if left_s is None else now + left_s)
        return Prospect(self.deadline, end)

    def count(self, state: str) -> int:
        """Return how many tasks ended so."""
        lost = len(self._lost) if state == "failed" else 0
        return lost + sum(stage.states[state] for stage in self._stages.values())

    def failures(self, most: int) -> list[ItemFailure]:
        """Return the tasks that failed, the newest first."""
        times = self._failed_at
        places = sorted(times, key=lambda place: -times[place])
        return [self._failure(place) for place in places[:most]]

    def _failure(self, place: _Place) -> ItemFailure:
        stage, item = place
        told = self._attempts.get(place)
        if told is None:
            hint = f"subak logs --failed, or subak why {item}"
            return ItemFailure(item, stage, "failed, no reason recorded", hint)
        return ItemFailure(
            item, stage, told.message, told.hint, told.error, where=told.where
        )

    def _stage(self, name: str) -> LiveStage:
        found = self._stages.get(name)
        if found is None:
            found = self._stages[name] = LiveStage(name)
        return found

    def _expect(self, db: apsw.Connection) -> None:
        """Learn from the runs before which stages there will be, and how large."""
        for name, number in read_expected(db, self.run.recipe).items():
            self._stage(name).expected = number
        before = find_previous(db, self.run)
        if before is not None:
            names = stage_order(db, before.id)
            self._order = {name: place for place, name in enumerate(names)}

    def _take_events(self, events: Iterable[Event]) -> None:
        for event in events:
            self._last = max(self._last, event.ts)
            kind = event.kind
            if kind in ("run.started", "run.resumed"):
                self._starts.append(event.ts)
                self.is_draining = False
                self._forget_lost()
            elif kind == "run.draining":
                self.is_draining = True
            elif kind == "task.failed":
                self._failed_at[event.stage, event.item] = event.ts
                self._lost.add((event.stage, event.item))
            elif kind.startswith("limiter."):
                self._take_limit(event)
            elif kind == "machine.sampled":
                self.machine = event
            elif kind == "machine.eased":
                is_over = event.data.get("most") is None
                self.easing = "" if is_over else text_of(event.data.get("words"))
            elif kind == "fact.proved":
                self.proved += 1
            elif kind == "fact.refused":
                self.refused += 1
                self._stage(event.stage).refused += 1
            else:
                self.outputs[text_of(event.data.get("path"))] = event.ts

    def _forget_lost(self) -> None:
        """Start anew: a run that is taken up again asks its sources again."""
        for place in self._lost:
            self._failed_at.pop(place, None)
        self._lost.clear()

    def _take_limit(self, event: Event) -> None:
        name = text_of(event.data.get("name"))
        limit = int(number_of(event.data.get("limit")))
        before = int(number_of(event.data.get("before")))
        reason = text_of(event.data.get("reason"))
        if before and reason:
            self.limit_words = f"{before} → {limit}: {reason}"
        self._limits.append((event.ts, name, limit))

    def _take_tasks(self, tasks: Iterable[NewTask]) -> None:
        for task in tasks:
            place = (task.stage, task.item)
            stage = self._stage(task.stage)
            stage.began = min(stage.began, task.started)
            self._last = max(self._last, task.ended)
            self._lost.discard(place)
            state = task.state
            if place in self._tasks:
                old, category = self._tasks[place]
                stage.states[old] -= 1
                self._category(category).stages[task.stage][old] -= 1
                if state == "cached" and old == "done":
                    state = "done"  # this run did it itself, before it was resumed
            stage.states[state] += 1
            self._category(task.category).stages[task.stage][state] += 1
            self._tasks[place] = state, task.category
            self._category_of[task.item] = task.category
            if state == "failed":
                self._failed_at.setdefault(place, task.ended)
            else:
                self._failed_at.pop(place, None)
                self._attempts.pop(place, None)

    def _category(self, name: str) -> LiveCategory:
        found = self.categories.get(name)
        if found is None:
            found = self.categories[name] = LiveCategory(name)
        return found

    def _take_calls(self, calls: Iterable[NewCall]) -> None:
        for name, server, started, seconds, first, read, made, is_failed in calls:
            end = started + seconds
            if end > self._last:
                self._last = end
            if server not in self._known_servers:
                self._known_servers.add(server)
                self._servers.update(server)
            stage = self._stage(name)
            stage.calls += 1
            self.calls_sent += 1
            self.calls_at_once.add(started, end)
            if is_failed:
                self.calls_failed += 1
                continue
            stage.tokens_out += made
            self.tokens_in += read
            self.tokens_out += made
            if self.last_answer is None or end > self.last_answer:
                self.last_answer = end
            if made:
                begun = min(started + (first or 0.0), end - _LEAST_BAR_S)
                self.tokens.add(begun, end, made / (end - begun))

    def _take_attempts(
        self, attempts: Iterable[tuple[FailedAttempt, NewCall | None]]
    ) -> None:
        for attempt, call in attempts:
            place = (attempt.stage, attempt.item)
            known = self._attempts.get(place)
            if attempt.kind == "task" or known is None or known.kind != "task":
                self._attempts[place] = attempt
            if call is not None:
                self._take_calls((call,))

    def _take_tallies(self, tallies: Iterable[StageTally]) -> None:
        """Take over the numbers of stages that keep no row for each task."""
        for tally in tallies:
            self._stage(tally.stage).states = tally.to_counter()
            self._lost = {place for place in self._lost if place[0] != tally.stage}

    def _count_running(self) -> None:
        """Count what is being done; of what is done anew the end before is past."""
        for stage in self._stages.values():
            stage.running = 0
        for category in self.categories.values():
            category.running.clear()
        for task in self.running:
            stage = self._stage(task.stage)
            stage.running += 1
            stage.began = min(stage.began, task.started)
            name = self._category_of.get(task.item, task.item)
            if name in self.categories:
                self.categories[name].running[task.stage] += 1
        self._servers.update(call.endpoint for call in self.under_way)
        self._servers.update(call.model for call in self.under_way)

    def _count_lost(self) -> None:
        for stage in self._stages.values():
            stage.lost = 0
        for name, _ in self._lost:
            self._stage(name).lost += 1
