"""infer_slots: slots of a first-come-first-served server, by completions alone."""

from __future__ import annotations

import heapq
from random import Random

import pytest

from subak.engine.tuning.queueing import Service, infer_slots


def _serve(slots: int, count: int, level: int, seed: int) -> list[Service]:
    """Run a closed loop of ``level`` clients on a server of ``slots`` slots."""
    rng = Random(seed)
    free = [0.0] * slots
    clients = [0.0] * level
    services = []
    for _ in range(count):
        sent_at = heapq.heappop(clients)
        work = rng.lognormvariate(5, 0.6)
        begun = max(sent_at, heapq.heappop(free))
        ended = begun + work * 0.02 * rng.uniform(0.95, 1.05)
        heapq.heappush(free, ended)
        heapq.heappush(clients, ended)
        services.append(Service(sent_at, ended, work))
    return services


@pytest.mark.parametrize("slots", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_infer_slots_finds_few_slots(slots: int, seed: int) -> None:
    """Slots below the level explain the waits."""
    assert infer_slots(_serve(slots, 16, 4, seed), 4) == slots


@pytest.mark.parametrize("seed", range(4))
def test_infer_slots_finds_none_where_none_are(seed: int) -> None:
    """A server that works on all at once has no slots to find."""
    assert infer_slots(_serve(8, 16, 4, seed), 4) is None


def test_infer_slots_waits_for_five_answers() -> None:
    """Four answers prove nothing, nor do calls still in flight."""
    services = _serve(1, 4, 4, 1)
    assert infer_slots([*services, Service(1.0), Service(2.0)], 4) is None
