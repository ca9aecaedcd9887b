"""quantile_bounds: numbers in classes that hold about as many each."""

from __future__ import annotations

import math
from collections.abc import Iterable


def quantile_bounds(numbers: Iterable[float], classes: int) -> tuple[float, ...]:
    """Return the upper bound of each class, rising; the last is the largest number.

    Equal numbers are never parted, so there may be fewer classes than asked for; none
    of them is empty. The bounds are the nearest-rank quantiles (Hyndman and Fan 1996,
    type 1), numbers of the sample themselves.
    """
    ordered = sorted(numbers)
    if not ordered:
        return ()
    ranks = (math.ceil(len(ordered) * step / classes) for step in range(1, classes + 1))
    return tuple(sorted({ordered[max(rank, 1) - 1] for rank in ranks}))
