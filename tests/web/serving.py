"""`subak serve` as a process of its own, for tests over a real socket."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 30.0


@contextmanager
def serving_dashboard(
    folder: Path, *options: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve a folder while the block runs; yield the process and its address."""
    words = [sys.executable, "-m", "subak", "serve", str(folder), "--port", "0"]
    process = subprocess.Popen(
        [*words, "--json", *options], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        told = json.loads(process.stdout.readline())
        yield process, told["url"]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)
        process.stdout.close()
