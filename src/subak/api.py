"""What the command line, a notebook or a server calls: plan, run, search, report."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import json
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from subak.engine.blobs import Blobs
from subak.engine.clock import Clock, SystemClock, publication_time
from subak.engine.control import Control as Control
from subak.engine.curfew import Curfew
from subak.engine.events import Listener
from subak.engine.journal import Journal
from subak.engine.options import RunOptions
from subak.engine.outcome import Outcome
from subak.engine.runner import Runner
from subak.engine.stage import Stage
from subak.engine.steady_clock import SteadyClock
from subak.engine.store import Store, open_reader
from subak.engine.workspace import Workspace
from subak.errors import StorageError, SubakError, WorkspaceBusy
from subak.llm.client import Model
from subak.mapping.run_beside import run_beside
from subak.recipes.build import build, source_specs
from subak.recipes.caring import caring
from subak.recipes.closing import closing
from subak.recipes.load import SHIPPED, find_recipe, load_recipe
from subak.recipes.people import People
from subak.recipes.resources import (
    Durable,
    Resources,
    Surroundings,
    open_resources,
)
from subak.recipes.run_turn import run_turn
from subak.recipes.schema import Recipe
from subak.recipes.selection import Selection
from subak.recipes.settings import Settings, load_settings
from subak.recipes.timing import deadline_of
from subak.views.summary import RunSummary, run_summary
from subak.views.wording import duration

if TYPE_CHECKING:
    from subak.answering.face import aask as aask
    from subak.answering.face import ask as ask
    from subak.answering.face import search as search
    from subak.evaluation.face import evaluate as evaluate
    from subak.evaluation.face import verify as verify
    from subak.recipes.exporting import Exported as Exported
    from subak.recipes.exporting import export as export
    from subak.recipes.plan import Plan

# Loaded on first use: a run needs none of them, and they take 10 MB and 0.4 s.
_HOMES: Mapping[str, str] = MappingProxyType(
    {
        "Exported": "subak.recipes.exporting",
        "aask": "subak.answering.face",
        "ask": "subak.answering.face",
        "evaluate": "subak.evaluation.face",
        "export": "subak.recipes.exporting",
        "search": "subak.answering.face",
        "verify": "subak.evaluation.face",
    }
)
# Enough for a server that answers hundreds at once; a task holds one document.
_IN_FLIGHT = 512


def __getattr__(name: str) -> object:
    """Load what a run does not need on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'subak.api' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is asked of one run.

    Args:
        recipe: A recipe file, a folder with a ``recipe.toml``, or a shipped name.
        model: Model spec or name that overrides the recipe's.
        max_parallel: Upper bound of model calls at once.
        only: Last stage to run; what comes behind it is left alone.
        items: Glob over item ids and entities.
        limit: At most that many pages of each source.
        refresh: Stages to make anew.
        seed: Of everything random.
        workers: Processes for reading pages; None takes one a processor, 0 does it
            in this process (a notebook, a test).
        deadline: Time of day to be done by, over the recipe's; "none" for none.
        is_scheduled: Begin only if the recipe's schedule says so, and wait for another
            run or leave it to that one, as the recipe says.
    """

    recipe: str
    model: str | None = None
    max_parallel: int | None = None
    only: str | None = None
    items: str | None = None
    limit: int | None = None
    refresh: frozenset[str] = frozenset()
    seed: int = 0
    workers: int | None = None
    deadline: str | None = None
    is_scheduled: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request with its files read: what a run starts from."""

    request: RunRequest
    recipe: Recipe
    workspace: Workspace
    settings: Settings

    @property
    def model(self) -> str:
        """Return the spec of the model to ask.

        A flag or ``SUBAK_MODEL`` beats the recipe, the recipe beats config files.
        """
        wanted = self.request.model or os.environ.get("SUBAK_MODEL", "")
        name = wanted or self.recipe.model.use or self.settings.model
        return self.settings.models.get(name, name)

    @property
    def max_parallel(self) -> int | None:
        """Return the smallest of the bounds given, None for no bound."""
        given = (self.settings.max_parallel, self.recipe.model.max_parallel)
        return min((bound for bound in given if bound is not None), default=None)


