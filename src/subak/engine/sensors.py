"""Sensors: what can be felt of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the sensors.

    Args:
        cpu: Share of all processors' time in use since the last look, 0 to 1.
        memory_bytes: Memory there is, 0 when it cannot be told.
        memory_free_bytes: Memory that could be used now.
        temperature_c: Of the hottest sensor at the processors, None where the system
            shows none.
    """

    cpu: float
    memory_bytes: int
    memory_free_bytes: int
    temperature_c: float | None = None

    @property
    def free_share(self) -> float:
        """Return the share of the memory that is free, 1 when it cannot be told."""
        if self.memory_bytes <= 0:
            return 1.0
        return self.memory_free_bytes / self.memory_bytes


class Sensors(Protocol):
    """Whoever feels the machine."""

    def read(self) -> Reading:
        """Look now; returns at once."""
        ...
