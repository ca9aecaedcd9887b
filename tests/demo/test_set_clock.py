"""A clock set to another day goes on from there."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from subak.demo.set_clock import SetClock
from subak.testing.clock import VirtualClock


def test_set_clock_begins_on_its_day_and_goes_on() -> None:
    """Only what it shows is another; time passes as on the clock behind it."""
    behind = VirtualClock()
    clock = SetClock("2025-06-01", behind)
    begin = datetime.fromtimestamp(clock.now(), UTC)
    assert begin.isoformat() == "2025-06-01T06:00:00+00:00"

    async def scenario() -> None:
        await clock.sleep(90)

    asyncio.run(scenario())
    assert clock.now() - begin.timestamp() == 90
    assert clock.monotonic() == behind.monotonic()
