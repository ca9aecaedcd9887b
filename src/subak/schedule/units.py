"""Units: the service that runs a recipe, and the timer that starts it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from subak.schedule.on_calendar import on_calendar
from subak.schedule.quoting import unit_path, unit_text, unit_word
from subak.schedule.timetable import Timetable

PREFIX = "subak-"
_RECIPE = re.compile(r"^Recipe=(?P<path>.*)$", re.MULTILINE)
_SERVICE = """\
# Written by `subak schedule install`; `subak schedule remove {name}` takes it away.
[Unit]
Description={title}

[Service]
Type=oneshot
ExecStart={command}
EnvironmentFile=-{environment}
# 3: finished, some items failed; the next time tries them again.
SuccessExitStatus=3
# The first signal goes to the run alone, which keeps what is under way.
KillMode=mixed
TimeoutStopSec=15min
"""
_TIMER = """\
# Written by `subak schedule install`; `subak schedule remove {name}` takes it away.
[Unit]
Description={title}

[Timer]
{calendar}
# A time missed while the machine was off is made up for once.
Persistent=true
AccuracySec=1s

[Install]
WantedBy=timers.target

[X-Subak]
Recipe={recipe}
"""


@dataclass(frozen=True, slots=True)
class Launch:
    """What is started.

    Args:
        name: Name of the recipe.
        recipe: Its file, absolute.
        python: Interpreter that has subak.
        environment: File of ``NAME=value`` lines with keys; it need not exist.
    """

    name: str
    recipe: Path
    python: str
    environment: Path

    @property
    def unit(self) -> str:
        """Return the units' name without its ending, one for each recipe file."""
        digest = hashlib.blake2b(str(self.recipe).encode(), digest_size=4).hexdigest()
        return f"{PREFIX}{self.name}-{digest}"

    @property
    def words(self) -> Sequence[str]:
        """Return the command line."""
        recipe = str(self.recipe)
        return (self.python, "-m", "subak", "run", recipe, "--scheduled")


@dataclass(frozen=True, slots=True)
class Units:
    """The texts of both files."""

    name: str
    service: str
    timer: str


def make_units(launch: Launch, timetable: Timetable, after: float) -> Units:
    """Return the units of a recipe.

    Args:
        after: The time of installing.

    Raises:
        UserError: The timetable has no like in systemd's calendar.
    """
    program, *arguments = launch.words
    command = [unit_word(program, is_program=True), *map(unit_word, arguments)]
    calendar = [f"OnCalendar={line}" for line in on_calendar(timetable, after)]
    title = unit_text(f"subak run {launch.recipe}")
    service = _SERVICE.format(
        name=launch.unit,
        title=title,
        command=" ".join(command),
        environment=unit_path(str(launch.environment)),
    )
    timer = _TIMER.format(
        name=launch.unit,
        title=title,
        calendar="\n".join(calendar),
        recipe=json.dumps(str(launch.recipe)),
    )
    return Units(launch.unit, service, timer)


def recipe_of(timer: str) -> Path | None:
    """Return the recipe that a timer's text names, None where it is none of ours."""
    found = _RECIPE.search(timer)
    try:
        path = json.loads(found["path"]) if found else None
    except ValueError:
        return None
    return Path(path) if isinstance(path, str) else None
