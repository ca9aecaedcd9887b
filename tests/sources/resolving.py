"""A name server for tests."""

from __future__ import annotations

import socket

from aiohttp.abc import AbstractResolver, ResolveResult


class FakeResolver(AbstractResolver):
    """Answers from a table; each answer may change from one question to the next."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self.names = names

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """Return the addresses of a name, or fail like a name server."""
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self.answers(host)
        ]

    def answers(self, host: str) -> list[str]:
        """Return the addresses of a name as a table has them."""
        if host not in self.names:
            raise OSError(None, "unknown name")
        return self.names[host]

    async def close(self) -> None:
        """Nothing is held."""
