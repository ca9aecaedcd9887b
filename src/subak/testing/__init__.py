"""Public fakes: model server, site, virtual clock, memory journal, crash points.

Loaded on first use, so that a product command that needs one doesn't load them all.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subak.testing.clock import VirtualClock as VirtualClock
    from subak.testing.crash import CrashAt as CrashAt
    from subak.testing.journal import MemoryJournal as MemoryJournal
    from subak.testing.model_faults import FaultPlan as FaultPlan
    from subak.testing.model_server import FakeModelServer as FakeModelServer
    from subak.testing.site import FakePage as FakePage
    from subak.testing.site import FakeSite as FakeSite

_HOMES = {
    "CrashAt": "crash",
    "FakeModelServer": "model_server",
    "FakePage": "site",
    "FakeSite": "site",
    "FaultPlan": "model_faults",
    "MemoryJournal": "journal",
    "VirtualClock": "clock",
}
__all__ = [
    "CrashAt",
    "FakeModelServer",
    "FakePage",
    "FakeSite",
    "FaultPlan",
    "MemoryJournal",
    "VirtualClock",
]


def __getattr__(name: str) -> object:
    """Load a fake on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'subak.testing' has no attribute '{name}'")
    return getattr(importlib.import_module(f"subak.testing.{_HOMES[name]}"), name)
