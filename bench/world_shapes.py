"""Make the map's shapes from Natural Earth, as the npm package world-atlas carries it.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m bench.world_shapes package/countries-110m.json package/countries-50m.json

Writes src/subak/outputs/world/shapes.json: outlines at 1:110 million as SVG paths in
the Equal Earth projection (Šavrič, Patterson and Jenny 2018), so that no country looks
larger than it is; countries too small for that scale become points.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import msgspec
import pycountry

_TARGET = Path(__file__).parent.parent / "src/subak/outputs/world/shapes.json"
_WIDTH = 2000
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2
# Not in ISO 3166-1; the atlas gives it no number. The code is the customary one.
_UNNUMBERED = {"Kosovo": "XK"}
# Disputed areas without a code of their own are drawn with the country ISO lists.
_JOINED = {"N. Cyprus": "CY", "Somaliland": "SO"}
_LEFT_OUT = frozenset({"AQ"})
_ORIGIN = (
    "Natural Earth 4.1, Admin 0 countries, 1:110m and (points) 1:50m; public domain;"
    " taken from the npm package world-atlas 2.0.2 (ISC)"
)

Point = tuple[float, float]
Ring = list[Point]


class Transform(msgspec.Struct):
    """How a topology's integers become degrees."""

    scale: tuple[float, float]
    translate: tuple[float, float]


class Shape(msgspec.Struct):
    """One country of a topology."""

    type: str
    arcs: list[object] = []
    id: str = ""
    properties: dict[str, str] = {}


class Shapes(msgspec.Struct):
    """The countries of a topology."""

    geometries: list[Shape]


class Topology(msgspec.Struct):
    """A TopoJSON file."""

    arcs: list[list[tuple[int, int]]]
    objects: dict[str, Shapes]
    transform: Transform


@dataclass(frozen=True, slots=True)
class Atlas:
    """Rings of countries, by their two letters."""

    rings: Mapping[str, list[Ring]]

    @classmethod
    def read(cls, path: Path) -> Atlas:
        """Read a TopoJSON file."""
        topology = msgspec.json.decode(path.read_bytes(), type=Topology)
        arcs = [_degrees(arc, topology.transform) for arc in topology.arcs]
        rings: dict[str, list[Ring]] = {}
        for shape in topology.objects["countries"].geometries:
            code = _code(shape)
            if code and code not in _LEFT_OUT:
                for numbers in _outlines(shape):
                    parts = cut_ring(_joined(numbers, arcs))
                    rings.setdefault(code, []).extend(parts)
        return cls(rings)


def _code(shape: Shape) -> str:
    name = shape.properties.get("name", "")
    if name in _UNNUMBERED:
        return _UNNUMBERED[name]
    if name in _JOINED:
        return _JOINED[name]
    found = pycountry.countries.get(numeric=shape.id)
    return str(found.alpha_2) if found else ""


def _outlines(shape: Shape) -> Iterator[list[int]]:
    polygons = shape.arcs if shape.type == "MultiPolygon" else [shape.arcs]
    for polygon in msgspec.convert(polygons, list[list[list[int]]]):
        yield from polygon


def _degrees(arc: Sequence[tuple[int, int]], transform: Transform) -> Ring:
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        (sx, sy), (tx, ty) = transform.scale, transform.translate
        points.append((x * sx + tx, y * sy + ty))
    return points


