"""Webhook: notices as JSON, posted to an address."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
from aiohttp import AddrInfoType
from yarl import URL

from subak.errors import NotConnected, Refused, SubakError, TimedOut
from subak.extras.notice import Notice

OpenSocket = Callable[[AddrInfoType], socket.socket]

_GOOD = range(200, 300)
_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class Webhook:
    """A Messenger over HTTP.

    Redirects are not followed: a body with results goes where the recipe says.

    Args:
        url: With a secret in it, as chats have them; shown nowhere but its host.
        open_socket: Opens a socket to an address that may be reached.
        token: Sent as a bearer token, "" for none.
        timeout_s: For the whole exchange.
    """

    url: str = field(repr=False)
    open_socket: OpenSocket = field(repr=False)
    token: str = field(default="", repr=False)
    timeout_s: float = 20.0

    @property
    def name(self) -> str:
        """Return where it leads; the path may be a secret."""
        return f"webhook at {URL(self.url).host or 'no host'}"

    async def send(self, notice: Notice) -> None:
        """Post the notice; an answer of 200 to 299 means that it has been taken.

        Raises:
            SubakError: Nobody answers in time, or the answer is another one.
        """
        try:
            async with asyncio.timeout(self.timeout_s), self._session() as session:
                await self._post(session, notice)
        except TimeoutError as error:
            raise TimedOut(
                f"no answer within {self.timeout_s:g} s", where=self.name
            ) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise self._error(error) from error

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(socket_factory=self.open_socket)
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )

    async def _post(self, session: aiohttp.ClientSession, notice: Notice) -> None:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        posting = session.post(
            self.url, json=_body(notice), headers=headers, allow_redirects=False
        )
        async with posting as answer:
            if answer.status in _GOOD:
                return
            said = (await answer.content.read(_SHOWN_CHARS)).decode("utf-8", "replace")
            words = self._redacted(" ".join(said.split()))
            raise Refused(
                f"HTTP {answer.status}" + (f": {words}" if words else ""),
                where=self.name,
                hint="look at `url` and the secret of [[notify]]",
            )

    def _error(self, error: Exception) -> SubakError:
        words = " ".join(self._redacted(str(error)).split())[:_SHOWN_CHARS]
        return NotConnected(
            f"it can't be reached: {words or type(error).__name__}",
            where=self.name,
            hint="look at `url` of [[notify]]; a private host needs `allow_hosts`",
        )

    def _redacted(self, text: str) -> str:
        for secret in (self.token, self.url, URL(self.url).raw_path_qs.strip("/")):
            text = text.replace(secret, "***") if secret else text
        return text


def _body(notice: Notice) -> dict[str, object]:
    """Return what is sent: ``text`` is the key that chats show."""
    return {
        "version": 1,
        "title": notice.title,
        "text": notice.text,
        "recipe": notice.recipe,
        "run": notice.run,
        "status": notice.status,
        "needs_person": notice.needs_person,
        **notice.facts,
    }
