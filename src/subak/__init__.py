"""Share one stream of model tokens among many tasks; publish only what is proved.

Light to import: everything is loaded on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from subak.api import RunRequest as RunRequest
    from subak.api import aplan as aplan
    from subak.api import arun as arun
    from subak.api import report as report
    from subak.api import run as run
    from subak.errors import SubakError as SubakError
    from subak.mapping.face import amap as amap
    from subak.mapping.face import map as map  # noqa: A004 - subak.map
    from subak.mapping.map_result import MapResult as MapResult
    from subak.mapping.map_row import MapRow as MapRow
    from subak.views.summary import RunSummary as RunSummary

_HOMES = {
    "MapResult": "subak.mapping.map_result",
    "MapRow": "subak.mapping.map_row",
    "RunRequest": "subak.api",
    "RunSummary": "subak.views.summary",
    "SubakError": "subak.errors",
    "amap": "subak.mapping.face",
    "aplan": "subak.api",
    "arun": "subak.api",
    "map": "subak.mapping.face",
    "report": "subak.api",
    "run": "subak.api",
}
__all__ = [
    "MapResult",
    "MapRow",
    "RunRequest",
    "RunSummary",
    "SubakError",
    "amap",
    "aplan",
    "arun",
    "map",
    "report",
    "run",
]


def __getattr__(name: str) -> object:
    """Load a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'subak' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
