"""describe_machine: where the figures were measured."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Mapping
from pathlib import Path

from bench.peer_runs import peer_versions

_OURS = ("subak", "aiohttp", "apsw", "zstandard", "msgspec", "xllamacpp")


def describe_machine() -> Mapping[str, str]:
    """Return names and values, ready to print."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "versions": ", ".join(
            f"{name} {version}" for name in _OURS if (version := _version(name))
        ),
        "peers": ", ".join(peer_versions().values()),
    }


def load_averages() -> tuple[float, ...]:
    """Return the load averages, rounded; nothing where the system tells none."""
    try:
        return tuple(round(load, 2) for load in os.getloadavg())
    except OSError:
        return ()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2] for line in lines if line.startswith("model name"))
    return next(named, platform.machine()).strip()


def _memory() -> str:
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return "unknown"
    return f"{pages * size / 2**30:.1f} GiB"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
