"""Gate: who lets a hop of a fetch pass, and what the fetch tells it in return."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Protocol

from yarl import URL

from subak.sources.request import Reply, Request


class Visit(Protocol):
    """One hop that was let pass."""

    def received(self, size: int) -> None:
        """Tell that so many bytes of a body came."""
        ...

    def answered(self, reply: Reply) -> None:
        """Tell what the hop brought."""
        ...


class Gate(Protocol):
    """Robots, the limits of a host, the budget of a source."""

    def enter(self, url: URL, request: Request) -> AbstractAsyncContextManager[Visit]:
        """Hold a place at the URL's host while the hop is made."""
        ...


class OpenGate:
    """A gate that lets everything pass."""

    def enter(self, _url: URL, _request: Request) -> AbstractAsyncContextManager[Visit]:
        """Hold nothing."""
        return self

    def received(self, size: int) -> None:
        """Ignore it."""

    def answered(self, reply: Reply) -> None:
        """Ignore it."""

    async def __aenter__(self) -> Visit:
        """Enter."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave."""
