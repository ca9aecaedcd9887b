"""Where a command's words go: results to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

import click

from subak.cli.style import Style, printable, wants_color


class PipeClosed(Exception):
    """Raised when whoever read stdout has gone; an OSError would be click's affair."""


class Output:
    """What a command says, and how loudly.

    Args:
        is_quiet: Only results and errors are shown.
        is_verbose: More is shown; errors come with their traceback.
    """

    def __init__(self, *, is_quiet: bool = False, is_verbose: bool = False) -> None:
        self.is_quiet = is_quiet
        self.is_verbose = is_verbose

    @classmethod
    def current(cls) -> Output:
        """Return the output of the command that is running."""
        return click.get_current_context().ensure_object(cls)

    @property
    def style(self) -> Style:
        """Return the style of stdout."""
        return Style(is_on=wants_color(sys.stdout, os.environ))

    @property
    def error_style(self) -> Style:
        """Return the style of stderr."""
        return Style(is_on=wants_color(sys.stderr, os.environ))

    def line(self, text: str = "") -> None:
        """Print a result."""
        _print(printable(text))

    def json(self, value: Mapping[str, object]) -> None:
        """Print the one object of `--json`."""
        import json

        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        _print(text.encode("utf-8", "replace").decode("utf-8"))

    def note(self, text: str = "") -> None:
        """Tell something about the work, unless it should be quiet."""
        if not self.is_quiet:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Tell something that must be seen."""
        click.echo(printable(text), err=True, color=True)

    def error(self, message: str, *, where: str = "", hint: str = "") -> None:
        """Tell what went wrong, where, and what to do next."""
        style = self.error_style
        self.warn(f"{style.bad('error:')} {message}")
        if where:
            self.warn(f"{style.faint('where:')} {where}")
        if hint:
            self.warn(f"{style.faint('next:')}  {hint}")


def table(
    rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()
) -> list[str]:
    """Return rows as aligned lines, columns two spaces apart.

    Args:
        right: Columns whose cells stand at the right, as numbers do.
    """
    widths = [max((len(row[n]) for row in rows), default=0) for n in range(_wide(rows))]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _wide(rows: Sequence[Sequence[str]]) -> int:
    return len(rows[0]) if rows else 0


def _print(text: str) -> None:
    try:
        click.echo(text, color=True)
    except BrokenPipeError as error:
        raise PipeClosed from error
