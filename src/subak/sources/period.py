"""Periods as a recipe writes them: "6h", "1d"."""

from __future__ import annotations

_SECONDS = {"m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}


def period_seconds(text: str) -> float:
    """Return the seconds a period lasts, 0 for ""."""
    return float(text[:-1]) * _SECONDS[text[-1]] if text else 0.0
