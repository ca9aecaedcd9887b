"""Checkup: what this machine and this installation bring for subak."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from subak import __version__
from subak.views.machine import Machine, read_machine
from subak.views.wording import count, moment, size

if TYPE_CHECKING:
    from subak.llm.detect import Found
    from subak.llm.weights import Weights

Verdict = Literal["ok", "look", "missing"]
_LITTLE_DISK = 2_000_000_000
_DAY_S = 86_400
_REQUIRED = re.compile(r"([A-Za-z0-9._-]+).*extra *== *['\"]([^'\"]+)['\"]")
_MAKER = "Qwen2.5-Coder Instruct by the Qwen team"
_ENGINE = "llama.cpp (MIT) by way of xllamacpp"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Args:
        words: What was found.
        hint: What to change, "" for nothing.
    """

    name: str
    verdict: Verdict
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """Everything that was looked at, and the servers that answered."""

    machine: Machine
    checks: tuple[Check, ...]
    servers: tuple[Found, ...]
    specs: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        return {
            "version": 1,
            "subak": __version__,
            "machine": asdict(self.machine),
            "checks": [asdict(check) for check in self.checks],
            "servers": [
                {
                    "provider": server.provider,
                    "server": server.info.server,
                    "url": server.info.url,
                    "slots": server.info.slots,
                    "specs": list(server.specs),
                }
                for server in self.servers
            ],
            "models": list(self.specs),
        }


def check_all(folder: Path, servers: Sequence[Found], now: float) -> Checkup:
    """Look at everything.

    Args:
        folder: The workspace whose disk counts.
        servers: Model servers that answered.
        now: What the clock says, seconds since the epoch.
    """
    from subak.llm.weights import KNOWN

    machine = read_machine(folder)
    has_engine = importlib.util.find_spec("xllamacpp") is not None
    embedded = [_embedded(weights, has_engine) for weights in KNOWN.values()]
    at_hand = [
        f"embedded:{name}"
        for name, check in zip(KNOWN, embedded, strict=True)
        if check.verdict == "ok"
    ]
    served = [spec for server in servers for spec in server.specs]
    return Checkup(
        machine=machine,
        checks=(
            *_machine_checks(machine, folder, now),
            *(_extra(name, needs) for name, needs in _extras().items()),
            _engine(has_engine),
            *embedded,
            *(_server(server) for server in servers),
            *([] if servers else [_no_server(bool(at_hand))]),
        ),
        servers=tuple(servers),
        specs=(*served, *at_hand),
    )


def _machine_checks(machine: Machine, folder: Path, now: float) -> list[Check]:
    memory = "memory unknown"
    if machine.memory_bytes:
        free = size(machine.memory_free_bytes)
        memory = f"{size(machine.memory_bytes)} of memory, {free} of it free"
    room = f"{size(machine.disk_free_bytes)} free at {folder.resolve()}"
    is_tight = machine.disk_free_bytes < _LITTLE_DISK
    return [
        Check("subak", "ok", f"{__version__} on Python {machine.python}"),
        Check("system", "ok", machine.system),
        Check("cores", "ok", f"{count(machine.cores, 'core')}, {memory}"),
        Check(
            "disk",
            "look" if is_tight else "ok",
            room,
            "make room, or use another folder: --dir DIR" if is_tight else "",
        ),
        _clock(now, machine.time_zone),
    ]


def _clock(now: float, zone: str) -> Check:
    installed = Path(__file__).stat().st_mtime
    words = f"{moment(now)} {zone}"
    if now < installed - _DAY_S:
        hint = "set the clock; certificates and dates need it"
        return Check("clock", "look", f"{words}, before subak was installed", hint)
    return Check("clock", "ok", words)


def _extras() -> Mapping[str, list[str]]:
    """Return the packages each optional extra needs, as the installation says."""
    found: dict[str, list[str]] = {}
    try:
        required = metadata.requires("subak") or []
    except metadata.PackageNotFoundError:
        return found
    for line in required:
        if match := _REQUIRED.match(line):
            found.setdefault(match[2], []).append(match[1])
    return found


def _extra(name: str, needs: Sequence[str]) -> Check:
    missing = [package for package in needs if not _is_installed(package)]
    title = f"extra {name}"
    if missing:
        words = f"not installed ({', '.join(missing)})"
        return Check(title, "missing", words, f"pip install 'subak[{name}]'")
    return Check(title, "ok", ", ".join(needs))


def _is_installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def _engine(is_there: bool) -> Check:
    if is_there:
        return Check("embedded engine", "ok", _ENGINE)
    hint = "pip install xllamacpp, or use a model server"
    return Check("embedded engine", "missing", f"{_ENGINE}: not installed", hint)


def _embedded(weights: Weights, has_engine: bool) -> Check:
    from subak.llm.weights import find_file, find_parts

    title = f"embedded {weights.name.rpartition('-')[2]}"
    origin = f"{_MAKER} ({weights.licence}), {size(weights.size_bytes)}"
    if file := find_file(weights.name):
        return Check(title, "ok" if has_engine else "look", f"{origin}: {file}")
    if find_parts(weights):
        words = f"{origin}: in installed packages, put together on first use"
        return Check(title, "ok" if has_engine else "look", words)
    command = f"subak run RECIPE --model embedded:{weights.name}"
    hint = f"fetched from {weights.repository} by: {command}"
    return Check(title, "missing", f"{origin}: not on this machine", hint)


def _server(server: Found) -> Check:
    info = server.info
    slots = f", {count(info.slots, 'request')} at once" if info.slots else ""
    name = info.server or server.provider
    if not server.specs:
        hint = "ollama pull qwen2.5:7b" if server.provider == "ollama" else ""
        return Check("model server", "look", f"{name} at {info.url}: no model", hint)
    shown = ", ".join(server.specs[:5])
    more = f" and {len(server.specs) - 5} more" if len(server.specs) > 5 else ""
    hint = ""
    if server.provider == "ollama" and info.slots == 1:
        hint = "start it with OLLAMA_NUM_PARALLEL=4 to have four answers at once"
    words = f"{name} at {info.url}{slots}: {shown}{more}"
    return Check("model server", "look" if hint else "ok", words, hint)


def _no_server(has_embedded: bool) -> Check:
    words = "none answers on the usual ports of this machine"
    if has_embedded:
        hint = "not needed: `--model embedded` works here; a server may be faster"
        return Check("model server", "ok", words, hint)
    hint = "start one (Ollama, llama.cpp), or try `subak demo --fast`, which needs none"
    return Check("model server", "missing", words, hint)
