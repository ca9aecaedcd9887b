"""Lookups: names of hosts resolved by the system, a few at a time."""

from __future__ import annotations

import asyncio
import socket

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

# The loop's default executor has min(32, processors + 4) threads. With no more
# questions than that, none waits in it while its time already runs: hundreds of
# hosts at once, a few of them dead, would otherwise time out the living.
AT_ONCE = 5
LONGEST_S = 12.0  # a system resolver gives up after two tries of 5 s


class Lookups(AbstractResolver):
    """Ask the system's resolver.

    Guarantees: at most ``AT_ONCE`` questions at a time, each bounded from when it is
    asked; waiting for the turn has no limit of its own.
    """

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._resolver = ThreadedResolver()

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,
    ) -> list[ResolveResult]:
        """Return the addresses of a name.

        Raises:
            OSError: Nobody knows it, or nobody said so in time.
        """
        async with self._places:
            try:
                async with asyncio.timeout(LONGEST_S):
                    return await self._resolver.resolve(host, port, family)
            except TimeoutError as error:
                message = "no name server answered in time"
                raise OSError(socket.EAI_AGAIN, message) from error
            except UnicodeError as error:  # an empty label, or one of over 63 letters
                raise OSError(socket.EAI_NONAME, "no name of a host") from error

    async def close(self) -> None:
        """Nothing is held."""