def _joined(numbers: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _unwrapped(ring: Ring) -> Ring:
    """Return a ring without the jump of 360 degrees at the date line."""
    found = ring[:1]
    for x, y in ring[1:]:
        turns = round((found[-1][0] - x) / 360)
        found.append((x + 360 * turns, y))
    return found


def cut_ring(ring: Ring) -> Iterator[Ring]:
    """Yield the parts of a ring on each side of the date line, as they are drawn."""
    whole = _unwrapped(ring)
    for turn in (-1, 0, 1):
        moved = [(x - 360 * turn, y) for x, y in whole]
        part = _clipped(_clipped(moved, -180, 1), 180, -1)
        if len(part) > 2 and abs(ring_area(part)) > 0:
            yield part


def _clipped(ring: Ring, limit: float, side: int) -> Ring:
    """Return what of a ring lies on one side of a meridian (Sutherland, Hodgman)."""
    found: Ring = []
    for (x, y), (u, v) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        is_in, goes_in = (x - limit) * side >= 0, (u - limit) * side >= 0
        if is_in:
            found.append((x, y))
        if is_in != goes_in:
            found.append((limit, y + (v - y) * (limit - x) / (u - x)))
    return found


def project(longitude: float, latitude: float) -> Point:
    """Return a place in the Equal Earth projection, in radii, north up."""
    a1, a2, a3, a4 = _A
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    slope = a1 + 3 * a2 * square + sixth * (7 * a3 + 9 * a4 * square)
    x = math.radians(longitude) * math.cos(theta) / (_M * slope)
    return x, theta * (a1 + a2 * square + sixth * (a3 + a4 * square))


def ring_area(ring: Ring) -> float:
    """Return the area of a ring, negative for one that runs clockwise."""
    following = [*ring[1:], ring[0]]
    pairs = zip(ring, following, strict=True)
    return sum(x * v - u * y for (x, y), (u, v) in pairs) / 2


def _path(rings: Sequence[list[tuple[int, int]]]) -> str:
    parts = []
    for ring in rings:
        steps = [f"M{ring[0][0]} {ring[0][1]}l"]
        moves = [(u - x, v - y) for (x, y), (u, v) in pairwise(ring)]
        text = " ".join(f"{dx} {dy}" for dx, dy in moves)
        parts.append(f"{steps[0]}{text.replace(' -', '-')}z")
    return "".join(parts)


class _Sheet:
    """The map's own units: the northernmost shore at the top, south down."""

    def __init__(self, atlas: Atlas) -> None:
        self._scale = _WIDTH / (2 * project(180, 0)[0])
        flat = [point for rings in atlas.rings.values() for r in rings for point in r]
        heights = [project(*point)[1] for point in flat]
        self._top = max(heights)
        self.height = math.ceil((self._top - min(heights)) * self._scale)

    def place(self, point: Point) -> Point:
        """Return a place in the sheet's units."""
        x, y = project(*point)
        return x * self._scale + _WIDTH / 2, (self._top - y) * self._scale

    def outline(self, ring: Ring) -> list[tuple[int, int]]:
        """Return a ring in whole units, without points that fall together."""
        found: list[tuple[int, int]] = []
        for x, y in map(self.place, ring):
            point = (round(x), round(y))
            if not found or found[-1] != point:
                found.append(point)
        return found[:-1] if found[:1] == found[-1:] else found


def make_shapes(coarse: Atlas, fine: Atlas) -> dict[str, object]:
    """Return what the map's file holds."""
    sheet = _Sheet(coarse)
    paths = {}
    for code, rings in coarse.rings.items():
        outlines = [sheet.outline(ring) for ring in rings]
        kept = [one for one in outlines if len(one) > 2]
        if kept:
            paths[code] = _path(kept)
    points = {}
    for code, rings in fine.rings.items():
        if code not in paths:
            largest = max(rings, key=lambda ring: abs(ring_area(ring)))
            x, y = zip(*map(sheet.place, largest), strict=True)
            points[code] = [round(sum(x) / len(x)), round(sum(y) / len(y))]
    return {
        "origin": _ORIGIN,
        "width": _WIDTH,
        "height": sheet.height,
        "paths": dict(sorted(paths.items())),
        "points": dict(sorted(points.items())),
    }


def main(arguments: Sequence[str]) -> None:
    """Write the file from the two atlases named."""
    coarse, fine = (Atlas.read(Path(one)) for one in arguments)
    text = json.dumps(make_shapes(coarse, fine), ensure_ascii=False, indent=1)
    _TARGET.write_text(f"{text}\n", encoding="utf-8")
    print(f"{_TARGET}: {_TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
