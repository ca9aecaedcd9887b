"""RunControl: starts, stops and repeats runs of one workspace from outside.

A run is a process of its own session with its own log: it neither ends nor waits when
the server does, and is steered by signals like one started by hand.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from subak.engine.clock import Clock
from subak.engine.holder import find_holder
from subak.engine.storage import storage_error
from subak.engine.workspace import Workspace
from subak.errors import UserError, WorkspaceBusy
from subak.recipes.own_recipe import asked_options, own_recipe
from subak.views.runs import list_runs

_LOG = "serve.log"
_TAIL_CHARS = 2_000
_START_S = 10.0
_LOOK_S = 0.05
_FLAGS = {"model": "--model", "max_parallel": "--max-parallel"}
_MOST_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended that was started here and did not do what it was to do."""

    code: int
    tail: str


@dataclass(frozen=True, slots=True)
class Command:
    """What to type to run a workspace's recipe, and where.

    Args:
        recipe: A folder, a file or a shipped name, as seen from ``folder``.
        flags: Those of the last run that decide who is asked.
    """

    recipe: str
    folder: Path
    flags: tuple[str, ...] = ()


class RunControl:
    """Steer the runs of one workspace."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace = workspace
        self._clock = clock
        self._children: list[subprocess.Popen[bytes]] = []
        self._asked: int | None = None

    @property
    def has_child(self) -> bool:
        """Tell whether a run that was started here has not ended yet."""
        codes = [child.poll() for child in self._children]  # none stays a zombie
        return None in codes

    def ended(self) -> Ended | None:
        """Return how the run started here ended, if that is worth telling."""
        code = self._children[-1].poll() if self._children else None
        if code in (None, 0, 3, 130):  # what came of those the journal tells
            return None
        return Ended(int(code or 0), _tail(self._workspace.state / _LOG))

    async def start(self, command: Command, flags: Sequence[str] = ()) -> None:
        """Start a run and wait until it has the workspace, or has ended.

        Raises:
            WorkspaceBusy: There is one already.
        """
        if (pid := find_holder(self._workspace)) is not None:
            raise WorkspaceBusy(
                f"a run is on already, process {pid}",
                where=str(self._workspace.folder),
                hint="wait until it has finished, or stop it",
            )
        process = self._spawn(command, flags)
        self._children = [one for one in self._children if one.poll() is None]
        self._children.append(process)
        deadline = self._clock.monotonic() + _START_S
        while self._clock.monotonic() < deadline:
            if process.poll() is not None or find_holder(self._workspace) is not None:
                return
            await self._clock.sleep(_LOOK_S)

    async def again(self, command: Command, stage: str, item: str) -> None:
        """Run one item anew: this stage of it, and what follows from it."""
        if not stage or not item or len(stage) + len(item) > _MOST_CHARS:
            raise UserError("no item to run again was named", hint="go back, try again")
        await self.start(command, (f"--items={_literal(item)}", f"--refresh={stage}"))

    def stop(self, *, at_once: bool) -> None:
        """Let the run finish what is under way, or stop it at once.

        The first signal drains, the second stops, so that one that was asked to drain
        gets no other by chance.

        Raises:
            UserError: Nothing is running here.
        """
        pid = find_holder(self._workspace)
        if pid is None or pid <= 1:
            raise UserError("nothing is running here any more", hint="reload the page")
        if pid == self._asked and not at_once:
            return
        self._asked = pid
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            return
        except PermissionError as error:
            raise UserError(
                f"process {pid} belongs to another user",
                hint=f"as that user: kill {pid}",
            ) from error

    def _spawn(self, command: Command, flags: Sequence[str]) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "subak", "run", command.recipe]
        words += [*command.flags, *flags]
        log = self._workspace.state / _LOG
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("wb") as file:
                return subprocess.Popen(
                    words,
                    cwd=command.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, "NO_COLOR": "1"},
                    start_new_session=True,
                )
        except OSError as error:
            raise storage_error(error, log) from error


def find_command(folder: Path, db: apsw.Connection | None) -> Command | None:
    """Return what runs the recipe of a workspace, None where that is unknown.

    A shipped recipe is run into the folder called after it, so one elsewhere is not
    to be had by its name alone.
    """
    runs = list_runs(db, limit=1) if db is not None else []
    newest = runs[0] if runs else None
    last = asked_options(newest) if newest else {}
    flags = tuple(
        f"{flag}={last[name]}" for name, flag in _FLAGS.items() if last.get(name)
    )
    found = own_recipe(folder, newest)
    if isinstance(found, Path):
        name = "." if found.name == "recipe.toml" else found.name
        return Command(name, folder, flags)
    if found is not None and folder.name == found:
        return Command(found, folder.parent, flags)
    return None


def _literal(item: str) -> str:
    """Return a glob that fits this text only; a plain text would fit within others."""
    escaped = "".join(f"[{each}]" if each in "*?[" else each for each in item)
    if escaped != item:
        return escaped
    place = next((n for n, each in enumerate(item) if each.isalnum()), 0)
    return f"{item[:place]}[{item[place]}]{item[place + 1 :]}"


def _tail(log: Path) -> str:
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return text[-_TAIL_CHARS:].strip()