def prepare(request: RunRequest) -> Prepared:
    """Read the recipe and the settings.

    Raises:
        UserError: One of them is missing or wrong; every mistake is told.
    """
    path = find_recipe(request.recipe)
    recipe = load_recipe(path)
    ships = path.is_relative_to(SHIPPED)
    folder = Path(recipe.name) if ships else path.parent
    flags = {"model": request.model, "max_parallel": request.max_parallel}
    settings = load_settings(folder, os.environ, flags)
    return Prepared(request, recipe, Workspace(folder), settings.settings)


async def arun(
    request: RunRequest,
    *,
    listeners: Sequence[Listener] = (),
    control: Control | None = None,
    clock: Clock | None = None,
    on_wait: Callable[[WorkspaceBusy], None] | None = None,
) -> RunSummary:
    """Run or resume a recipe and return what came of it.

    Args:
        on_wait: Told by whom the workspace is held, when a scheduled run waits.

    Raises:
        UserError: Recipe, settings or workspace are wrong, or another run is on.
        NotNow: It is a scheduled run, and none is due, or another one is on.
        Unreachable: The model can't be reached; the run stays resumable.
    """
    prepared = prepare(request)
    wall = clock or SystemClock()
    turn = run_turn(
        prepared.recipe,
        prepared.workspace,
        wall,
        is_scheduled=request.is_scheduled,
        control=control,
        on_wait=on_wait,
    )
    async with turn as waited_s:
        clock = SteadyClock(wall)
        section = prepared.recipe.schedule
        deadline = deadline_of(section, request.deadline, wall.now())
        Blobs(prepared.workspace.blobs).remove_leftovers()
        async with _open_journal(prepared.workspace, clock) as (store, journal):
            durable = Durable(store, journal, clock)
            people = People(prepared.recipe, prepared.workspace, durable)
            for listener in listeners:
                journal.subscribe(listener)
            run = await journal.begin_run(
                prepared.recipe.name, recipe_digest(prepared.recipe), _options(request)
            )
            if waited_s:
                words = duration(waited_s)
                journal.emit("note", message=f"waited {words} for another run")
            try:
                async with _open(prepared, store, journal, clock) as resources:
                    care = caring(prepared.recipe, resources.model, journal, wall)
                    with closing(deadline, journal, wall) as curfew, care:
                        outcome = await _execute(prepared, resources, control, curfew)
            except (SubakError, asyncio.CancelledError) as error:
                people.note_break(error)
                await journal.end_run(run.id, "interrupted", "")
                await people.tell_break(error, run.id)
                raise
            status = _status(outcome, curfew)
            await store.flush()
            summary = run_summary(store.read(), run.id, status=status)
            await journal.end_run(run.id, status, json.dumps(summary.to_json()))
            await people.tell(run.id)
            return summary


def run(request: RunRequest, *, listeners: Sequence[Listener] = ()) -> RunSummary:
    """Run or resume a recipe; see ``arun``. Works where a loop is running, too."""
    control = Control()
    return run_beside(
        lambda: arun(request, listeners=listeners, control=control), control.drain
    )


async def aplan(request: RunRequest) -> Plan:
    """Return what a run would find cached, what it would do, and what that costs.

    Raises:
        UserError: Recipe, settings or workspace are wrong.
    """
    from subak.engine.forecast import forecast
    from subak.recipes.outlook import find_outlook
    from subak.recipes.plan import make_plan
    from subak.recipes.source_plan import plan_sources
    from subak.views.history import read_history

    prepared = prepare(request)
    clock = SystemClock()
    async with (
        _open_journal(prepared.workspace, clock) as (store, journal),
        _open(prepared, store, journal, clock) as resources,
    ):
        graph = build(prepared.recipe, resources)
        stages = tuple(
            name for name, node in graph.nodes.items() if isinstance(node.work, Stage)
        )
        plan = make_plan(
            prepared.recipe.name,
            prepared.model,
            stages,
            forecast(graph, journal),
            read_history(store.read()),
        )
        specs, now = source_specs(prepared.recipe), clock.now()
        recipe, read = prepared.recipe, store.read()
        return replace(
            plan,
            sources=plan_sources(specs, resources.archive, now),
            outlook=find_outlook(recipe.schedule, read, recipe.name, now, plan.seconds),
        )


