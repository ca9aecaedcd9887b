"""Reach: what a source that must look at the network is given."""

from __future__ import annotations

from dataclasses import dataclass

from subak.engine.offload import Executor
from subak.sources.polite import Polite


@dataclass(frozen=True, slots=True)
class Reach:
    """The run's way to the web, and its workers for parsing."""

    polite: Polite
    executor: Executor
