"""serve: the dashboard on this machine's own address, until it is stopped."""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from subak.engine.clock import Clock, SystemClock
from subak.errors import MissingExtra, UserError
from subak.web.secret import Secret

try:
    import uvicorn

    from subak.web.api_routes import api_routes
    from subak.web.dashboard import Dashboard
    from subak.web.door import Door
    from subak.web.pages.contents import PAGES
    from subak.web.workspaces import Workspaces
except ImportError as error:
    if error.name and error.name.partition(".")[0] in ("starlette", "uvicorn"):
        raise MissingExtra("web", "the dashboard") from error
    raise

HOST = "127.0.0.1"
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_CLOSING_S = 3
_MOST_CONNECTIONS = 500
_KEEP_ALIVE_S = 15


async def serve(
    folder: Path,
    port: int,
    secret: Secret,
    tell: Callable[[str, str], None],
    clock: Clock | None = None,
) -> None:
    """Serve the workspaces below a folder until SIGINT or SIGTERM.

    Args:
        port: 0 takes a free one.
        tell: Is given the address to open, token included, and one that lets in the
            first who opens it; by then it answers.

    Raises:
        UserError: The port is taken.
    """
    with _listen(port) as listening:
        port = listening.getsockname()[1]
        clock = clock or SystemClock()
        dashboard = Dashboard(Workspaces(folder), PAGES, secret, clock)
        ticket = secrets.token_urlsafe(32)
        app = Door(dashboard.app(api_routes(dashboard)), secret, port, ticket)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="on",
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=_CLOSING_S,
        )
        server = _Server(config)
        loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        for each in _SIGNALS:
            loop.add_signal_handler(each, stopping.set)
        try:
            async with asyncio.TaskGroup() as group:
                serving = group.create_task(server.serve(sockets=[listening]))
                stop = group.create_task(_stop(stopping, server, dashboard))
                serving.add_done_callback(lambda _: stop.cancel())
                start = f"http://{HOST}:{port}/?token="
                tell(f"{start}{secret.token}", f"{start}{ticket}")
        finally:
            for each in _SIGNALS:
                loop.remove_signal_handler(each)


async def _stop(
    stopping: asyncio.Event, server: uvicorn.Server, dashboard: Dashboard
) -> None:
    await stopping.wait()
    server.should_exit = True
    await dashboard.close()  # open streams would be waited for


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none over."""
        yield


@contextmanager
def _listen(port: int) -> Iterator[socket.socket]:
    try:
        listening = socket.create_server((HOST, port), backlog=128)
    except OSError as error:
        raise UserError(
            f"port {port} of {HOST} cannot be used: {error.strerror or error}",
            hint=f"another server may have it; choose one: subak serve --port"
            f" {port + 1 if port < 65_535 else 0}",
        ) from error
    try:
        yield listening
    finally:
        listening.close()
