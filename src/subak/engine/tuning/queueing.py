"""Service and infer_slots: the slots of a server of which only completions are seen.

For which number k of first-come-first-served slots are service times steadiest? A
request begins when fewer than k earlier ones are unfinished; its service time over its
work should not vary if k is right.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from subak.engine.tuning.constants import CALL_WORK, PROMPT_WORK

_CANDIDATES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32)
_NO_QUEUE = 10**6
_FEWEST = 5
_NEWEST = 16
_FLOOR = 0.01  # variance that no hypothesis can go below
_CLEARLY_STEADIER = 0.45
_NEVER = math.inf


@dataclass(slots=True)
class Service:
    """One request as its client sees it."""

    sent_at: float
    ended_at: float = _NEVER
    work: float = 0.0


def work_of(tokens_in: int, tokens_out: int) -> float:
    """Return the work of a call, in output tokens."""
    return tokens_out + PROMPT_WORK * tokens_in + CALL_WORK


def infer_slots(services: Iterable[Service], level: int) -> int | None:
    """Return the number of slots below ``level`` that explains these requests.

    Args:
        services: In order of sending.
        level: Requests that may be in flight.
    """
    requests = list(services)
    ended = [n for n, each in enumerate(requests) if each.ended_at < _NEVER]
    if len(ended) < _FEWEST:
        return None
    wanted = set(ended[-_NEWEST:])
    rows: list[tuple[Service, Sequence[float]]] = []
    ends: list[float] = []  # of the requests sent before, ascending
    for number, request in enumerate(requests):
        if number in wanted:
            rows.append((request, tuple(ends)))
        bisect.insort(ends, request.ended_at)
    found: tuple[float, int] | None = None
    without_queue = _variance(rows, _NO_QUEUE)
    for slots in (k for k in _CANDIDATES if k < level):
        variance = _variance(rows, slots)
        if variance is not None and (found is None or variance < found[0]):
            found = (variance, slots)
    if found is None or without_queue is None:
        return None
    return found[1] if found[0] < _CLEARLY_STEADIER * without_queue else None


def _variance(
    rows: Sequence[tuple[Service, Sequence[float]]], slots: int
) -> float | None:
    """Return how much the pace of the services varies; None if k cannot be."""
    logs = []
    for service, ends in rows:
        begun = service.sent_at
        if len(ends) >= slots:
            if ends[-slots] == _NEVER:
                return None  # it ended although k earlier ones had not
            begun = max(begun, ends[-slots])
        seconds = service.ended_at - begun
        if seconds <= 0 or service.work <= 0:
            return None
        logs.append(math.log(seconds / service.work))
    mean = sum(logs) / len(logs)
    return sum((each - mean) ** 2 for each in logs) / len(logs) + _FLOOR
