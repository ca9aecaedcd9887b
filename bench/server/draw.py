"""draw: numbers that depend on names alone, so that every client meets the same."""

from __future__ import annotations

import hashlib
import math
from statistics import NormalDist

_NORMAL = NormalDist()
_EDGE = 1e-6


def draw(*names: object) -> float:
    """Return a number in [0, 1) made of the names."""
    text = "\x1f".join(map(str, names)).encode()
    digest = hashlib.blake2b(text, digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2.0**64


def draw_lognormal(median: float, sigma: float, *names: object) -> float:
    """Return a number spread lognormally around the median; the median for sigma 0."""
    if sigma <= 0:
        return median
    quantile = min(max(draw(*names), _EDGE), 1 - _EDGE)
    return median * math.exp(sigma * _NORMAL.inv_cdf(quantile))
