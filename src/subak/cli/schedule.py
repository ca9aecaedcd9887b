"""`subak schedule`: let recipes run by themselves, and see when they will."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from subak.cli.command import (
    Command,
    CommandGroup,
    json_option,
    loudness_options,
)
from subak.cli.output import Output, table

if TYPE_CHECKING:
    from subak.recipes.schema import Recipe
    from subak.schedule.coming import Coming
    from subak.schedule.systemd import Systemd
    from subak.schedule.timetable import Timetable
    from subak.schedule.units import Launch

_SHOWN = 3


@click.group(
    cls=CommandGroup,
    examples=[
        ("subak schedule install taxes", "from now on it runs at its [schedule]"),
        ("subak schedule next taxes", "the coming times, here and in its zone"),
        ("subak schedule list", "what is installed"),
        ("subak schedule remove taxes", "no longer by itself"),
    ],
)
@click.pass_context
def schedule(ctx: click.Context) -> None:
    """Let a recipe run by itself at the times of its [schedule].

    With systemd that is a timer of your own user, which makes up for a missed time
    once; elsewhere a line for your crontab. Two runs never overlap.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@schedule.command(
    cls=Command,
    short_help="Let a recipe run by itself from now on.",
    examples=[
        ("subak schedule install taxes", "write and enable the timer"),
        ("subak schedule install taxes --print", "only show what it would write"),
        ("subak schedule install taxes --cron", "a crontab line instead"),
    ],
)
@click.argument("recipe")
@click.option(
    "--print", "is_shown", is_flag=True, help="Show the units, write nothing."
)
@click.option("--cron", "is_cron", is_flag=True, help="Show a crontab line instead.")
@loudness_options
def install(recipe: str, is_shown: bool, is_cron: bool) -> int:
    """Let RECIPE run by itself from now on, at the times of its [schedule].

    Installing again takes over what has changed in the recipe. Keys that its model
    needs go as NAME=value lines into the file `environment` beside the user's config.
    """
    from subak.schedule.units import make_units

    output = Output.current()
    launch, loaded = _launch(recipe)
    timetable, systemd = _timetable(loaded), _systemd()
    if is_cron or not (is_shown or systemd.is_there()):
        if not is_cron:
            output.note("no systemd answers for your user here, so cron is to do it:")
        _show_crontab(launch, timetable, output)
        return 0
    units = make_units(launch, timetable, _now())
    if is_shown:
        for ending, text in (("service", units.service), ("timer", units.timer)):
            output.line(f"# {units.name}.{ending}")
            output.line(text)
        return 0
    for path in systemd.install(units):
        output.line(str(path))
    for line in _coming_lines(_coming(timetable, _SHOWN)):
        output.note(line)
    if not systemd.lingers():
        output.note("it runs while you are logged in; also else with:")
        output.note("  loginctl enable-linger")
    output.note(f"next: subak schedule next {recipe}")
    return 0


@schedule.command(
    "next",
    cls=Command,
    short_help="Show the coming times, in both zones.",
    examples=[
        ("subak schedule next taxes", "the next five times"),
        ("subak schedule next taxes --count 30 --json", "thirty, for a program"),
    ],
)
@click.argument("recipe")
@click.option(
    "--count",
    type=click.IntRange(1, 1000),
    default=5,
    show_default=True,
    help="How many times to show.",
)
@json_option
@loudness_options
def next_times(recipe: str, count: int, as_json: bool) -> int:
    """Show when RECIPE runs next, in its zone and in this machine's.

    Where clocks change on one of these days, it says what that does to the time.
    """
    output = Output.current()
    launch, loaded = _launch(recipe)
    timetable = _timetable(loaded)
    coming = _coming(timetable, count)
    is_installed = any(one.name == launch.unit for one in _systemd().installed())
    if as_json:
        output.json(_next_json(loaded, timetable, coming, is_installed=is_installed))
        return 0
    output.line(f"recipe {loaded.name}, times of {timetable.zone_name}")
    for line in _coming_lines(coming):
        output.line(line)
    if loaded.schedule.deadline:
        output.line(f"to be done by {loaded.schedule.deadline}: subak plan {recipe}")
    if not is_installed:
        output.note(f"not installed; next: subak schedule install {recipe}")
    return 0


@schedule.command(
    cls=Command,
    short_help="Take the timer of a recipe away.",
    examples=[
        ("subak schedule remove taxes", "the recipe stays, its timer goes"),
        ("subak schedule remove subak-taxes-1a2b3c4d", "by its name in the list"),
    ],
)
@click.argument("recipe")
@loudness_options
def remove(recipe: str) -> int:
    """Take the timer of RECIPE away; a run that is on goes on to its end.

    RECIPE may be the name of the timer, for a recipe that is gone already.
    """
    output = Output.current()
    systemd = _systemd()
    place = Path(recipe).resolve()
    places = {place, place / "recipe.toml"}
    named = (one.name for one in systemd.installed() if one.recipe in places)
    name = next(named, recipe)
    systemd.remove(name)
    output.line(f"removed {name}")
    return 0


