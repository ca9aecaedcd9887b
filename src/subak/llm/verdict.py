"""Verdict: what limits a server, and what would raise it, in words."""

from __future__ import annotations

from dataclasses import dataclass

from subak.llm.advice import advice
from subak.llm.curve import MOST_PARALLEL, Curve, Level
from subak.llm.tune import Tuning

_WORTH_IT = 1.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a measured curve means.

    Args:
        limit: What keeps the server from being faster.
        advice: What to change, "" for nothing.
    """

    limit: str
    advice: str


def judge(tuning: Tuning, *, own_slots: int | None = None) -> Verdict:
    """Return what a curve means; there is at least one level.

    Args:
        own_slots: Of the embedded model: how many slots subak gives it.
    """
    knee = tuning.curve.knee
    if knee is None:
        return Verdict("nothing was measured", "")
    if tuning.ended in ("time", "interrupted") and _was_rising(tuning.curve):
        return Verdict(
            f"not reached: tokens/s still rose at {knee.parallel} when it ended",
            "measure for longer: --seconds N",
        )
    if tuning.ended == "refusing":
        refused = tuning.curve.levels[-1].parallel
        return Verdict(
            f"calls fail at {refused} at once: {tuning.refusal}",
            "no need to change subak: it stays below; the server's queue or rate"
            " limit decides",
        )
    if own_slots is not None:
        return _embedded(tuning, knee, own_slots)
    return _served(tuning, knee)


def _embedded(tuning: Tuning, knee: Level, own_slots: int) -> Verdict:
    uses = f"subak gives it {own_slots} slots here"
    used = _speed_at(tuning.curve, own_slots)
    limit = "this machine's processor and memory, not a setting"
    if knee.parallel > own_slots and used and knee.tokens_per_s > _WORTH_IT * used:
        more = f"{100 * knee.tokens_per_s / used - 100:.0f} % more tokens/s"
        return Verdict(limit, f"{uses}; --max-parallel {knee.parallel} brings {more}")
    return Verdict(limit, f"nothing to change: {uses}")


def _served(tuning: Tuning, knee: Level) -> Verdict:
    slots = tuning.slots
    if slots is not None and knee.parallel >= slots:
        noun = "slot" if slots == 1 else "slots"
        return Verdict(f"the server's {slots} {noun}", advice(tuning.info, slots))
    if slots is not None:
        return Verdict(
            f"the machine, not the setting: {knee.parallel} of its {slots} slots"
            " already bring its full speed",
            "",
        )
    if tuning.ended == "cap" and _was_rising(tuning.curve):
        more = min(2 * knee.parallel, MOST_PARALLEL)
        return Verdict(
            f"not reached: tokens/s still rose at {knee.parallel}, the most allowed",
            f"measure further: --max-parallel {more}",
        )
    return Verdict(
        f"the machine: above {knee.parallel} at once its speed hardly rises", ""
    )


def _was_rising(curve: Curve) -> bool:
    """Tell whether the highest level was still 5 % better than all others."""
    *before, last = curve.levels
    best = max((level.tokens_per_s for level in before), default=0.0)
    return last.tokens_per_s >= _WORTH_IT * best


def _speed_at(curve: Curve, parallel: int) -> float:
    """Return the speed at the highest level measured up to so many calls."""
    levels = [level for level in curve.levels if level.parallel <= parallel]
    return max((level.tokens_per_s for level in levels), default=0.0)
