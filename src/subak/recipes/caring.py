"""caring: the machine is felt while a run is on, told of, and spared."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from subak.engine.care import Care, CareOptions
from subak.engine.clock import Alarm, Clock, SystemClock, alarms_of
from subak.engine.events import Scalar
from subak.engine.journal import Journal
from subak.engine.quiet_hours import QuietHours
from subak.engine.sensors import Reading, Sensors
from subak.llm.client import ModelStatistics
from subak.recipes.schema import Recipe
from subak.schedule.time_zone import find_zone, machine_zone

LOOK_S = 5.0
KEEP_S = 60.0
"""So often a sample is kept: a night of 8 hours has 480 rows."""
_LIKELY_LEVEL = 2  # before the first call


class Boundable(Protocol):
    """Whoever sends the calls of a run: its Model."""

    def statistics(self) -> ModelStatistics:
        """Return the present numbers."""
        ...

    def ease(self, most: int | None) -> None:
        """Send at most so many calls at once, None for no such bound."""
        ...


@contextmanager
def caring(
    recipe: Recipe,
    model: Boundable,
    journal: Journal,
    clock: Clock,
    sensors: Sensors | None = None,
) -> Iterator[None]:
    """Watch the machine while the block runs.

    Args:
        clock: The machine's own; of a made-up one's machine nothing is felt.
        sensors: By default those of this machine.

    Raises:
        UserError: A zone of the recipe doesn't exist.
    """
    if sensors is None and not isinstance(clock, SystemClock):
        yield
        return
    care = Care(care_options(recipe))
    watch = _Watch(care, model, journal, clock, sensors or _own_sensors())
    watch.begin()
    try:
        yield
    finally:
        watch.end()


def _own_sensors() -> Sensors:
    from subak.llm.machine_sensors import MachineSensors  # psutil takes its time

    return MachineSensors()


def care_options(recipe: Recipe) -> CareOptions:
    """Return how the recipe wants the machine spared."""
    section = recipe.machine
    quiet = None
    if section.quiet_hours:
        name = section.timezone or recipe.schedule.timezone
        where = "machine.timezone"
        zone = find_zone(name, where=where) if name else machine_zone(os.environ)
        quiet = QuietHours(section.quiet_hours, zone)
    return CareOptions(
        max_temperature_c=section.max_temperature_c,
        min_free_memory=section.min_free_memory,
        quiet=quiet,
        quiet_parallel=section.quiet_parallel,
    )


@dataclass(slots=True)
class _Watch:
    """Looks at the sensors every few seconds."""

    care: Care
    model: Boundable
    journal: Journal
    clock: Clock
    sensors: Sensors
    kept_at: float = 0.0
    alarm: Alarm | None = None
    felt: list[Reading] = field(default_factory=list)

    def begin(self) -> None:
        """Look now, and every few seconds from now on."""
        self.kept_at = self.clock.monotonic()
        self._heed(self.sensors.read())
        self._set_alarm()

    def end(self) -> None:
        """Look no more; keep what was felt last."""
        if self.alarm is not None:
            self.alarm.cancel()
        self.keep()

    def _set_alarm(self) -> None:
        self.alarm = alarms_of(self.clock).call_later(LOOK_S, self._ring)

    def _ring(self) -> None:
        reading = self.sensors.read()
        self.felt.append(reading)
        self.journal.tell("machine.level", stage="", item="", **_told([reading]))
        self._heed(reading)
        if self.clock.monotonic() - self.kept_at >= KEEP_S:
            self.keep()
        self._set_alarm()

    def _heed(self, reading: Reading) -> None:
        """Ease what is too much."""
        endpoints = self.model.statistics().endpoints
        level = max((one.limit for one in endpoints), default=_LIKELY_LEVEL)
        now, ts = self.clock.monotonic(), self.clock.now()
        eased = self.care.look(reading, now, ts, level)
        if eased is not None:
            self.model.ease(eased.most)
            self.journal.emit("machine.eased", most=eased.most, words=eased.words)

    def keep(self) -> None:
        """Keep what was felt since the last time, as one row."""
        felt, self.felt = self.felt, []
        self.kept_at = self.clock.monotonic()
        if len(felt) > 1:  # a run of a few seconds says nothing of the machine
            self.journal.emit("machine.sampled", stage="", item="", **_told(felt))


def _told(felt: Sequence[Reading]) -> dict[str, Scalar]:
    """Return readings as one: the mean use, the least memory, the most heat."""
    heat = [one.temperature_c for one in felt if one.temperature_c is not None]
    return {
        "cpu": round(sum(one.cpu for one in felt) / len(felt), 3),
        "memory_free": min(one.memory_free_bytes for one in felt),
        "memory": felt[-1].memory_bytes,
        "temperature": round(max(heat), 1) if heat else None,
    }
