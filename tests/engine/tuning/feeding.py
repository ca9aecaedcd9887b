"""Feed: tells a tuner by hand what a client would; serve: lets it run a whole job."""

from __future__ import annotations

from collections.abc import Sequence

from bench.simulator.client import Outcome, Sight, Simulation
from bench.simulator.endpoint import Endpoint
from bench.simulator.server import Server
from bench.simulator.tuned import TunedLevel
from bench.simulator.workload import make_items
from subak.engine.ending import Ending
from subak.engine.tuning.tuner import Tuner

ANSWERED = Ending("answered", tokens_in=100, tokens_out=40)
RATE_LIMITED = Ending("rate_limited")
TURNED_AWAY = Ending("turned_away")
TIMED_OUT = Ending("timed_out")


def asked_to_wait(seconds: float) -> Ending:
    """Return a refusal with Retry-After."""
    return Ending("rate_limited", retry_after_s=seconds)


def serve(
    server: Server,
    tuner: TunedLevel,
    *,
    count: int = 200,
    seed: int = 1,
    sight: Sight = "tokens",
) -> Outcome:
    """Run a job of ``count`` items on a simulated server."""
    items = make_items(count, "mixed", seed)
    endpoint = Endpoint(server, tuner)
    return Simulation(items, [endpoint], seed=seed, sight=sight).run()


class Feed:
    """A client that does what it is told."""

    def __init__(self, tuner: Tuner, now: float = 0.0) -> None:
        self.tuner = tuner
        self.now = now
        self._next = 0

    def send(self, count: int = 1, tokens_in: int = 100) -> list[int]:
        """Send calls at this moment."""
        calls = list(range(self._next, self._next + count))
        self._next += count
        for call in calls:
            self.tuner.send(call, self.now, tokens_in)
        return calls

    def fill(self) -> list[int]:
        """Send as many calls as the limit allows on an idle server."""
        return self.send(self.tuner.limit(self.now))

    def begin(self, calls: Sequence[int]) -> None:
        """Let the answers to calls begin."""
        for call in calls:
            self.tuner.first_token(call, self.now)

    def stream(self, calls: Sequence[int], tokens: int) -> None:
        """Let each of them bring that many tokens, one by one."""
        for _ in range(tokens):
            for call in calls:
                self.tuner.tokens(call, self.now, 1)

    def end(self, calls: Sequence[int], ending: Ending = ANSWERED) -> None:
        """Let calls end."""
        for call in calls:
            self.tuner.end(call, self.now, ending)

    def answer(self, count: int) -> None:
        """Let calls be sent and answered, one after the other."""
        for _ in range(count):
            calls = self.send()
            self.wait(0.5)
            self.begin(calls)
            self.stream(calls, 40)
            self.end(calls)

    def wait(self, seconds: float, backlog: int = 100) -> None:
        """Let time pass, with a tick at its end."""
        self.now += seconds
        self.tuner.tick(self.now, backlog)

    @property
    def limit(self) -> int:
        """Return the limit now."""
        return self.tuner.limit(self.now)

    @property
    def pause(self) -> float:
        """Return the seconds until the next call may be sent."""
        return self.tuner.ready_at(self.now) - self.now
