"""The part of a recipe that says how the machine is to be spared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from subak.engine.quiet_hours import parse_quiet_hours
from subak.errors import Problem, UserError


class MachineSection(Struct, forbid_unknown_fields=True, frozen=True):
    """How the machine that runs it is spared."""

    max_temperature_c: Annotated[
        Annotated[float, Meta(ge=30, le=120)] | None,
        Meta(
            description="Above it fewer calls run at once, until it is 5 degrees less.",
        ),
    ] = None
    min_free_memory: Annotated[
        float,
        Meta(
            ge=0,
            le=0.9,
            description="Share of the memory that stays free; below it fewer calls run "
            "at once. 0: never mind.",
        ),
    ] = 0.05
    quiet_hours: Annotated[
        str,
        Meta(description="From when to when it works less, e.g. `22:00-07:00`."),
    ] = ""
    quiet_parallel: Annotated[
        int,
        Meta(ge=0, description="Calls at once in quiet hours; 0 pauses them."),
    ] = 1
    timezone: Annotated[
        str,
        Meta(
            description="Zone of quiet hours; empty: that of `[schedule]`, else this "
            "machine's."
        ),
    ] = ""
    nice: Annotated[
        int,
        Meta(ge=0, le=19, description="How far the whole run stands back for others."),
    ] = 0


def find_machine_problems(section: MachineSection) -> Iterator[Problem]:
    """Yield what is well-formed in `[machine]` but cannot be meant."""
    if not section.quiet_hours:
        return
    try:
        parse_quiet_hours(section.quiet_hours)
    except UserError as error:
        yield Problem("machine.quiet_hours", error.message, error.hint)
