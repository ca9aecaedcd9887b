"""MachineSensors: this machine's processors, memory and heat, by psutil."""

from __future__ import annotations

import psutil

from subak.engine.sensors import Reading
from subak.llm.machine import this_machine

# Drivers that sit at the processors; others feel disks, radios and batteries.
_AT_PROCESSORS = (
    *("coretemp", "k10temp", "zenpower", "cpu_thermal", "cpu-thermal"),
    *("soc_thermal", "acpitz", "x86_pkg_temp"),
)
_HOTTEST_C = 150.0  # a sensor that says more is broken


class MachineSensors:
    """Feels this machine; the first look at the processors says 0."""

    def __init__(self) -> None:
        psutil.cpu_percent(interval=None)  # later looks tell the use since the last

    def read(self) -> Reading:
        """Look now."""
        memory = psutil.virtual_memory()
        bounded = this_machine().memory_bytes  # knows the bounds of containers
        free = memory.available if bounded is None else min(memory.available, bounded)
        return Reading(
            cpu=psutil.cpu_percent(interval=None) / 100,
            memory_bytes=memory.total,
            memory_free_bytes=free,
            temperature_c=_temperature(),
        )


def _temperature() -> float | None:
    """Return the hottest of the sensors at the processors, None where there is none."""
    read = getattr(psutil, "sensors_temperatures", None)  # not on every system
    if read is None:
        return None
    try:
        sensors = read()
    except (OSError, ValueError):
        return None
    felt = [
        entry.current
        for name in _AT_PROCESSORS
        for entry in sensors.get(name, ())
        if entry.current is not None and 0 < entry.current < _HOTTEST_C
    ]
    return max(felt, default=None)
