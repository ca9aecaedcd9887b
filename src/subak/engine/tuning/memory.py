"""TunerMemory: what is worth remembering about an endpoint and model.

Plain numbers; the next run takes them as a first guess and believes what it sees.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TunerMemory:
    """What a tuner found out.

    Args:
        level: Calls in flight it held at last.
        slots: Requests the server works on at once, None if not found.
        ceiling: Calls above which the server refused, None if it did not.
        pace_per_s: Calls a second it accepted, None if it set no such bound.
        bad: A level found clearly slower than a lower one, None for none.
        is_settled: The search for the level had come to its end.
    """

    level: int
    slots: int | None = None
    ceiling: int | None = None
    pace_per_s: float | None = None
    bad: int | None = None
    is_settled: bool = False
