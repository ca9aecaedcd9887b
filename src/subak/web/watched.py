"""Watched: one workspace as the dashboard sees it: its live run, stream and control."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import apsw

from subak.engine.boundary import Mishap, contained
from subak.engine.clock import Clock
from subak.engine.holder import find_holder
from subak.engine.workspace import Workspace
from subak.errors import SubakError, UserError
from subak.views.freshness import read_freshness
from subak.views.live_run import LiveRun
from subak.views.runs import find_newest
from subak.web.journal_reading import read_aside
from subak.web.now_view import NowView, now_view
from subak.web.rendering import Rendering, Surroundings, workspace_address
from subak.web.run_control import Command, RunControl, find_command
from subak.web.stream import Look, Stream

FRAGMENTS = (
    *("state", "controls", "figures", "failures", "stages", "speed", "categories"),
    "outputs",
)
_GOING = frozenset({"running", "stopping"})
_REFRESH_S = 5
_REFRESH_IDLE_S = 30


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last look at the journal saw.

    Args:
        view: The newest run, None while there is none.
        command: What runs the recipe, None where that is unknown.
        trouble: Why the journal could not be read.
        cost_s: Processor time of reading.
    """

    view: NowView | None = None
    command: Command | None = None
    is_alive: bool = False
    trouble: SubakError | None = None
    cost_s: float = 0.0

    @property
    def is_draining(self) -> bool:
        """Tell whether the run was asked to come to its end."""
        return self.view is not None and self.view.status == "stopping"


class Watched:
    """Looks at one workspace for all who watch it.

    Args:
        name: Of the workspace in addresses.
        form_token: What its forms bring back.
    """

    def __init__(
        self,
        name: str,
        workspace: Workspace,
        rendering: Rendering,
        form_token: str,
        clock: Clock,
    ) -> None:
        self.name = name
        self.workspace = workspace
        self.control = RunControl(workspace, clock)
        self.stream = Stream(self._look, clock)
        self._rendering = rendering
        self._form_token = form_token
        self._clock = clock
        self._live: LiveRun | None = None
        self._seen = Seen()
        self._fresh: tuple[tuple[str, str], str] | None = None

    @property
    def is_alive(self) -> bool:
        """Tell whether a run holds the workspace right now."""
        return find_holder(self.workspace) is not None

    def find_command(self, db: apsw.Connection | None) -> Command | None:
        """Return what runs the recipe, None where that is unknown."""
        return find_command(self.workspace.folder, db)

    async def stop(self, *, at_once: bool) -> None:
        """Let the run come to its end; a run that does so already is stopped only if
        that was asked for.
        """
        if at_once or not self._seen.is_draining:
            await asyncio.to_thread(self.control.stop, at_once=at_once)

    def around(
        self,
        *,
        is_alive: bool,
        has_more: bool,
        can_start: bool = False,
        shown: str = "",
    ) -> Surroundings:
        """Return what a page of this workspace stands in.

        Args:
            shown: The frame it shows, where what comes after it shall be streamed.
        """
        start = workspace_address(self.name)
        return Surroundings(
            name=self.name,
            folder=self.workspace.folder,
            form_token=self._form_token,
            now=self._clock.now(),
            is_alive=is_alive,
            can_start=can_start,
            has_more_workspaces=has_more,
            stream=f"{start}stream?after={shown}" if shown else "",
            refresh_s=_REFRESH_S if is_alive else _REFRESH_IDLE_S,
        )

    async def _look(self) -> Look:
        """See how things stand and render the parts of the page "Now"."""
        found = await contained(self._see, stage="serve", item=self.name)
        if isinstance(found, Mishap):
            found = Seen(trouble=found.error)
        if found.trouble is not None:
            self._live = self._fresh = None  # it may have seen half of what there was
        self._seen = found
        return await asyncio.to_thread(self._render, found)

    async def _see(self) -> Seen:
        is_alive = self.is_alive
        if not self.workspace.journal.exists():
            return Seen(command=self.find_command(None), is_alive=is_alive)
        try:
            return await read_aside(
                self.workspace, lambda db: self._read(db, is_alive=is_alive)
            )
        except UserError as error:  # locked, damaged, of another version
            return Seen(command=None, is_alive=is_alive, trouble=error)

    def _read(self, db: apsw.Connection, *, is_alive: bool) -> Seen:
        began = time.thread_time()
        command = self.find_command(db)
        newest = find_newest(db)
        if newest is None:
            return Seen(command=command, is_alive=is_alive)
        if self._live is None or self._live.run.id != newest.id:
            self._live = LiveRun(newest)
        self._live.look(db)
        view = now_view(self._live, self._clock.now(), is_alive=is_alive)
        if not is_alive:
            view = replace(view, published=self._freshness(db, view))
        cost_s = time.thread_time() - began
        return Seen(view, command, is_alive, cost_s=cost_s)

    def _freshness(self, db: apsw.Connection, view: NowView) -> str:
        """Return how fresh what stands is; of the same ended run it is read once."""
        if self._fresh is None or self._fresh[0] != (view.run, view.status):
            words = read_freshness(db, view.run, is_whole=not view.failed)
            self._fresh = ((view.run, view.status), words)
        return self._fresh[1]

    def _render(self, seen: Seen) -> Look:
        began = time.thread_time()
        can_start = seen.command is not None and not seen.is_alive
        around = self.around(
            is_alive=seen.is_alive, can_start=can_start, has_more=False
        )
        values: Mapping[str, object] = {
            "view": seen.view,
            "trouble": seen.trouble,
            "is_draining": seen.is_draining,
            "recipe": seen.command.recipe if seen.command else "",
            "last_flags": " ".join(seen.command.flags) if seen.command else "",
            "ended": None if seen.is_alive else self.control.ended(),
        }
        fragments = {
            name: self._rendering.part(f"now_{name}.html.j2", values, around)
            for name in FRAGMENTS
        }
        cost_s = seen.cost_s + time.thread_time() - began
        return Look(fragments, _say(seen), _title(seen, self.name), cost_s)


def _say(seen: Seen) -> str:
    """Return what is worth saying aloud: the state, and failures."""
    view = seen.view
    if view is None:
        return ""
    failed = f", {view.failed} failed" if view.failed else ""
    return f"{view.recipe} is {view.status}{failed}"


def _title(seen: Seen, name: str) -> str:
    view = seen.view
    if view is None:
        return f"Now · {name} · subak"
    if view.status in _GOING:
        total = sum(stage.total for stage in view.stages)
        ended = sum(stage.ended for stage in view.stages)
        return f"{ended} of {total} · {name} · subak"
    return f"{view.status} · {name} · subak"
