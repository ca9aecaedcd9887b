"""Sessions: the connections of a client, apart for each allow list."""

from __future__ import annotations

import socket
from collections.abc import Callable

import aiohttp
from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver

from subak.sources.fetch_limits import FetchLimits
from subak.sources.guard import Guard
from subak.sources.lookups import Lookups

# Idle connections of hundreds of hosts add up; beyond this they are not kept. Well
# under the 1,024 files a process may open by default on Linux.
_KEPT_OPEN = 400
_HEADER_BYTES = 32_768  # cookies and policies of real sites exceed the usual 8 KiB
_HEADERS = 256


class _Socket(socket.socket):
    """A socket that says when it is closed."""

    on_close: Callable[[], None] | None = None

    def close(self) -> None:
        """Close, and say so once."""
        told, self.on_close = self.on_close, None
        if told is not None:
            told()
        super().close()


class Sessions:
    """Open one session for each allow list, and count its sockets.

    Guarantees: a connection opened for one allow list, or for a host that a list
    names, serves no other; each socket is judged by its own guard.
    """

    def __init__(
        self,
        user_agent: str,
        limits: FetchLimits,
        resolver: AbstractResolver | None = None,
        kept_open: int = _KEPT_OPEN,
    ) -> None:
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip"}
        self._limits = limits
        self._resolver = resolver
        self._kept_open = kept_open
        self._guards: dict[tuple[str, ...], Guard] = {}
        self._sessions: dict[tuple[tuple[str, ...], str], aiohttp.ClientSession] = {}
        self._lookups: AbstractResolver | None = resolver
        self._open = 0

    @property
    def are_many(self) -> bool:
        """Tell whether a connection should rather be closed than kept."""
        return self._open > self._kept_open

    def find(self, allow_hosts: tuple[str, ...], host: str) -> aiohttp.ClientSession:
        """Return the session to reach a host with.

        Raises:
            UserError: The allow list cannot be read.
        """
        guard = self._guards.get(allow_hosts)
        if guard is None:
            guard = self._guards[allow_hosts] = Guard.parse(allow_hosts)
        named = host.lower().rstrip(".") if guard.hosts else ""
        key = (allow_hosts, named if named in guard.hosts else "")
        session = self._sessions.get(key)
        if session is None or session.closed:
            session = self._sessions[key] = self._start(guard.for_host(named))
        return session

    async def close(self) -> None:
        """Close all connections; ``find`` opens new ones."""
        sessions = list(self._sessions.values())
        self._sessions.clear()
        self._lookups = self._resolver  # ours belongs to the loop it was made in
        for session in sessions:
            await session.close()

    def _start(self, guard: Guard) -> aiohttp.ClientSession:
        def open_socket(info: AddrInfoType) -> socket.socket:
            guard.check(str(info[4][0]))
            return self._counted(info)

        self._lookups = self._lookups or Lookups()
        connector = aiohttp.TCPConnector(
            limit=0,  # the client has bounded its requests itself
            resolver=self._lookups,
            socket_factory=open_socket,
        )
        return aiohttp.ClientSession(
            connector=connector,
            connector_owner=True,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self._headers,
            timeout=aiohttp.ClientTimeout(
                sock_connect=self._limits.connect_s, sock_read=self._limits.silence_s
            ),
            trust_env=False,
            max_line_size=_HEADER_BYTES,
            max_field_size=_HEADER_BYTES,
            max_headers=_HEADERS,
        )

    def _counted(self, info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, _ = info
        opened = _Socket(family=family, type=kind, proto=protocol)
        opened.on_close = self._note_closed
        self._open += 1
        return opened

    def _note_closed(self) -> None:
        self._open -= 1
