"""Found: retrieval over the World Factbook; measured by its own module."""

from __future__ import annotations

from bench.eval.retrieval import measure as measure_retrieval
from bench.eval.setting import Setting
from bench.row import Measured


def measure(setting: Setting) -> Measured:
    """Ask the labelled questions."""
    return measure_retrieval(setting.conditions)
