"""How the machine fared in a run, and when it was spared."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import apsw

from subak.views.stored_events import iter_events
from subak.views.wording import number_of, size, text_of


@dataclass(frozen=True, slots=True)
class MachineSample:
    """About a minute of the machine.

    Args:
        at: Its end, in seconds since the epoch.
        cpu: Mean share of all processors in use, 0 to 1.
        memory_free_bytes: The least that was free.
        temperature_c: The most that was felt, None where nothing is felt.
    """

    at: float
    cpu: float
    memory_free_bytes: int
    memory_bytes: int
    temperature_c: float | None


@dataclass(frozen=True, slots=True)
class Easing:
    """A change of the calls that might run at once, for the machine's sake.

    Args:
        most: The bound from then on, None for none.
        words: "8 -> 4: 91 °C, above 85".
    """

    at: float
    most: int | None
    words: str


@dataclass(frozen=True, slots=True)
class MachineCare:
    """What was felt of the machine during a run, and what followed from it."""

    samples: tuple[MachineSample, ...]
    easings: tuple[Easing, ...]

    @property
    def words(self) -> str:
        """Return the run's machine in one line, "" when nothing was felt."""
        if not self.samples:
            return ""
        cpu = sum(one.cpu for one in self.samples) / len(self.samples)
        free = min(one.memory_free_bytes for one in self.samples)
        heat = [one.temperature_c for one in self.samples if one.temperature_c]
        told = [f"processors {cpu:.0%} busy", f"at least {size(free)} of memory free"]
        told += [f"{max(heat):.0f} °C at most"] if heat else []
        return ", ".join(told)

    def to_json(self) -> dict[str, object]:
        """Return it with the names of the outer contract."""
        return {
            "samples": [asdict(one) for one in self.samples],
            "easings": [asdict(one) for one in self.easings],
        }


def read_machine_care(db: apsw.Connection, run: str) -> MachineCare:
    """Return how the machine fared in a run."""
    samples: list[MachineSample] = []
    easings: list[Easing] = []
    kinds = ("machine.sampled", "machine.eased")
    for stored in iter_events(db, run, kinds=kinds):
        event, data = stored.event, stored.event.data
        if event.kind == "machine.eased":
            most = data.get("most")
            bound = None if most is None else int(number_of(most))
            easings.append(Easing(event.ts, bound, text_of(data.get("words"))))
            continue
        heat = data.get("temperature")
        sample = MachineSample(
            at=event.ts,
            cpu=number_of(data.get("cpu")),
            memory_free_bytes=int(number_of(data.get("memory_free"))),
            memory_bytes=int(number_of(data.get("memory"))),
            temperature_c=None if heat is None else number_of(heat),
        )
        samples.append(sample)
    return MachineCare(tuple(samples), tuple(easings))
