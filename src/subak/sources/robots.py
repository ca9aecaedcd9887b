"""Robots: what one origin's robots.txt lets us do (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego
from yarl import URL

from subak.errors import Refused
from subak.sources.request import Reply

AGENT = "subak"
MAX_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
MAX_DELAY_S = 30.0  # a longer crawl-delay would stop the run, not spare the site


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin.

    Args:
        rules: The parsed file, None when everything is allowed.
        denial: Why nothing is allowed, "" when the rules decide.
    """

    rules: Protego | None = None
    denial: str = ""

    @classmethod
    def read(cls, reply: Reply) -> Robots:
        """Return the rules an answer to the request for robots.txt stands for.

        No file (4xx) allows everything, a failing server (5xx) nothing.
        """
        if reply.status >= 500:
            return cls(denial=f"its robots.txt answers HTTP {reply.status}")
        if reply.status != 200:
            return cls()
        return cls(Protego.parse(reply.body.decode("utf-8-sig", "replace")))

    @property
    def delay_s(self) -> float:
        """Return the seconds to leave between two requests."""
        asked = self.rules.crawl_delay(AGENT) if self.rules is not None else None
        return min(max(asked or 0.0, 0.0), MAX_DELAY_S)

    def check(self, url: URL) -> None:
        """Return when the URL may be fetched.

        Raises:
            Refused: It may not.
        """
        if self.denial:
            raise Refused(
                f"nothing is fetched from {url.host}: {self.denial}",
                where=str(url),
                hint="robots.txt is asked again in the next run",
            )
        if self.rules is not None and not self.rules.can_fetch(str(url), AGENT):
            raise Refused(
                "robots.txt does not allow this page",
                where=str(url),
                hint="remove the address from the recipe, or ask the site",
            )