@schedule.command(
    "list",
    cls=Command,
    short_help="Show the timers that are installed.",
    examples=[("subak schedule list", "timers, their recipes, their next times")],
)
@json_option
@loudness_options
def list_timers(as_json: bool) -> int:
    """Show the timers that are installed, and whether their recipes still agree."""
    output = Output.current()
    rows = [
        {
            "timer": one.name,
            "recipe": str(one.recipe),
            "enabled": one.is_enabled,
            **_state(one.recipe, one.timer),
        }
        for one in _systemd().installed()
    ]
    if as_json:
        output.json({"version": 1, "timers": rows})
        return 0
    if not rows:
        output.note("nothing is installed; next: subak schedule install RECIPE")
        return 0
    cells = [
        [str(row[key]) for key in ("timer", "next", "state", "recipe")] for row in rows
    ]
    for line in table([["timer", "next", "state", "recipe"], *cells]):
        output.line(line)
    return 0


def _state(recipe: Path, timer: str) -> dict[str, object]:
    """Return the next time and whether the recipe still says what the timer does."""
    from subak.errors import SubakError
    from subak.schedule.units import make_units

    try:
        launch, loaded = _launch(str(recipe))
        timetable = _timetable(loaded)
        units = make_units(launch, timetable, _now())
    except SubakError as error:
        return {"next": "-", "state": f"broken: {error.message}"}
    first = next(timetable.after(_now()))
    is_same = _times_in(units.timer) == _times_in(timer)
    state = "as the recipe says" if is_same else "recipe changed: install it again"
    return {"next": f"{first:%Y-%m-%d %H:%M} {timetable.zone_name}", "state": state}


def _times_in(timer: str) -> list[str]:
    """Return the times that come again, without those told by date."""
    lines = (line for line in timer.splitlines() if line.startswith("OnCalendar="))
    return [line for line in lines if not line.startswith("OnCalendar=2")]


def _show_crontab(launch: Launch, timetable: Timetable, output: Output) -> None:
    from subak.schedule.crontab import crontab_lines
    from subak.schedule.time_zone import machine_zone

    here = machine_zone(os.environ)
    for line in crontab_lines(launch, timetable, here, _now()):
        output.line(line)
    output.note("put these lines into your crontab: crontab -e")
    output.note(
        f"cron goes by this machine's zone, {here}; the line comes at each time of day"
        f" that may be one of {timetable.zone_name}, and begins only what is due"
    )


def _launch(recipe: str) -> tuple[Launch, Recipe]:
    """Return what to start, and the recipe it starts."""
    from subak.errors import UserError
    from subak.recipes.load import SHIPPED, find_recipe, load_recipe
    from subak.recipes.settings import user_config_path
    from subak.schedule.units import Launch

    path = find_recipe(recipe).resolve()
    if path.is_relative_to(SHIPPED.resolve()):
        raise UserError(
            f"'{recipe}' is a recipe that ships with subak and has no folder yet",
            hint=f"subak init {recipe} --from {recipe}",
        )
    loaded = load_recipe(path)
    environment = user_config_path().with_name("environment")
    return Launch(loaded.name, path, sys.executable, environment), loaded


def _timetable(recipe: Recipe) -> Timetable:
    from subak.recipes.timing import timetable_of

    return timetable_of(recipe.schedule)


def _systemd() -> Systemd:
    from subak.schedule.systemd import Systemd

    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Systemd(Path(config) / "systemd" / "user")


def _now() -> float:
    from subak.engine.clock import SystemClock

    return SystemClock().now()


def _coming(timetable: Timetable, count: int) -> list[Coming]:
    from subak.schedule.coming import list_coming
    from subak.schedule.time_zone import machine_zone

    return list_coming(timetable, _now(), count, machine_zone(os.environ))


def _coming_lines(coming: list[Coming]) -> list[str]:
    if not coming:
        return []
    first = coming[0]
    head = [str(first.at.tzinfo), str(first.here.tzinfo), ""]
    rows = [
        [
            f"{each.at:%a %Y-%m-%d %H:%M}",
            f"{each.here:%a %Y-%m-%d %H:%M}",
            "; ".join(each.notes),
        ]
        for each in coming
    ]
    return table([head, *rows])


def _next_json(
    recipe: Recipe, timetable: Timetable, coming: list[Coming], *, is_installed: bool
) -> dict[str, object]:
    return {
        "version": 1,
        "recipe": recipe.name,
        "zone": timetable.zone_name,
        "here": str(coming[0].here.tzinfo) if coming else "",
        "times": [each.to_json() for each in coming],
        "deadline": recipe.schedule.deadline,
        "installed": is_installed,
    }
