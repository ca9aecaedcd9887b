"""The public names as a caller uses them: type-checked, never run."""

from __future__ import annotations

import subak
from subak.testing import CrashAt, FakeModelServer, FakeSite, VirtualClock


async def use_the_api() -> int:
    """Use what subak promises to a notebook."""
    request = subak.RunRequest("tax", model="echo", items="germany", limit=3)
    summary: subak.RunSummary = await subak.arun(request, listeners=[CrashAt(9)])
    plan = await subak.aplan(request)
    costs: int | None = plan.calls
    return summary.facts.proved + (costs or 0)


def run_at_once() -> str:
    """Use it without a running loop."""
    try:
        return subak.run(subak.RunRequest("tax")).status
    except subak.SubakError as error:
        return error.hint


async def use_the_fakes() -> str:
    """Use the fakes as a test of somebody's own stage would."""
    clock = VirtualClock()
    async with FakeModelServer() as server, FakeSite({"/": "<p>hello</p>"}) as site:
        await clock.sleep(3)
        return server.url + site.url("/")
