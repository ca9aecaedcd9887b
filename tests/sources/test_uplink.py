"""Uplink: a machine that is offline says so, instead of calling all sites dead."""

from __future__ import annotations

import pytest

from subak.errors import ConnectionLost, Refused, SubakError, TimedOut, Unreachable
from subak.sources.polite import Polite
from subak.sources.reason import because
from subak.sources.request import Reply
from subak.sources.uplink import FEWEST_HOSTS, Uplink
from subak.testing.clock import VirtualClock
from subak.testing.hazards import dead_url
from subak.testing.site import FakePage, FakeSite
from tests.sources.visiting import get_each, request, visit

UNKNOWN = because("dns", ConnectionLost("the host was not found"))
CUT = because("cut", ConnectionLost("the connection was cut"))


def _fail(uplink: Uplink, *errors: SubakError | None) -> None:
    for number, error in enumerate(errors):
        uplink.begin()
        uplink.end(f"host-{number}", error)


def test_uplink_that_reaches_nobody_ends_the_run() -> None:
    """The eighth host that cannot be reached is one too many."""
    uplink = Uplink(VirtualClock())
    _fail(uplink, *[UNKNOWN] * (FEWEST_HOSTS - 1))
    with pytest.raises(Unreachable, match="none of 8 hosts"):
        uplink_end(uplink, "last")


def uplink_end(uplink: Uplink, host: str) -> None:
    """Fail once more."""
    uplink.begin()
    uplink.end(host, UNKNOWN)


@pytest.mark.parametrize("said", [None, CUT, because("read-timeout", TimedOut("late"))])
def test_uplink_is_proved_by_any_host_that_says_anything(
    said: SubakError | None,
) -> None:
    """One that connects is enough, however it goes on."""
    _fail(Uplink(VirtualClock()), said, *[UNKNOWN] * 50)


def test_uplink_counts_hosts_not_failures() -> None:
    """One dead site with many pages says nothing."""
    uplink = Uplink(VirtualClock())
    for _ in range(50):
        uplink_end(uplink, "dead")


def test_uplink_waits_for_those_under_way_but_not_for_ever() -> None:
    """Dead names fail at once; a living site may take seconds to answer."""
    clock = VirtualClock()
    uplink = Uplink(clock)
    uplink.begin()
    _fail(uplink, *[UNKNOWN] * 20)
    clock.advance(11)
    with pytest.raises(Unreachable):
        uplink_end(uplink, "last")


def test_polite_tells_dead_sites_from_being_offline() -> None:
    """While one site answers, the dead ones fail alone; without it the run ends."""
    dead = [dead_url().replace("127.0.0.1", f"127.0.1.{n}") for n in range(1, 13)]
    site = FakeSite({"/page": FakePage("text")})

    async def both(polite: Polite) -> list[Reply | SubakError]:
        await polite.fetch(request(site.url("/page")))
        return await get_each(polite, dead)

    async def nobody(polite: Polite) -> list[Reply | SubakError]:
        return await get_each(polite, dead)

    found = visit(both, site)
    assert all(isinstance(error, Refused | ConnectionLost) for error in found)
    assert any(isinstance(error, Unreachable) for error in visit(nobody))
