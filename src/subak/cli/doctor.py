"""`subak doctor`: what this machine brings, and what to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from subak.cli.command import Command, json_option, loudness_options, workspace_option
from subak.cli.output import Output
from subak.cli.style import Style
from subak.engine.clock import SystemClock

if TYPE_CHECKING:
    from subak.cli.check import Check
    from subak.cli.checkup import Checkup
    from subak.engine.clock import Clock
    from subak.llm.detect import Found
    from subak.llm.tune import Tuning

_MEASURE_S = 10
_MOST = 8
_NAPS, _NAP_S = 5, 0.005
_SIGNS = {"ok": "ok", "look": "look", "missing": "-"}


@click.command(
    "doctor",
    cls=Command,
    examples=[
        ("subak doctor", "what is installed, which models answer, what to change"),
        ("subak doctor --measure", "how fast the servers are, too: 10 s for each"),
        ("subak doctor --json", "the same for programs"),
    ],
)
@click.option(
    "--measure",
    is_flag=True,
    help="Measure the first model of each server at 1, 2, 4 and 8 calls at once.",
)
@workspace_option
@json_option
@loudness_options
def doctor(measure: bool, folder: Path, as_json: bool) -> None:
    """Check this machine: Python, disk, clock, memory, extras, models."""
    import asyncio

    from subak.cli.checkup import check_all

    out = Output.current()
    looked = asyncio.run(_look(out, wants_speed=measure))
    found = check_all(
        folder,
        looked.servers,
        SystemClock().now(),
        late_s=looked.late_s,
        tunings=looked.tunings,
    )
    if as_json:
        out.json(found.to_json())
        return
    for line in doctor_lines(found, out.style):
        out.line(line)


@dataclass(frozen=True, slots=True)
class _Looked:
    servers: tuple[Found, ...]
    late_s: float
    tunings: Mapping[str, Tuning]


async def _look(out: Output, *, wants_speed: bool) -> _Looked:
    from subak.llm.detect import detect

    clock = SystemClock()
    late_s = await _lateness(clock)
    servers = await detect(clock=clock)
    tunings: dict[str, Tuning] = {}
    if wants_speed:
        for spec in [server.specs[0] for server in servers if server.specs]:
            out.note(f"measuring {spec}, about {_MEASURE_S} s")
            tuning = await _measure(spec, clock, out)
            if tuning is not None:
                tunings[spec] = tuning
    return _Looked(servers, late_s, tunings)


async def _measure(spec: str, clock: Clock, out: Output) -> Tuning | None:
    """Measure one model; what goes wrong with it is told and stops nothing."""
    from subak.errors import SubakError
    from subak.llm.open import open_endpoint
    from subak.llm.tune import TunePlan, tune

    plan = TunePlan(_MEASURE_S, max_parallel=_MOST, seed=int(clock.now() * 1e6))
    try:
        endpoint = open_endpoint(spec, clock=clock)
        try:
            return await tune(endpoint, clock, plan)
        finally:
            await endpoint.close()
    except SubakError as error:
        out.warn(f"{out.error_style.warn('look:')} {spec}: {error.message}")
        return None


async def _lateness(clock: Clock) -> float:
    """Return how late a sleeper is woken, the middle one of a few."""
    late = []
    for _ in range(_NAPS):
        began = clock.monotonic()
        await clock.sleep(_NAP_S)
        late.append(max(0.0, clock.monotonic() - began - _NAP_S))
    return sorted(late)[_NAPS // 2]


def doctor_lines(checkup: Checkup, style: Style) -> list[str]:
    """Return the checks as lines, then what to type next."""
    width = max(len(check.name) for check in checkup.checks)
    lines = [
        line for check in checkup.checks for line in _check_lines(check, width, style)
    ]
    if checkup.specs:
        lines += [
            "",
            f"{style.faint('use')}   subak run RECIPE --model {checkup.specs[0]}",
        ]
    return lines


def _check_lines(check: Check, width: int, style: Style) -> list[str]:
    sign = _SIGNS[check.verdict].ljust(4)
    marks = {"ok": style.good, "look": style.warn, "missing": style.faint}
    head = f"{marks[check.verdict](sign)}  {check.name.ljust(width)}  {check.words}"
    if not check.hint:
        return [head]
    indent = " " * (width + 8)
    return [head, f"{indent}{style.faint('next:')} {check.hint}"]
