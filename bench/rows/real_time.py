"""The real asyncio engine in real time, on six server models of the stand-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bench.drive import TUNED, DriveJob, Driven
from bench.row import Check, Conditions, Measured
from bench.server.settings import Settings
from bench.stand_in import StandIn
from bench.sweep import Swept, drive_once, order_of_runs

AT_LEAST = 0.95
_TIMEOUT_S = 240.0
_WORDS = "notice about the yearly rate of a permit and who has to pay it when " * 4


@dataclass(frozen=True, slots=True)
class ServerModel:
    """A kind of server, and the fixed limits worth a try on it."""

    settings: Settings
    levels: tuple[int, ...]
    meaning: str


_COMMON = Settings(prefill_per_s=20_000.0, spread=0.3)
MODELS: Mapping[str, ServerModel] = {
    "1 slot": ServerModel(
        replace(_COMMON, slots=1, token_ms=2.0, tokens_out=36),
        (1, 2),
        "one at a time, as Ollama by default",
    ),
    "4 slots": ServerModel(
        replace(_COMMON, slots=4, token_ms=8.0, tokens_out=38),
        (4, 5, 8),
        "four at a time, each at full speed",
    ),
    "8 slots": ServerModel(
        replace(_COMMON, slots=8, token_ms=6.0, batch_ms=1.2, tokens_out=38),
        (8, 10, 16),
        "eight at a time, batched: each slows the others",
    ),
    "knee 32": ServerModel(
        replace(_COMMON, token_ms=20.0, batch_ms=0.625, tokens_out=180),
        (64, 128, 300),
        "batched without a bound, as vLLM: 32 at once reach half of what it can do",
    ),
    "429 at 12": ServerModel(
        replace(_COMMON, token_ms=20.0, batch_ms=1.0, tokens_out=28, max_in_flight=12),
        (8, 12),
        "the 13th request is turned away with 429, without Retry-After",
    ),
    "throttle": ServerModel(
        replace(
            _COMMON,
            slots=4,
            token_ms=6.0,
            tokens_out=34,
            throttle_from_s=8.0,
            throttle_until_s=1e9,
        ),
        (4, 5, 8),
        "four slots; after 8 s every step takes twice as long",
    ),
}


def measure(conditions: Conditions) -> Measured:
    """Measure each server model: the fixed levels, with the tuner among them."""
    items = conditions.pick(300, 24)
    swept = {}
    with StandIn() as server:
        for name, model in MODELS.items():
            swept[name] = _sweep(conditions, server, (name, model), items)
    return Measured(
        tuple(_check(name, found) for name, found in swept.items()),
        {
            "items": items,
            "models": {name: found.raw() for name, found in swept.items()},
        },
        notes=(
            "The fixed limits and the tuner run through the same Model, journal and "
            "HTTP client; only the limiter differs. The tuner remembers nothing.",
            *(f"{name}: {model.meaning}." for name, model in MODELS.items()),
        ),
        commands=("python -m bench real_time",),
    )


def _sweep(
    conditions: Conditions,
    server: StandIn,
    named: tuple[str, ServerModel],
    items: int,
) -> Swept:
    name, model = named
    prompts = tuple(f"item-{number:06d}: {_WORDS}" for number in range(items))
    tuned: list[Driven] = []
    fixed: dict[int, list[Driven]] = {}
    for turn, level in enumerate(order_of_runs(model.levels, is_tuned_twice=False)):
        server.configure(model.settings)
        job = DriveJob(server.spec, "", prompts, level=level)
        folder = conditions.folder / f"{name}-{turn}".replace(" ", "-")
        driven = drive_once(job, folder, _TIMEOUT_S)
        (tuned if level == TUNED else fixed.setdefault(level, [])).append(driven)
        shown = "tuner" if level == TUNED else f"fixed {level}"
        conditions.say(f"{name}: {shown} {driven.seconds:.1f} s, {driven.failed} lost")
    runs = tuple((level, tuple(found)) for level, found in fixed.items())
    return Swept(tuple(tuned), runs)


def _check(name: str, swept: Swept) -> Check:
    level, seconds = swept.best
    lost = f", {swept.failed} lost" if swept.failed else ""
    return Check(
        f"engine in real time, {name}: goodput / best fixed",
        f">= {AT_LEAST}",
        f"{swept.ratio:.3f} (best: {level}, {seconds:.1f} s){lost}",
        swept.ratio >= AT_LEAST and not swept.failed,
    )
