"""Site: one site of the farm and its habits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Declared = Literal["header", "meta", "none", "conflict"]
Validators = Literal["both", "etag", "date", "none", "random", "ignored", "stale"]
Sitemap = Literal["none", "honest", "clock", "undated", "index"]
Feed = Literal["none", "rss", "atom"]


@dataclass(frozen=True, slots=True)
class Site:
    """What a site is like.

    Args:
        number: 0 is the first.
        kind: A name of the mix, or "plain".
        host: Its loopback address.
        base: URL without a slash at the end.
        latency_s: Before the first byte.
        template: Which page template it uses.
        category: What it writes about.
        declared: Where it says its charset; "conflict": header and meta differ.
        validators: "random": an ETag for each answer, "ignored": sent, never looked
            at, "stale": the ETag stays although the page changes.
        has_robots: Whether there is a robots.txt.
        sitemap: "clock": every page bears the time of asking.
        is_gzipped: Whether it compresses.
        is_noisy: Whether each answer holds a token of its own.
        front: Path of the front page.
    """

    number: int
    kind: str
    host: str
    base: str
    latency_s: float
    template: int
    category: str
    charset: str = "utf-8"
    declared: Declared = "header"
    validators: Validators = "both"
    has_robots: bool = True
    sitemap: Sitemap = "none"
    feed: Feed = "none"
    is_gzipped: bool = True
    is_noisy: bool = False
    front: str = "/"

    @property
    def name(self) -> str:
        """Return the name its markers begin with."""
        return f"s{self.number:04d}"

    @property
    def front_url(self) -> str:
        """Return where a crawl starts."""
        return self.base + self.front
