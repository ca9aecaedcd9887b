"""JobSpec and run_job: one job of a scenario, under the tuner or at a static level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.simulator.client import Outcome, Sight, Simulation
from bench.simulator.controller import Controller, FixedLevel
from bench.simulator.endpoint import Endpoint
from bench.simulator.scenarios import SCENARIOS
from bench.simulator.server import Server
from bench.simulator.tuned import TunedLevel
from bench.simulator.workload import make_items
from subak.engine.tuning.memory import TunerMemory

_WARM_ITEMS = 200
_WARM_SEEDS = 5000


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What to run.

    Args:
        levels: Static level of each endpoint; None: the tuner.
        expected_s: Rough duration, which places the throttling.
        publishes: The tuner is told the slots where the server publishes them.
        after: Scenario of the run before, whose memory the tuner has.
    """

    scenario: str
    count: int
    seed: int
    levels: tuple[int, ...] | None = None
    expected_s: float = 0.0
    sight: Sight = "tokens"
    publishes: bool = False
    after: str | None = None


def run_job(spec: JobSpec) -> Outcome:
    """Run one job."""
    outcome, _ = _run(spec)
    return outcome


def _run(spec: JobSpec) -> tuple[Outcome, Sequence[Controller]]:
    scenario = SCENARIOS[spec.scenario]
    servers = scenario.build(spec.seed, spec.expected_s)
    items = make_items(spec.count, scenario.mix, spec.seed)
    if spec.levels is None:
        controllers: Sequence[Controller] = _tuners(spec, servers)
    else:
        controllers = [FixedLevel(level) for level in spec.levels]
    pairs = zip(servers, controllers, strict=True)
    endpoints = [
        Endpoint(server, controller)
        for server, controller in pairs
        if not isinstance(controller, FixedLevel) or controller.limit(0.0) > 0
    ]
    simulation = Simulation(
        items,
        endpoints,
        seed=spec.seed,
        sight=spec.sight if spec.levels is None else "ends",
        copies=spec.levels is None,
    )
    return simulation.run(), controllers


def _tuners(spec: JobSpec, servers: Sequence[Server]) -> list[TunedLevel]:
    memories = _memories(spec)
    return [
        TunedLevel(
            is_streaming=spec.sight not in ("ends", "timings"),
            slots=server.slots() if spec.publishes else None,
            memory=memories[number % len(memories)],
        )
        for number, server in enumerate(servers)
    ]


def _memories(spec: JobSpec) -> Sequence[TunerMemory | None]:
    if spec.after is None:
        return [None]
    before = JobSpec(spec.after, _WARM_ITEMS, spec.seed + _WARM_SEEDS, sight=spec.sight)
    _, controllers = _run(before)
    return [each.memory() for each in controllers if isinstance(each, TunedLevel)]
