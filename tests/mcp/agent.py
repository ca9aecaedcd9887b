"""Agent: the official client in a session with our server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from mcp import ClientSession, types
from mcp.shared.memory import create_connected_server_and_client_session

from subak.engine.clock import Clock, SystemClock
from subak.mcp.library import Library
from subak.mcp.server import make_server

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Agent:
    """Asks the tools by the official client, which checks every answer's schema."""

    session: ClientSession

    async def call(self, name: str, **arguments: object) -> dict[str, Any]:
        """Return what a tool answers; it must not be an error."""
        result = await self.session.call_tool(name, arguments)
        assert not result.isError, text_of(result)
        assert result.structuredContent is not None
        return result.structuredContent

    async def fail(self, name: str, **arguments: object) -> str:
        """Return what a tool says is wrong; it must be an error."""
        result = await self.session.call_tool(name, arguments)
        assert result.isError, result.structuredContent
        return text_of(result)

    async def follow(self, name: str, rows: str, **arguments: object) -> list[Any]:
        """Return all rows of an answer that has several parts."""
        found: list[Any] = []
        cursor = ""
        while True:
            part = await self.call(name, cursor=cursor, **arguments)
            found += part[rows]
            if part["next_cursor"] is None:
                return found
            cursor = part["next_cursor"]


def text_of(result: types.CallToolResult) -> str:
    """Return the text of a result."""
    return "\n".join(
        each.text for each in result.content if isinstance(each, types.TextContent)
    )


def with_agent(
    folder: Path,
    scenario: Callable[[Agent], Awaitable[T]],
    clock: Clock | None = None,
) -> T:
    """Return what a scenario returns, played in a session within this process."""

    async def play() -> T:
        library = Library(folder, clock or SystemClock())
        try:
            server = make_server(library)
            connected = create_connected_server_and_client_session(server)
            async with connected as session:
                return await scenario(Agent(session))
        finally:
            await library.close()

    return asyncio.run(play())
