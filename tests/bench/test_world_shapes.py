"""world_shapes: places on an equal-area sheet, cut at the date line."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from bench.world_shapes import cut_ring, project, ring_area

_STEP = 0.5


@pytest.mark.parametrize("latitude", [-60.0, -10.0, 0.0, 35.0, 70.0])
def test_projection_keeps_areas(latitude: float) -> None:
    """A patch covers what it covers on the sphere, wherever it lies."""
    west, east, south, north = 20.0, 20.0 + _STEP, latitude, latitude + _STEP
    corners = [(west, south), (east, south), (east, north), (west, north)]
    drawn = abs(ring_area([project(*corner) for corner in corners]))
    heights = math.sin(math.radians(north)) - math.sin(math.radians(south))
    assert drawn == pytest.approx(math.radians(_STEP) * heights, rel=1e-3)


def test_projection_has_north_up_and_the_equator_straight() -> None:
    """Latitude 0 is at 0; further north is higher."""
    assert [project(x, 0)[1] for x in (-180, 0, 180)] == [0, 0, 0]
    heights = [project(0, y)[1] for y in range(-90, 91, 10)]
    assert all(low < high for low, high in pairwise(heights))


def test_ring_over_the_date_line_becomes_two() -> None:
    """Each part stays on its side; together they are as large as the whole."""
    parts = list(cut_ring([(170.0, 0.0), (-170.0, 0.0), (-170.0, 10.0), (170.0, 10.0)]))
    assert sorted(abs(ring_area(part)) for part in parts) == [100.0, 100.0]
    assert all(-180 <= x <= 180 for part in parts for x, _ in part)


def test_ring_elsewhere_stays_itself() -> None:
    """A ring that crosses nothing has the same corners."""
    ring = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]
    assert [sorted(part) for part in cut_ring(ring)] == [sorted(ring)]
