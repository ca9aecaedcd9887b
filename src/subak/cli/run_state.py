"""RunState: what the events of a run come down to while it runs. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from subak.cli.fetch_state import FetchState
from subak.engine.events import Event
from subak.views.time_left import StageWork, time_left
from subak.views.wording import number_of, text_of

_WINDOW_S = 30.0
_TASK_ENDS = ("task.done", "task.cached", "task.failed", "task.skipped")


@dataclass(slots=True)
class StageState:
    """The tasks of one stage so far.

    Args:
        running: Items begun and not ended.
        refused: Values that were proposed there and not proved.
    """

    name: str
    done: int = 0
    cached: int = 0
    failed: int = 0
    skipped: int = 0
    refused: int = 0
    running: set[str] = field(default_factory=set)

    @property
    def ended(self) -> int:
        """Return how many tasks have ended, in whatever way."""
        return self.done + self.cached + self.failed + self.skipped

    @property
    def begun(self) -> int:
        """Return how many tasks are known of."""
        return self.ended + len(self.running)


class RunState:
    """The numbers of a run, kept up to date event by event.

    Args:
        expected: Number of tasks of each stage, where a plan has told it.
    """

    def __init__(self, expected: Mapping[str, int] | None = None) -> None:
        self.expected = dict(expected or {})
        self._limits: dict[str, int] = {}
        self._begin("", "", 0.0)

    def _begin(self, run: str, recipe: str, started: float) -> None:
        """Start counting from nothing: a listener may see several runs."""
        self.run = run
        self.recipe = recipe
        self.status = "running" if run else ""
        self.started = started
        self.now = started
        self.stages: dict[str, StageState] = {}
        self.open_calls: dict[str, int] = {}
        self.calls_sent = 0
        self.calls_done = 0
        self.calls_failed = 0
        self.tokens_out = 0
        self.proved = 0
        self.refused = 0
        self.fetch = FetchState()
        self.outputs: list[str] = []
        self.warnings = 0
        self._endpoints: set[str] = set()
        self._tokens: deque[tuple[float, int]] = deque()

    def apply(self, event: Event) -> None:
        """Take one event into account."""
        if event.ts > self.now:
            self.now = event.ts
        family = event.kind.partition(".")[0]
        if family == "call":  # by far the most
            self._apply_call(event)
        elif family == "task":
            self._apply_task(event)
        elif family == "run":
            self._apply_run(event)
        elif family in ("fetch", "document"):
            self.fetch.apply(event)
        elif family == "limiter":
            name = text_of(event.data.get("name"))
            self._limits[name] = int(number_of(event.data.get("limit")))
        else:
            self._apply_rest(event)

    @property
    def done(self) -> int:
        """Return how many tasks were done or found done."""
        return sum(stage.done + stage.cached for stage in self.stages.values())

    @property
    def failed(self) -> int:
        """Return how many tasks failed."""
        return sum(stage.failed for stage in self.stages.values())

    @property
    def ended(self) -> int:
        """Return how many tasks have ended."""
        return sum(stage.ended for stage in self.stages.values())

    @property
    def begun(self) -> int:
        """Return how many tasks are known of."""
        return sum(stage.begun for stage in self.stages.values())

    @property
    def slots(self) -> int | None:
        """Return how many model calls may run at once, None while unknown."""
        limits = [self._limits[name] for name in self._endpoints & set(self._limits)]
        return sum(limits) if limits else None

    def total(self, stage: str) -> int:
        """Return the expected number of tasks of a stage, at least those known of."""
        begun = self.stages[stage].begun if stage in self.stages else 0
        return max(self.expected.get(stage, 0), begun)

    def seconds(self, now: float) -> float:
        """Return how long the run has been worked on."""
        return max(now - self.started, 0.0) if self.started else 0.0

    def tokens_per_s(self, now: float) -> float:
        """Return generated tokens per second over the last half minute."""
        recent = [tokens for ts, tokens in self._tokens if ts > now - _WINDOW_S]
        span = min(_WINDOW_S, self.seconds(now))
        return sum(recent) / span if span > 0 else 0.0

    def eta_s(self, now: float) -> float | None:
        """Return the seconds still to go, None while nobody can know."""
        work = {name: self._work(name) for name in self.expected}
        return time_left(work, self.seconds(now))

    def _work(self, stage: str) -> StageWork:
        state = self.stages.get(stage, StageState(stage))
        return StageWork(
            total=self.total(stage),
            worked=state.done + state.failed,
            cached=state.cached,
            ended=state.ended,
        )

    def _apply_run(self, event: Event) -> None:
        if event.kind in ("run.started", "run.resumed"):
            self._begin(event.run, text_of(event.data.get("recipe")), event.ts)
        elif event.kind == "run.draining":
            self.status = "stopping"
        else:
            self.status = text_of(event.data.get("status")) or "finished"

    def _apply_task(self, event: Event) -> None:
        stage = self.stages.setdefault(event.stage, StageState(event.stage))
        if event.kind == "task.started":
            stage.running.add(event.item)
        elif event.kind in _TASK_ENDS:
            stage.running.discard(event.item)
            state = event.kind.removeprefix("task.")
            setattr(stage, state, getattr(stage, state) + 1)
        if event.kind == "task.failed":
            self.fetch.fail(event)

    def _apply_call(self, event: Event) -> None:
        kind, data = event.kind, event.data
        key = text_of(data.get("key"))
        if kind == "call.sent":
            self.calls_sent += 1
            self.open_calls[key] = int(number_of(data.get("slot")))
            self._endpoints.add(text_of(data.get("endpoint")))
            self._endpoints.add(text_of(data.get("model")))
        elif kind == "call.done":
            self.calls_done += 1
            self.open_calls.pop(key, None)
            tokens = int(number_of(data.get("tokens_out")))
            self.tokens_out += tokens
            self._tokens.append((event.ts, tokens))
            while self._tokens[0][0] <= event.ts - _WINDOW_S:
                self._tokens.popleft()
        elif kind == "call.failed":
            self.calls_failed += 1
            self.open_calls.pop(key, None)

    def _apply_rest(self, event: Event) -> None:
        if event.kind == "fact.proved":
            self.proved += 1
        elif event.kind == "fact.refused":
            self.refused += 1
            if event.stage in self.stages:
                self.stages[event.stage].refused += 1
        elif event.kind == "output.written":
            path = text_of(event.data.get("path"))
            if path not in self.outputs:
                self.outputs.append(path)
        elif event.kind == "map.progress":
            self._apply_map(event)
        elif event.kind in ("note", "journal.damaged"):
            level = text_of(event.data.get("level"))
            self.warnings += level in ("warning", "error") or event.kind != "note"

    def _apply_map(self, event: Event) -> None:
        """Take over the numbers of rows, which have no events of their own."""
        stage = self.stages.setdefault(event.stage, StageState(event.stage))
        for state in ("done", "cached", "failed"):
            setattr(stage, state, int(number_of(event.data.get(state))))
        if event.data.get("total") is not None:
            self.expected[event.stage] = int(number_of(event.data["total"]))
