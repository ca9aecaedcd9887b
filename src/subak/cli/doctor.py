"""`subak doctor`: what this machine brings, and what to change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from subak.cli.command import Command, json_option, loudness_options, workspace_option
from subak.cli.output import Output
from subak.cli.style import Style
from subak.engine.clock import SystemClock

if TYPE_CHECKING:
    from subak.cli.checkup import Check, Checkup

_SIGNS = {"ok": "ok", "look": "look", "missing": "-"}


@click.command(
    "doctor",
    cls=Command,
    examples=[
        ("subak doctor", "what is installed, which models answer, what to change"),
        ("subak doctor --json", "the same for programs"),
    ],
)
@workspace_option
@json_option
@loudness_options
def doctor(folder: Path, as_json: bool) -> None:
    """Check this machine: Python, disk, clock, memory, extras, models."""
    import asyncio

    from subak.cli.checkup import check_all
    from subak.llm.detect import detect

    out = Output.current()
    servers = asyncio.run(detect())
    found = check_all(folder, servers, SystemClock().now())
    if as_json:
        out.json(found.to_json())
        return
    for line in doctor_lines(found, out.style):
        out.line(line)


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
