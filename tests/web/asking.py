"""A visitor of the dashboard within the test's own process: ASGI, no sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlencode

from subak.engine.clock import Clock, SystemClock
from subak.web.api_routes import api_routes
from subak.web.dashboard import Dashboard
from subak.web.door import Door, Message, Receive, Scope, Send
from subak.web.page import Page
from subak.web.pages.contents import PAGES
from subak.web.secret import Secret
from subak.web.workspaces import Workspaces

PORT = 8628
HOST = f"127.0.0.1:{PORT}"
SECRET = Secret("t" * 43)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request got back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode()

    def json(self) -> dict[str, object]:
        """Return the body as the object it is."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


@dataclass(slots=True)
class Visitor:
    """Sends requests; logged in unless ``cookie`` is taken away."""

    door: Door
    dashboard: Dashboard
    cookie: str = f"subak-{PORT}={SECRET.session}"
    host: str = HOST

    async def get(self, path: str, **headers: str) -> Answer:
        """Return the answer to a GET."""
        return await self.ask("GET", path, headers=headers)

    async def post(
        self, path: str, fields: Mapping[str, str], **headers: str
    ) -> Answer:
        """Return the answer to a form of the dashboard's own."""
        form = urlencode({"form_token": SECRET.form, **fields}).encode()
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": f"http://{self.host}",
            "sec-fetch-site": "same-origin",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return await self.ask("POST", path, form, headers)

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request and return the whole answer."""
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        await self.door(self._scope(method, path, headers or {}), _body(body), send)
        start, *pieces = sent
        found = {
            name.decode(): value.decode("latin-1") for name, value in start["headers"]
        }
        whole = b"".join(piece.get("body", b"") for piece in pieces)
        return Answer(int(start["status"]), found, whole)

    @asynccontextmanager
    async def watching(self, path: str, **headers: str) -> AsyncIterator[Watch]:
        """Watch a stream while the block runs; leaves it like a closed tab."""
        watch = Watch()

        async def receive() -> Message:
            if not watch.has_begun:
                watch.has_begun = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await watch.left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            await watch.take(message)

        async with asyncio.TaskGroup() as group:
            scope = self._scope("GET", path, headers)
            group.create_task(_served(self.door, scope, receive, send))
            yield watch
            watch.left.set()

    def _scope(self, method: str, path: str, headers: Mapping[str, str]) -> Scope:
        place, _, query = path.partition("?")
        named = {"host": self.host, "cookie": self.cookie, **headers}
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(place),
            "raw_path": place.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (name.lower().encode(), value.encode("latin-1"))
                for name, value in named.items()
                if value
            ],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", PORT),
        }


@dataclass(slots=True)
class Watch:
    """What a stream has sent so far."""

    text: str = ""
    has_begun: bool = False
    left: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def changes(self) -> list[dict[str, object]]:
        """Return the changes that came."""
        lines = self.text.splitlines()
        return [json.loads(line[6:]) for line in lines if line.startswith("data: ")]

    async def take(self, message: Message) -> None:
        """Take a message of the server in."""
        async with self._news:
            self.text += message.get("body", b"").decode()
            self._news.notify_all()

    async def wait_changes(self, number: int) -> list[dict[str, object]]:
        """Wait until so many changes came and return them."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.changes) >= number)
        return self.changes


async def _served(door: Door, scope: Scope, receive: Receive, send: Send) -> None:
    await door(scope, receive, send)


def _body(body: bytes) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    return receive


@asynccontextmanager
async def open_dashboard(
    folder: Path, pages: Sequence[Page] = PAGES, clock: Clock | None = None
) -> AsyncIterator[Visitor]:
    """Open the dashboard of a folder and yield a visitor who is let in."""
    clock = clock or SystemClock()
    dashboard = Dashboard(Workspaces(folder), pages, SECRET, clock)
    app = dashboard.app(api_routes(dashboard))
    async with dashboard.open():
        yield Visitor(Door(app, SECRET, PORT), dashboard)
