"""Reason: the closed set of words that failures of fetching are counted by."""

from __future__ import annotations

from typing import Literal, TypeVar, get_args

from subak.errors import SubakError

Reason = Literal[
    "dns",
    "refused",
    "tls",
    "connect-timeout",
    "read-timeout",
    "cut",
    "not-http",
    "too-large",
    "not-text",
    "robots-denied",
    "robots-unreachable",
    "blocked",
    "gone",
    "no-page",
    "no-links",
    "rate-limited",
    "server-error",
    "redirect-loop",
    "bad-redirect",
    "forbidden-target",
    "bad-address",
    "over-budget",
    "other",
]
REASONS: tuple[str, ...] = get_args(Reason)

E = TypeVar("E", bound=SubakError)


def because(reason: Reason, error: E) -> E:
    """Return the error, marked with the reason to count it by."""
    error.reason = reason
    return error
