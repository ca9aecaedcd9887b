"""Uplink: whether this machine is online at all, judged by how its hosts fare."""

from __future__ import annotations

from subak.engine.clock import Clock
from subak.errors import SubakError, Unreachable

FEWEST_HOSTS = 8
"""So many hosts that cannot be reached are no accident while no other one can."""

_PATIENCE_S = 10.0  # a dead name fails at once, a living site takes its time
_LOST = frozenset({"dns", "refused", "connect-timeout"})


class Uplink:
    """Notices that nobody can be reached, so that not every site is called dead.

    Guarantees:
        Once a single host has said anything, nothing is concluded any more.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lost: set[str] = set()
        self._is_proved = False
        self._under_way = 0
        self._begun_at = 0.0

    def begin(self) -> None:
        """Note that a host is being asked."""
        if not self._lost and not self._under_way:
            self._begun_at = self._clock.monotonic()
        self._under_way += 1

    def end(self, host: str, error: BaseException | None) -> None:
        """Note how that ended.

        Raises:
            Unreachable: No host can be reached.
        """
        self._under_way -= 1
        if error is not None and not isinstance(error, SubakError):
            return
        if error is None or error.reason not in _LOST:
            self._is_proved = True
            return
        self._lost.add(host)
        waited_s = self._clock.monotonic() - self._begun_at
        is_patient = not self._under_way or waited_s >= _PATIENCE_S
        if not self._is_proved and len(self._lost) >= FEWEST_HOSTS and is_patient:
            raise Unreachable(
                f"none of {len(self._lost)} hosts can be reached, the last one because "
                f"{error.message}",
                where=host,
                hint="is this machine online? then run the same command again",
            ) from error
