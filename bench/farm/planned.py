"""plan_sites: which sites the farm has; the same for the same seed."""

from __future__ import annotations

import random
from collections import Counter
from typing import TypeVar

from bench.farm.mix import CHARSETS, SITES, kinds_for
from bench.farm.prose import CATEGORIES
from bench.farm.site import Declared, Feed, Site, Sitemap, Validators

_Choice = TypeVar("_Choice")
SEED = 518_2026
CONTROL_HOST = "127.21.255.1"
# All sites, also those of a replay; the control address is outside.
NETWORK = "127.21.0.0/20"
_PER_BYTE = 250
_VALIDATORS: dict[Validators, int] = {
    "both": 46,
    "etag": 18,
    "date": 14,
    "none": 12,
    "random": 3,
    "ignored": 5,
    "stale": 2,
}
_SITEMAPS: dict[Sitemap, int] = {
    "none": 40,
    "honest": 30,
    "clock": 10,
    "undated": 10,
    "index": 10,
}
_DECLARED: tuple[Declared, ...] = ("header", "meta", "meta", "none", "conflict")
_HONEST = ("both", "etag", "date")
_FEEDS: dict[Feed, int] = {"none": 50, "rss": 35, "atom": 15}


def host_of(number: int) -> str:
    """Return a site's loopback address."""
    return f"127.21.{number // _PER_BYTE}.{1 + number % _PER_BYTE}"


def plan_sites(port: int, count: int = SITES) -> tuple[Site, ...]:
    """Return the farm's sites in order."""
    mixed = random.Random(SEED)
    kinds = kinds_for(count)
    mixed.shuffle(kinds)
    seen: Counter[str] = Counter()
    sites = []
    for number, kind in enumerate(kinds):
        sites.append(_plan(number, kind, seen[kind], port))
        seen[kind] += 1
    return tuple(sites)


def replay_sites(port: int, count: int) -> tuple[Site, ...]:
    """Return sites without latency or faults, to ask for very many pages."""
    return tuple(
        Site(
            number,
            "replay",
            host_of(number),
            f"http://{host_of(number)}:{port}",
            latency_s=0.0,
            template=number % 6,
            category=CATEGORIES[number % len(CATEGORIES)],
            validators="etag",
            has_robots=False,
            is_gzipped=False,
        )
        for number in range(count)
    )


def _plan(number: int, kind: str, nth: int, port: int) -> Site:
    """Draw a site's habits; ``nth`` counts the sites of its kind."""
    draw = random.Random(SEED * 1_000 + number)
    latency_s = min(0.8, max(0.02, draw.lognormvariate(-2.0, 0.8)))
    slow_s = draw.uniform(1.0, 3.0)
    is_noisy = draw.random() < 0.15
    validators = _choose(draw, _VALIDATORS)
    is_old = kind == "charset"
    names = [name for name in CHARSETS if name != "utf-8"]
    return Site(
        number=number,
        kind=kind,
        host=host_of(number),
        base=f"http://{host_of(number)}:{port}",
        latency_s=slow_s if kind == "slow" else latency_s,
        template=draw.randrange(6),
        # One press release belongs to one category, wherever it is carried.
        category=CATEGORIES[0 if kind == "mirror" else number % len(CATEGORIES)],
        charset=names[nth % len(names)] if is_old else "utf-8",
        declared=_DECLARED[nth % len(_DECLARED)] if is_old else "header",
        # A token in each page makes honest validators impossible.
        validators="none" if is_noisy and validators in _HONEST else validators,
        has_robots=draw.random() < 0.75 or kind.startswith("robots"),
        sitemap=_choose(draw, _SITEMAPS),
        feed=_choose(draw, _FEEDS),
        is_gzipped=draw.random() < 0.85,
        is_noisy=is_noisy,
        front="/old" if kind == "redirect_chain" else "/",
    )


def _choose(draw: random.Random, weights: dict[_Choice, int]) -> _Choice:
    return draw.choices(list(weights), list(weights.values()))[0]
