"""Command: a click command whose help leads with examples, and shared options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from subak.cli.output import Output

F = TypeVar("F", bound=Callable[..., object])
Example = tuple[str, str]
_NAMED = "subak.workspace"
_FOLDER = click.Path(file_okay=False, path_type=Path)


class Command(click.Command):
    """A command that shows what to type before it shows its options.

    Args:
        examples: Lines to type, each with what it does.
    """

    def __init__(
        self, *args: object, examples: Sequence[Example] = (), **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.examples = tuple(examples)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples, what it does, usage and options, in this order."""
        write_examples(formatter, self.examples)
        self.format_help_text(ctx, formatter)
        formatter.write_paragraph()
        self.format_usage(ctx, formatter)
        self.format_options(ctx, formatter)


class CommandGroup(click.Group):
    """Commands under one name; alone it shows what to type, as a command's help does.

    Args:
        examples: Lines to type, each with what it does.
    """

    def __init__(
        self, *args: object, examples: Sequence[Example] = (), **kwargs: object
    ) -> None:
        kwargs["invoke_without_command"] = True
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.examples = tuple(examples)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples, what it does, usage and its commands, in this order."""
        write_examples(formatter, self.examples)
        self.format_help_text(ctx, formatter)
        formatter.write_paragraph()
        self.format_usage(ctx, formatter)
        self.format_options(ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order in which they were added."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is answered with the closest name."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], self.commands, n=1, cutoff=0.5)
            meant = f"; did you mean '{close[0]}'?" if close else ""
            raise click.UsageError(f"no command '{args[0]}'{meant}", ctx)
        return super().resolve_command(ctx, args)


def write_examples(formatter: click.HelpFormatter, examples: Sequence[Example]) -> None:
    """Write lines to type, each with what it does."""
    if examples:
        with formatter.section("Example" if len(examples) == 1 else "Examples"):
            formatter.write_dl(examples, col_max=44)


def workspace_option(function: F) -> F:
    """Add `--dir`, the workspace a command reads."""
    return click.option(
        "--dir",
        "folder",
        type=_FOLDER,
        metavar="DIR",
        callback=_chosen,
        help="Workspace to look at.  [default: the current directory]",
    )(function)


def workspace_argument(function: F) -> F:
    """Add the workspace a command reads, by its name alone or after `--dir`."""
    named = click.argument(
        "workspace",
        required=False,
        type=_FOLDER,
        is_eager=True,  # --dir asks for it
        expose_value=False,
        callback=_remember,
    )
    return named(workspace_option(function))


def _remember(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    context.meta[_NAMED] = value


def _chosen(context: click.Context, _: click.Parameter, value: Path | None) -> Path:
    return value or context.meta.get(_NAMED) or Path()


def json_option(function: F) -> F:
    """Add `--json`, one versioned object on stdout."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object instead."
    )(function)


def run_option(function: F) -> F:
    """Add `--run`, which of the recorded runs to read."""
    return click.option(
        "--run",
        "run",
        default="",
        metavar="ID",
        help="Run to read, or the beginning of its id.  [default: the newest]",
    )(function)


def max_parallel_option(function: F) -> F:
    """Add `--max-parallel`, the one thing to say about calls at once."""
    return click.option(
        "--max-parallel",
        type=click.IntRange(min=1),
        help="At most that many calls at once.",
    )(function)


def log_style_option(function: F) -> F:
    """Add `--log-style`."""
    return click.option(
        "--log-style",
        type=click.Choice(["plain", "classic", "json"]),
        help="How lines look off a terminal.",
    )(function)


def loudness_options(function: F) -> F:
    """Add `-q` and `-v`."""
    quiet = click.option(
        "-q",
        "--quiet",
        is_flag=True,
        expose_value=False,
        callback=_be_quiet,
        help="Only results and errors.",
    )
    verbose = click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        callback=_be_verbose,
        help="Say more; errors come with their traceback.",
    )
    return quiet(verbose(function))


def _be_quiet(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        ctx.ensure_object(Output).is_quiet = True


def _be_verbose(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        ctx.ensure_object(Output).is_verbose = True
