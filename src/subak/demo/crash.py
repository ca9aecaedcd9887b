"""The crash demo: die half-way without warning, go on, compare every byte."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from subak.demo.folder import known_port
from subak.demo.show import DemoOptions, Say
from subak.errors import SubakError

LIFE_DEADLINE_S = 900
PUBLISHED_AT = "1767225600"  # 2026-01-01, the same in both lives of both runs


@dataclass(frozen=True, slots=True)
class CrashReport:
    """How the crash ended.

    Args:
        summary: The `--json` object of the run that was killed and resumed.
        crashed_at: Number of the event at which the process killed itself.
        events: Events of the undisturbed run.
        is_identical: Every published file has the same bytes in both runs.
        differing: Files that differ, if any.
    """

    summary: dict[str, object]
    crashed_at: int
    events: int
    is_identical: bool
    differing: tuple[str, ...]

    @property
    def repeated(self) -> int:
        """Return how many finished calls were sent again."""
        calls = self.summary["calls"]
        return int(calls["repeated"]) if isinstance(calls, dict) else 0


async def show_crash(options: DemoOptions, seed: int, say: Say) -> CrashReport:
    """Run undisturbed, run again with a SIGKILL half-way, resume, compare.

    Raises:
        SubakError: A life ended in another way than it should.
    """
    whole, broken = options.folder / "undisturbed", options.folder / "crashed"
    for folder in (whole, broken):
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    say("life 1  an undisturbed run, to compare with")
    await _live(options, whole, say)
    # Addresses stand in what is written: the other lives need the same port.
    options = replace(options, port=known_port(whole))
    events = _count_events(whole)
    point = random.Random(seed).randint(events // 10, events * 9 // 10)
    say(f"life 2  kills itself with SIGKILL at event {point} of about {events}")
    code, _ = await _start(options, broken, ["--crash-at", str(point)])
    if code != -signal.SIGKILL:
        raise SubakError(f"the run should have died by SIGKILL but ended with {code}")
    say("        dead. Nothing was flushed, closed or caught")
    say("life 3  the same command again: it goes on where it was")
    summary = await _live(options, broken, say)
    differing = differing_files(whole / "out", broken / "out")
    return CrashReport(summary, point, events, not differing, differing)


def differing_files(one: Path, other: Path) -> tuple[str, ...]:
    """Return the files that are missing or have other bytes in one of two folders."""
    left, right = _digests(one), _digests(other)
    names = sorted(left.keys() | right.keys())
    return tuple(name for name in names if left.get(name) != right.get(name))


async def _live(options: DemoOptions, folder: Path, say: Say) -> dict[str, object]:
    code, text = await _start(options, folder, [])
    if code != 0:
        raise SubakError(f"the run ended with exit code {code}", where=str(folder))
    summary: dict[str, object] = json.loads(text)
    say(f"        {summary['status']} in {summary['seconds']} s")
    return summary


async def _start(
    options: DemoOptions, folder: Path, more: Sequence[str]
) -> tuple[int, str]:
    command = [sys.executable, "-m", "subak", "demo", "--json", "--quiet"]
    command += ["--days", "1"]
    command += ["--dir", str(folder), "--countries", str(options.countries)]
    command += ["--model", options.model or "embedded", *more]
    if options.port:
        command += ["--port", str(options.port)]
    child = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "SOURCE_DATE_EPOCH": PUBLISHED_AT},
    )
    async with asyncio.timeout(LIFE_DEADLINE_S):
        out, _ = await child.communicate()
    return child.returncode or 0, out.decode()


def _count_events(folder: Path) -> int:
    from subak.engine.store import open_reader
    from subak.views.runs import list_runs
    from subak.views.stored_events import iter_events

    database = open_reader(folder / ".subak" / "journal.db")
    try:
        first = list_runs(database, limit=1_000)[-1]
        return sum(1 for _ in iter_events(database, first.id))
    finally:
        database.close()


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
