"""MapRow: what came of one row, as it stands in the output."""

from __future__ import annotations

from msgspec import Struct

from subak.mapping.row import RowId


class RowUsage(Struct, frozen=True, omit_defaults=True):
    """Tokens of the call that answered a row, as the server counted them.

    Args:
        is_cut: The answer ends where ``max_tokens`` cut it.
    """

    tokens_in: int
    tokens_out: int
    tokens_cached: int
    is_cut: bool = False


class MapRow(Struct, frozen=True):
    """One output row.

    Args:
        id: The input row's id.
        output: The answer: an object where a schema was given, else a text.
        error: Why there is none, and what to do, naming the line; or None.
        usage: What the answer cost; None without one.
    """

    id: RowId
    output: str | dict[str, object] | None
    error: str | None
    usage: RowUsage | None
