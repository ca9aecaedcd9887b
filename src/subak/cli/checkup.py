"""Checkup: what this machine and this installation bring for subak."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from subak import __version__
from subak.cli.check import Check
from subak.cli.machine_checks import machine_checks
from subak.cli.server_checks import server_checks
from subak.views.machine import Machine, read_machine
from subak.views.wording import size

if TYPE_CHECKING:
    from subak.llm.detect import Found
    from subak.llm.tune import Tuning
    from subak.llm.weights import Weights

_REQUIRED = re.compile(r"([A-Za-z0-9._-]+).*extra *== *['\"]([^'\"]+)['\"]")
_MAKER = "Qwen2.5-Coder Instruct by the Qwen team"
_ENGINE = "llama.cpp (MIT) by way of xllamacpp"
_WORKING_BYTES = 600_000_000
NOTHING_MEASURED: Mapping[str, Tuning] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Checkup:
    """Everything that was looked at, and the servers that answered."""

    machine: Machine
    checks: tuple[Check, ...]
    servers: tuple[Found, ...]
    specs: tuple[str, ...]
    tunings: tuple[tuple[str, Tuning], ...] = ()

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
                    "context_tokens": server.info.context_tokens,
                    "specs": list(server.specs),
                }
                for server in self.servers
            ],
            "models": list(self.specs),
            "speeds": [_speed_json(spec, tuning) for spec, tuning in self.tunings],
        }


def _speed_json(spec: str, tuning: Tuning) -> dict[str, object]:
    levels, knee = tuning.curve.levels, tuning.curve.knee
    return {
        "model": spec,
        "slots": tuning.slots,
        "knee": knee.parallel if knee else None,
        "levels": [
            {"parallel": level.parallel, "tokens_per_s": level.tokens_per_s}
            for level in levels
        ],
    }


def check_all(
    folder: Path,
    servers: Sequence[Found],
    now: float,
    *,
    late_s: float | None = None,
    tunings: Mapping[str, Tuning] = NOTHING_MEASURED,
) -> Checkup:
    """Look at everything.

    Args:
        folder: The workspace whose disk counts.
        servers: Model servers that answered.
        now: What the clock says, seconds since the epoch.
        late_s: How late the event loop wakes a sleeper, where that was tried.
        tunings: What was measured of servers, by spec.
    """
    from subak.llm.weights import KNOWN

    machine = read_machine(folder)
    has_engine = importlib.util.find_spec("xllamacpp") is not None
    embedded = [_embedded(weights, machine, has_engine) for weights in KNOWN.values()]
    at_hand = [
        f"embedded:{name}"
        for name, check in zip(KNOWN, embedded, strict=True)
        if check.verdict == "ok"
    ]
    served = [spec for server in servers for spec in server.specs]
    return Checkup(
        machine=machine,
        checks=(
            *machine_checks(machine, folder, now, late_s),
            *(_extra(name, needs) for name, needs in _extras().items()),
            _engine(has_engine),
            *embedded,
            *server_checks(servers, tunings, has_embedded=bool(at_hand)),
        ),
        servers=tuple(servers),
        specs=(*served, *at_hand),
        tunings=tuple(tunings.items()),
    )


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


def _embedded(weights: Weights, machine: Machine, has_engine: bool) -> Check:
    from subak.llm.weights import find_file, find_parts

    title = f"embedded {weights.name.rpartition('-')[2]}"
    origin = f"{_MAKER} ({weights.licence}), {size(weights.size_bytes)}"
    file = find_file(weights.name)
    if file is None and find_parts(weights) is None:
        command = f"subak run RECIPE --model embedded:{weights.name}"
        hint = f"fetched from {weights.repository} by: {command}"
        return Check(title, "missing", f"{origin}: not on this machine", hint)
    place = str(file) if file else "in installed packages, put together on first use"
    needed = weights.size_bytes + _WORKING_BYTES
    if 0 < machine.memory_free_bytes < needed:
        hint = f"close other programs: it needs about {size(needed)} of free memory"
        return Check(title, "look", f"{origin}: {place}", hint)
    return Check(title, "ok" if has_engine else "look", f"{origin}: {place}")
