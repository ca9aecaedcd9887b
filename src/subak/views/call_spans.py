"""CallSpans: when each call of a run was under way, read as plain columns.

For runs of any number of calls; the list of all that is known of them is the business
of calls.py.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import apsw

from subak.views.runs import Session

_SPANS = """
SELECT started, started + max(seconds, 0.0) AS ended, first_token_s, tokens_out
    FROM call WHERE owner IN (SELECT id FROM owner WHERE run = ?1)
UNION ALL SELECT CASE WHEN started > 0 THEN started ELSE ts END AS began,
    CASE WHEN started > 0 THEN started ELSE ts END + max(seconds, 0.0), NULL, 0
    FROM attempt WHERE run = ?1 AND kind = 'call'
ORDER BY 1
"""
_SERVERS = "SELECT DISTINCT model, endpoint FROM owner WHERE run = ? ORDER BY id"


@dataclass(frozen=True, slots=True)
class CallSpans:
    """The calls that have ended, answered or failed, in the order of sending.

    Columns, for a row of its own for each of 20,000 calls costs as much as the rest.

    Args:
        first_token_s: Seconds from sending to the first token, where it was seen.
    """

    started: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    first_token_s: list[float | None] = field(default_factory=list)
    tokens_out: list[int] = field(default_factory=list)

    def mean(self, sessions: Sequence[Session]) -> float:
        """Return how many were under way on average, see Parallel.mean."""
        whole = 0.0
        for session in sessions:
            first = bisect_left(self.started, session.started)
            last = bisect_right(self.started, session.ended)
            if last > first:
                whole += max(self.ended[first:last]) - self.started[first]
        serial = sum(self.ended) - sum(self.started)
        return serial / whole if whole > 0 else 0.0


def read_call_spans(db: apsw.Connection, run: str) -> CallSpans:
    """Return when the calls of a run were under way."""
    spans = CallSpans()
    for started, ended, first_token_s, tokens in db.execute(_SPANS, (run,)):
        spans.started.append(started)
        spans.ended.append(ended)
        spans.first_token_s.append(first_token_s)
        spans.tokens_out.append(tokens)
    return spans


def read_servers(db: apsw.Connection, run: str) -> tuple[tuple[str, str], ...]:
    """Return the models that were asked, each with the endpoint that it has."""
    rows = db.execute(_SERVERS, (run,))
    return tuple((str(model), str(endpoint or model)) for model, endpoint in rows)
