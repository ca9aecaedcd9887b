"""CallRow: the model calls of a run, or of one task, page by page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import apsw

from subak.engine.call_key import told_key
from subak.views.paged import PAGE_SIZE, Paged

Order = Literal["newest", "slowest"]

_FROM = """FROM (
    SELECT call.key AS key, owner.stage AS stage, call.item AS item,
        'answered' AS state, call.started AS started, call.seconds AS seconds,
        call.first_token_s AS first, call.tokens_in AS tokens_in,
        call.tokens_out AS tokens_out, call.tokens_cached AS tokens_cached,
        call.slot AS slot, owner.model AS model, owner.endpoint AS endpoint,
        '' AS error, '' AS message
    FROM owner JOIN call ON call.owner = owner.id WHERE owner.run = :run
    UNION ALL SELECT key, stage, item, 'failed', iif(started > 0, started, ts), seconds,
        NULL, 0, 0, 0, slot, model, endpoint, error, message
    FROM attempt WHERE run = :run AND kind = 'call'
    UNION ALL SELECT flight.key, owner.stage, flight.item, 'open', flight.started, 0.0,
        NULL, 0, 0, 0, flight.slot, owner.model, owner.endpoint, '', ''
    FROM owner JOIN flight ON flight.owner = owner.id WHERE owner.run = :run)
WHERE (:stage = '' OR stage = :stage) AND (:item = '' OR item = :item)"""
_ROWS = f"""SELECT key, stage, item, state, started, seconds, first, tokens_in,
    tokens_out, tokens_cached, slot, model, endpoint, error, message {_FROM}
ORDER BY iif(:order = 'slowest', -seconds, -started), started LIMIT :size
OFFSET :skipped"""
_COUNT = f"SELECT count(*) {_FROM}"


@dataclass(frozen=True, slots=True)
class CallRow:
    """One request to a model.

    Args:
        state: "open" while it is under way, or when its process was killed.
        error: Class of the error, "" when it was answered.
    """

    key: str
    stage: str
    item: str
    state: Literal["answered", "failed", "open"]
    started: float
    seconds: float
    first_token_s: float | None
    tokens_in: int
    tokens_out: int
    tokens_cached: int
    slot: int
    model: str
    endpoint: str
    error: str
    message: str

    def to_json(self) -> dict[str, object]:
        """Return the row with the names of the outer contract."""
        return asdict(self)


def list_calls(
    db: apsw.Connection,
    run: str,
    *,
    place: tuple[str, str] = ("", ""),
    order: Order = "newest",
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Paged[CallRow]:
    """Return a page of a run's calls.

    Args:
        place: Only of this stage and this item; "" is any.
    """
    stage, item = place
    values: dict[str, str | int] = {"run": run, "stage": stage, "item": item}
    total = int(db.execute(_COUNT, values).get)
    values |= {"order": order, "size": size, "skipped": (page - 1) * size}
    rows = [CallRow(told_key(row[0]), *row[1:]) for row in db.execute(_ROWS, values)]
    return Paged(tuple(rows), total, page, size)
