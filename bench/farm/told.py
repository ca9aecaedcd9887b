"""Told: what the farm saw of a crawl, over all sites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """The farm's word on a crawl's manners.

    Args:
        requests: All that came, robots.txt included.
        sent: Bytes of bodies.
        statuses: Answers by status.
        most_in_flight: Requests at once at one site, at most.
        over_two: Sites with more than two at once.
        disallowed: Requests that a robots.txt forbids.
        early: Requests to a site whose robots.txt was not asked for yet.
        trapped: Requests inside link traps.
        conditional: Requests with a validator.
        forbidden: Requests to the forbidden address.
        delay_gap_s: Mean gap at the sites that ask for one second between requests.
    """

    day: int
    requests: int
    sent: int
    statuses: Mapping[str, int]
    most_in_flight: int
    over_two: int
    disallowed: int
    early: int
    trapped: int
    conditional: int
    forbidden: int
    delay_gap_s: float | None = None

    def to_json(self) -> dict[str, object]:
        """Return it as JSON-able values."""
        return asdict(self)
