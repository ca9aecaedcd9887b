"""Signal: how much of an answer can be seen while it is made.

Some gateways hand over a whole "stream" at its end; some servers send a first event
when generation begins and then everything at once. Two answers that show it suffice.
"""

from __future__ import annotations

from typing import Literal

from subak.engine.tuning.traffic import MOST_LUMPS, OpenCall

Sight = Literal[
    "tokens",  # each token when it is made
    "starts",  # when an answer begins, and when it ends
    "ends",  # when an answer ends
]

_FEWEST_TOKENS = 20  # shorter answers tell nothing
_AT_THE_END_S = 0.1
_AT_THE_END_SHARE = 0.02
_CONVICTED = 2
_CLEARED = -3


class Signal:
    """Judge what the client can see, by the answers that came so far."""

    def __init__(self, *, is_streaming: bool) -> None:
        self.sight: Sight = "tokens" if is_streaming else "ends"
        self._buffered: int | None = 0
        self._lumpy: int | None = 0

    @property
    def is_doubtful(self) -> bool:
        """Tell whether an answer looked buffered and none has cleared it since."""
        return self._buffered is not None and self._buffered > 0

    @property
    def is_certain(self) -> bool:
        """Tell whether no further answer will be judged."""
        return self.sight == "ends" or (self._buffered is None and self._lumpy is None)

    def judge(self, call: OpenCall, now: float, tokens_out: int) -> bool:
        """Take a whole answer into account; True if less can be seen than thought."""
        if self.is_certain or tokens_out < _FEWEST_TOKENS:
            return False
        seconds = now - call.sent_at
        late = min(_AT_THE_END_S, _AT_THE_END_SHARE * seconds)
        is_late = call.first_at is None or now - call.first_at < late
        self._buffered = _count(self._buffered, is_late)
        if self._buffered == _CONVICTED:
            self.sight = "ends"
            return True
        if self.sight != "tokens" or is_late:
            return False
        self._lumpy = _count(self._lumpy, call.reports <= MOST_LUMPS)
        if self._lumpy == _CONVICTED:
            self.sight = "starts"
            self._lumpy = None
            return True
        return False


def _count(suspicion: int | None, is_suspect: bool) -> int | None:
    """Return the suspicion after one more answer; None once it is over."""
    if suspicion is None:
        return None
    suspicion += 1 if is_suspect else -1
    return None if suspicion <= _CLEARED else suspicion
