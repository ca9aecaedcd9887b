"""Answer and Asked: one exchange with a site of the farm, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Manner = Literal["whole", "never", "stalls", "drips", "cut", "huge", "bomb", "endless"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request.

    Args:
        method: GET, usually.
        path: With its query.
        fields: Header fields, lower-case names.
    """

    method: str
    path: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answers, and how it sends it.

    Args:
        manner: "never" says nothing, "stalls" stops in the body, "drips" sends a
            little a second, "cut" closes in the middle, "huge", "bomb" and "endless"
            never become a usable page.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[str, ...] = ()
    is_last: bool = False
    manner: Manner = "whole"
