"""Robots: what one origin's robots.txt lets us do (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from protego import Protego
from yarl import URL

from subak.errors import Refused
from subak.sources.reason import because

AGENT = "subak"
MAX_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
MAX_DELAY_S = 30.0  # a longer crawl-delay would stop the run, not spare the site


class RobotsStore(Protocol):
    """Where answers to robots.txt are kept from run to run, for a day."""

    def find(self, origin: str) -> tuple[int, bytes] | None:
        """Return status and body of an answer of the last day, None without one."""
        ...

    def keep(self, origin: str, status: int, body: bytes) -> None:
        """Remember an answer that came now."""
        ...


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin.

    Args:
        rules: The parsed file, None when everything is allowed.
        denial: Why nothing is allowed, "" when the rules decide.
        delay_s: Seconds to leave between two requests.
    """

    rules: Protego | None = None
    denial: str = ""
    delay_s: float = 0.0

    @classmethod
    def read(cls, status: int, body: bytes) -> Robots:
        """Return the rules an answer to the request for robots.txt stands for.

        No file (4xx) allows everything, a failing server (5xx) nothing.
        """
        if status >= 500:
            return cls(denial=f"its robots.txt answers HTTP {status}")
        if status != 200:
            return cls()
        rules = Protego.parse(body.decode("utf-8-sig", "replace"))
        asked = rules.crawl_delay(AGENT) or 0.0
        return cls(rules, delay_s=min(max(asked, 0.0), MAX_DELAY_S))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Return the addresses of sitemaps it lists, as they stand there."""
        return tuple(self.rules.sitemaps) if self.rules is not None else ()

    def allows(self, url: str) -> bool:
        """Tell whether the URL may be fetched."""
        if self.denial:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, AGENT))

    def check(self, url: URL) -> None:
        """Return when the URL may be fetched.

        Raises:
            Refused: It may not.
        """
        if self.denial:
            unreachable = Refused(
                f"nothing is fetched from {url.host}: {self.denial}",
                where=str(url),
                hint="robots.txt is asked again in the next run",
            )
            raise because("robots-unreachable", unreachable)
        if not self.allows(str(url)):
            denied = Refused(
                "robots.txt does not allow this page",
                where=str(url),
                hint="remove the address from the recipe, or ask the site",
            )
            raise because("robots-denied", denied)
