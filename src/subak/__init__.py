"""Share one stream of model tokens among many tasks; publish only what is proved.

Light to import: everything is loaded on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from subak.answering.face import aask as aask
    from subak.answering.face import ask as ask
    from subak.answering.face import search as search
    from subak.api import RunRequest as RunRequest
    from subak.api import aplan as aplan
    from subak.api import arun as arun
    from subak.api import report as report
    from subak.api import run as run
    from subak.errors import SubakError as SubakError
    from subak.evaluation.evaluate import EvaluationRequest as EvaluationRequest
    from subak.evaluation.face import evaluate as evaluate
    from subak.evaluation.face import verify as verify
    from subak.evaluation.judge import Verification as Verification
    from subak.knowledge.replies.reply import Reply as Reply
    from subak.knowledge.search.hit import Hit as Hit
    from subak.mapping.face import amap as amap
    from subak.mapping.face import map as map  # noqa: A004 - subak.map
    from subak.mapping.map_result import MapResult as MapResult
    from subak.mapping.map_row import MapRow as MapRow
    from subak.recipes.exporting import export as export
    from subak.recipes.field_classes import schema_of as schema_of
    from subak.views.summary import RunSummary as RunSummary

_HOMES = {
    "EvaluationRequest": "subak.evaluation.evaluate",
    "Hit": "subak.knowledge.search.hit",
    "Reply": "subak.knowledge.replies.reply",
    "Verification": "subak.evaluation.judge",
    "aask": "subak.answering.face",
    "ask": "subak.answering.face",
    "schema_of": "subak.recipes.field_classes",
    "search": "subak.answering.face",
    "verify": "subak.evaluation.face",
    "MapResult": "subak.mapping.map_result",
    "MapRow": "subak.mapping.map_row",
    "RunRequest": "subak.api",
    "RunSummary": "subak.views.summary",
    "SubakError": "subak.errors",
    "amap": "subak.mapping.face",
    "aplan": "subak.api",
    "arun": "subak.api",
    "evaluate": "subak.evaluation.face",
    "export": "subak.recipes.exporting",
    "map": "subak.mapping.face",
    "report": "subak.api",
    "run": "subak.api",
}
__all__ = [
    "EvaluationRequest",
    "Hit",
    "MapResult",
    "MapRow",
    "Reply",
    "RunRequest",
    "RunSummary",
    "SubakError",
    "Verification",
    "aask",
    "amap",
    "aplan",
    "arun",
    "ask",
    "evaluate",
    "export",
    "map",
    "report",
    "run",
    "schema_of",
    "search",
    "verify",
]


def __getattr__(name: str) -> object:
    """Load a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'subak' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
