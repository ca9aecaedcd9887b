"""TunedLevel: subak's tuner as a controller of the simulation."""

from __future__ import annotations

from subak.engine.tuning.memory import TunerMemory
from subak.engine.tuning.tuner import Tuner


class TunedLevel(Tuner):
    """The tuner, whose refused calls go back to the head of the queue."""

    is_patient = True

    def __init__(
        self,
        *,
        is_streaming: bool = True,
        slots: int | None = None,
        cap: int | None = None,
        memory: TunerMemory | None = None,
    ) -> None:
        super().__init__(is_streaming=is_streaming, slots=slots, cap=cap, memory=memory)
