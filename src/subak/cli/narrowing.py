"""The options by which `search` and `ask` are narrowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

F = TypeVar("F", bound=Callable[..., object])


def narrowing_options(function: F) -> F:
    """Add `--category`, `--entity`, `--tier`, `--language` and `--since`."""
    options = (
        click.option(
            "--category", default=None, metavar="NAME", help="Only this category."
        ),
        click.option("--entity", default=None, metavar="NAME", help="Only about this."),
        click.option(
            "--tier",
            type=click.IntRange(min=1, max=3),
            default=None,
            help="Only sources of this tier or better; 1 is official.",
        ),
        click.option(
            "--language",
            default=None,
            metavar="TAG",
            help="Only texts in this, e.g. it.",
        ),
        click.option(
            "--since",
            default=None,
            metavar="DATE",
            help="Only published, or first fetched, since: 2026-01-31.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function
