"""Check: one thing that `subak doctor` looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "look", "missing"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Args:
        words: What was found.
        hint: What to change, "" for nothing.
    """

    name: str
    verdict: Verdict
    words: str
    hint: str = ""
