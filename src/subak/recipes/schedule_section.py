"""The part of a recipe that says when it runs by itself, and until when."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


class ScheduleSection(Struct, forbid_unknown_fields=True, frozen=True):
    """When the recipe runs by itself (`subak schedule install`), and until when."""

    at: Annotated[
        str | tuple[str, ...],
        Meta(description='Time of day, or several: `"06:00"`, `["06:00", "18:00"]`.'),
    ] = ""
    timezone: Annotated[
        str,
        Meta(
            description="Zone of its times, e.g. `Asia/Makassar`; empty: "
            "this machine's."
        ),
    ] = ""
    weekdays: Annotated[
        tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...],
        Meta(description="Days on which `at` counts; empty: every day."),
    ] = ()
    cron: Annotated[
        str,
        Meta(description="Five cron fields instead of `at`: `0 6 * * mon-fri`."),
    ] = ""
    deadline: Annotated[
        str,
        Meta(
            description="Time of day from which no further category is begun; those "
            "begun are finished, the rest is left for the next run."
        ),
    ] = ""
    overlap: Annotated[
        Literal["wait", "skip"],
        Meta(description="What a scheduled run does while another one is at work."),
    ] = "wait"
