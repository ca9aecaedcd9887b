"""StandIn: the stand-in model server as a process of its own, and how to steer it."""

from __future__ import annotations

from types import TracebackType

import msgspec

from bench.piped_server import PipedServer
from bench.server.settings import Settings
from bench.server.statistics import Counts

_NO_SETTINGS = Settings()
_ANSWERS_WITHIN_S = 30.0


class StandIn:
    """Use as a context manager; ``url`` is its base URL."""

    def __init__(self, settings: Settings = _NO_SETTINGS) -> None:
        command = ("bench.server", msgspec.json.encode(settings).decode())
        self._server = PipedServer(
            command, "127.0.0.1", answers_within_s=_ANSWERS_WITHIN_S
        )

    def __enter__(self) -> StandIn:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        """Return the base URL."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def spec(self) -> str:
        """Return the model spec that names it."""
        return f"openai:stand-in@{self.url}"

    @property
    def process_id(self) -> int:
        """Return the id of its process, to read what it costs."""
        return self._server.process_id

    def configure(self, settings: Settings) -> None:
        """Begin anew with other settings."""
        self._server.ask("POST", "/bench/settings", msgspec.json.encode(settings))

    def change(self, settings: Settings) -> None:
        """Turn settings while calls run."""
        self._server.ask("POST", "/bench/change", msgspec.json.encode(settings))

    def restart(self, down_s: float) -> None:
        """Break all connections and be gone for some seconds."""
        self._server.ask("POST", "/bench/restart", str(down_s).encode())

    def counts(self) -> Counts:
        """Return what came since it was configured."""
        told = self._server.ask("GET", "/bench/counts")
        return msgspec.json.decode(told, type=Counts)

    def sent_whole(self) -> dict[str, float]:
        """Return when each item's newest good answer was sent whole."""
        told = self._server.ask("GET", "/bench/sent")
        return msgspec.json.decode(told, type=dict[str, float])

    def calls_by_item(self) -> dict[str, int]:
        """Return how often each item was asked for."""
        told = self._server.ask("GET", "/bench/items")
        return msgspec.json.decode(told, type=dict[str, int])
