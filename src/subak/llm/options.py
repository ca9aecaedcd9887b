"""EndpointOptions: what a recipe or config may say about an endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long a server may take, in seconds.

    Args:
        connect_s: To open the connection.
        first_byte_s: From the request to the first token.
        between_s: From one token to the next; keep-alive lines don't count.
        total_s: For the whole answer.
    """

    connect_s: float = 5.0
    first_byte_s: float = 120.0
    between_s: float = 120.0
    total_s: float = 600.0


@dataclass(frozen=True, slots=True)
class EndpointOptions:
    """Settings of one endpoint that are not part of its spec.

    Args:
        key_env: Environment variable that holds the API key.
        key_file: File that holds the API key, when ``key_env`` is empty.
        context_tokens: Prompt plus answer of one request, where we may choose it.
        slots: Requests at once, where we may choose it (embedded).
        deadlines: None means the endpoint's own defaults.
    """

    key_env: str = ""
    key_file: Path | None = None
    context_tokens: int | None = None
    slots: int | None = None
    deadlines: Deadlines | None = field(default=None)
