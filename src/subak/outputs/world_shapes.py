"""WorldShapes: outlines of countries to draw, by their two letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import msgspec


@dataclass(frozen=True, slots=True)
class WorldShapes:
    """The sheet and what is on it; see ``world/README.md`` for its origin.

    Args:
        origin: Whose data it is, and under what terms.
        paths: SVG path data by ISO 3166-1 alpha-2.
        points: Middles of the countries too small for an outline.
    """

    origin: str
    width: int
    height: int
    paths: Mapping[str, str]
    points: Mapping[str, tuple[int, int]]

    def has(self, code: str) -> bool:
        """Tell whether a country can be drawn."""
        return code in self.paths or code in self.points


@lru_cache(maxsize=1)
def world_shapes() -> WorldShapes:
    """Read the shapes, once a process."""
    data = (files("subak.outputs") / "world" / "shapes.json").read_bytes()
    return msgspec.json.decode(data, type=WorldShapes)
