"""Peer runs: the same job given to subak, to the old scripts' design and to peers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.map_run import count_good
from bench.process import Child, Ran
from bench.row import NotInstalledError
from bench.rows_file import Job

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
OURS = "subak"
OLD = "old scripts"
# Name in the table -> (module in bench.peers, distribution whose version is told).
PEERS: Mapping[str, tuple[str, str]] = {
    OLD: ("thread_pool", "requests"),
    "langchain": ("langchain_sqlite", "langchain-openai"),
    "litellm": ("litellm_disk", "litellm"),
    "lm-deluge": ("lm_deluge_sqlite", "lm_deluge"),
}
RUNNERS = (OURS, *PEERS)


@dataclass(frozen=True, slots=True)
class PeerRun:
    """One runner's attempt at a job.

    Args:
        ran: Its process.
        good: Rows it answered as asked.
    """

    ran: Ran
    good: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """A job for one runner; its cache stays in the folder for a rerun.

    Args:
        runner: A name of ``RUNNERS``.
        job: Rows and prompt; prepared.
        url: The server.
        concurrency: What a runner without a tuner is given.
    """

    runner: str
    job: Job
    url: str
    concurrency: int

    def start(self) -> Child:
        """Start the runner's process."""
        job = self.job
        if self.runner == OURS:
            return Child(job.command(), folder=job.folder, environment=job.environment)
        return Child(self._peer_command(), folder=ROOT, environment=job.environment)

    def finish(self, child: Child, timeout_s: float) -> PeerRun:
        """Wait for its end and count what it got."""
        ran = child.wait(timeout_s)
        return PeerRun(ran, self._count(ran))

    def run(self, timeout_s: float) -> PeerRun:
        """Start it and wait for its end."""
        with self.start() as child:
            return self.finish(child, timeout_s)

    def _peer_command(self) -> Sequence[str]:
        folder = self.job.folder
        command = [str(PYTHON), "-m", f"bench.peers.{PEERS[self.runner][0]}"]
        command += ["--url", self.url, "--folder", str(folder)]
        command += ["--rows", str(folder / "rows.jsonl")]
        command += ["--prompt", str(folder / "prompt.txt")]
        command += ["--concurrency", str(self.concurrency)]
        return [*command, *(["--wants-json"] if self.job.has_schema else [])]

    def _count(self, ran: Ran) -> int:
        if self.runner == OURS:
            is_there = ran.code in {0, 3} and self.job.output.exists()
            return count_good(self.job.output, self.job) if is_there else 0
        lines = ran.output.strip().splitlines()
        try:
            return int(json.loads(lines[-1])["good"]) if lines else 0
        except (ValueError, KeyError, TypeError):
            return 0


def find_runners() -> tuple[str, ...]:
    """Return the runners that can run here.

    Raises:
        NotInstalledError: There is no environment for the peers.
    """
    if not PYTHON.exists():
        raise NotInstalledError("the peers are not installed: make bench installs them")
    return RUNNERS


def peer_versions() -> dict[str, str]:
    """Return the pinned version of each peer."""
    return {name: pinned(package) for name, (_, package) in PEERS.items()}


def pinned(package: str) -> str:
    """Return a package of the peers' environment with its pinned version."""
    requirements = Path(__file__).parent / "peers" / "requirements.txt"
    for line in requirements.read_text("utf-8").splitlines():
        name, found, version = line.partition("==")
        if found and _folded(name) == _folded(package):
            return f"{package} {version}"
    return f"{package} ?"


def _folded(name: str) -> str:
    return name.lower().replace("_", "-")