def expected_tasks(prepared: Prepared) -> Mapping[str, int]:
    """Return how many tasks each stage will have, going by the recipe's last run.

    Nothing is expected of a run of a part, nor where no journal can be read yet.
    """
    from subak.views.history import read_expected

    request = prepared.request
    if request.only or request.items or request.limit:
        return {}
    try:
        database = open_reader(prepared.workspace.journal)
    except StorageError:
        return {}
    try:
        return read_expected(database, prepared.recipe.name)
    finally:
        database.close()


def report(folder: Path, run: str = "") -> Path:
    """Write the HTML report of a run, by default the newest, and return its path.

    Raises:
        UserError: The workspace has no such run.
        StorageError: The report cannot be written.
    """
    from subak.views.report import read_report, write_report  # 3 MB: jinja2

    workspace = Workspace(folder)
    database = open_reader(workspace.journal)
    try:
        now = publication_time(SystemClock())
        found = read_report(database, run, now=now)
    finally:
        database.close()
    path = workspace.state / "report.html"
    write_report(found, path)
    return path


async def _execute(
    prepared: Prepared,
    resources: Resources,
    control: Control | None,
    curfew: Curfew | None,
) -> Outcome:
    request = prepared.request
    graph = build(prepared.recipe, resources)
    for stage in sorted(request.refresh):
        graph.find(stage, where="--refresh")
    selection = Selection(request.items, request.limit)
    options = RunOptions(
        run=resources.journal.run,
        clock=resources.clock,
        refresh=request.refresh,
        selected=None if selection.is_everything else selection,
        last_stage=request.only,
        seed=request.seed,
        max_in_flight=_IN_FLIGHT,
        curfew=curfew,
    )
    runner = Runner(graph, resources.journal, options)
    if control is not None:
        control.attach(_Job(runner, resources.model))
    return await runner.run()


@dataclass(frozen=True, slots=True)
class _Job:
    """A run to be drained: the tasks, and the calls they still wait to send."""

    runner: Runner
    model: Model

    def drain(self) -> None:
        """Begin nothing new; calls under way finish and are kept."""
        self.runner.drain()
        self.model.drain()


def _open(
    prepared: Prepared, store: Store, journal: Journal, clock: Clock
) -> AbstractAsyncContextManager[Resources]:
    return open_resources(
        prepared.recipe,
        prepared.workspace,
        Surroundings(
            model=prepared.model,
            max_parallel=prepared.max_parallel,
            contact=prepared.recipe.fetch.contact or prepared.settings.contact,
            workers=prepared.request.workers,
            is_semantic=prepared.settings.semantic,
        ),
        Durable(store, journal, clock),
    )


@asynccontextmanager
async def _open_journal(
    workspace: Workspace, clock: Clock
) -> AsyncIterator[tuple[Store, Journal]]:
    store = Store.open(workspace.journal)
    try:
        yield store, Journal(store, clock)
    finally:
        await store.close()


def recipe_digest(recipe: Recipe) -> str:
    """Return a hash over everything a recipe says, 32 hex digits."""
    data = msgspec.json.encode(recipe, order="deterministic")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _options(request: RunRequest) -> str:
    return msgspec.json.encode(request, order="deterministic").decode()


def _status(outcome: Outcome, curfew: Curfew | None) -> str:
    if outcome.interrupted:
        return "interrupted"
    if not outcome.failures:
        return "partial" if curfew is not None and curfew.left else "done"
    return "partial" if outcome.done + outcome.cached else "failed"
