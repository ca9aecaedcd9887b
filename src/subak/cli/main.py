"""The `subak` command: a group that imports a command only when it is typed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType, TracebackType

import click

from subak import __version__
from subak.cli.command import loudness_options, write_examples
from subak.cli.output import Output, PipeClosed
from subak.errors import SubakError

_Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]

# name -> (where the click command is, one line of help)
COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "demo": (
            "subak.cli.demo:demo",
            "Do the whole job on this machine, with the embedded model.",
        ),
        "init": ("subak.cli.init:init", "Write a recipe folder to edit."),
        "plan": ("subak.cli.plan:plan", "Say what a run would do, and why."),
        "run": ("subak.cli.run:run", "Run a recipe, or go on where it stopped."),
        "map": ("subak.cli.map:map", "Ask one prompt about every row of a file."),
        "config": ("subak.cli.config:config", "Show the settings and their origin."),
        "schedule": (
            "subak.cli.schedule:schedule",
            "Let a recipe run by itself, at its times.",
        ),
        "status": ("subak.cli.status:status", "How the newest run stands."),
        "logs": ("subak.cli.logs:logs", "What happened, line by line."),
        "trace": ("subak.cli.trace:trace", "The story of a run, an item or a call."),
        "why": ("subak.cli.why:why", "Why an item was done again, or not."),
        "report": ("subak.cli.report:report", "One HTML file about a run."),
        "clean": ("subak.cli.clean:clean", "Let go what nobody needs any more."),
        "serve": ("subak.cli.serve:serve", "The dashboard: runs live in the browser."),
        "export": (
            "subak.cli.export:export",
            "Facts and documents as SQLite, Parquet, CSV and more.",
        ),
        "mcp": ("subak.cli.mcp:mcp", "What was gathered, for agents (MCP)."),
        "search": ("subak.cli.search:search", "Find passages in what was fetched."),
        "ask": ("subak.cli.ask:ask", "Answer a question from what was fetched."),
        "verify": (
            "subak.cli.verify:verify",
            "Judge an extraction against its document.",
        ),
        "eval": ("subak.cli.eval:evaluate", "How right extraction is, measured."),
        "doctor": ("subak.cli.doctor:doctor", "Check this machine and its models."),
        "tune": ("subak.cli.tune:tune", "How many calls at once a model server bears."),
    }
)
SECTIONS: Sequence[tuple[str, Sequence[str]]] = (
    ("See it work", ("demo", "doctor", "tune")),
    ("Ask about every row of a file", ("map",)),
    ("Make and run a recipe", ("init", "plan", "run", "schedule", "config")),
    ("Look at a run", ("status", "logs", "trace", "why", "report", "serve", "clean")),
    ("Check what a model extracted", ("verify", "eval")),
    ("Use what was gathered", ("search", "ask", "export", "mcp")),
)
EXAMPLES = (
    ("subak demo", "see the whole job here, nothing to set up"),
    ("subak init taxes --from tax", "a recipe of your own to edit"),
    ("subak run taxes", "run it; the same line goes on after a stop"),
)


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return all names in the order of the help."""
        return [name for _, names in _sections() for name in names]

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - the signature is click's
        cmd_name: str,
    ) -> click.Command | None:
        """Import the command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is answered with the closest name."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            raise click.UsageError(f"no command '{name}'{_did_you_mean(name)}", ctx)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what to type first, then the commands by what one wants to do."""
        formatter.write_text(str(self.help))
        write_examples(formatter, EXAMPLES)
        for title, names in _sections():
            with formatter.section(title):
                formatter.write_dl([(name, COMMANDS[name][1]) for name in names])
        self.format_options(ctx, formatter)
        formatter.write_paragraph()
        formatter.write_text("`subak COMMAND --help` shows an example of each.")

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the options alone; the commands stand in their sections."""
        click.Command.format_options(self, ctx, formatter)


def _sections() -> list[tuple[str, Sequence[str]]]:
    placed = {name for _, names in SECTIONS for name in names}
    rest = [name for name in COMMANDS if name not in placed]
    return [*SECTIONS, *([("More", rest)] if rest else [])]


def _did_you_mean(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ""


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
    help="Turn web sources into checked facts and cited articles with a local"
    " language model, in parallel, and never pay twice for the same work.",
)
@click.version_option(__version__, prog_name="subak", message="%(prog)s %(version)s")
@loudness_options
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Show the help when no command was given."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(execute(sys.argv[1:] if argv is None else argv))


def execute(argv: Sequence[str]) -> int:
    """Run one command and return its exit code.

    Errors made on purpose are told in three parts; any other goes up to the
    interpreter, whose exit code 1 says "bug", with a hook that keeps it short.
    """
    output = Output(is_verbose=bool(os.environ.get("SUBAK_DEBUG")))
    sys.excepthook = _short_hook(output)
    try:
        result = cli.main(
            list(argv), prog_name="subak", obj=output, standalone_mode=False
        )
        sys.stdout.flush()
    except click.ClickException as error:
        return _tell_usage(output, error)
    except (KeyboardInterrupt, click.Abort):
        output.warn("interrupted")
        return 130
    except (PipeClosed, BrokenPipeError):
        return _leave_pipe()
    except SubakError as error:
        return _tell(output, error)
    except BaseExceptionGroup as group:
        return _tell(output, _first_on_purpose(group))
    return result if isinstance(result, int) else 0


def _tell(output: Output, error: SubakError) -> int:
    text = str(error)
    place = f"{error.where}: "
    if error.where and text.startswith(place):
        text = text[len(place) :]
    output.error(text, where=error.where, hint=error.hint)
    if output.is_verbose:
        _show_traceback(output, error)
    return error.exit_code


def _tell_usage(output: Output, error: click.ClickException) -> int:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "subak"
    output.error(error.format_message().rstrip("."), hint=f"{path} --help")
    return 2


def _first_on_purpose(group: BaseExceptionGroup[BaseException]) -> SubakError:
    """Return the first error of a group of our own; any other in it is a bug."""
    first: SubakError | None = None
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            error = _first_on_purpose(error)
        if not isinstance(error, SubakError):
            raise group
        first = first or error
    assert first is not None  # a group is never empty
    return first


def _leave_pipe() -> int:
    """Give the interpreter a stdout it can flush; the reader had enough."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    return 0


def _show_traceback(output: Output, error: BaseException) -> None:
    import traceback

    output.warn("".join(traceback.format_exception(error)).rstrip())


def _short_hook(output: Output) -> _Hook:
    def tell_bug(
        kind: type[BaseException], error: BaseException, _: TracebackType | None
    ) -> None:
        output.error(
            f"this is a bug in subak: {kind.__name__}: {error}",
            hint="the same line with -v shows where; please report it",
        )
        if output.is_verbose:
            _show_traceback(output, error)

    return tell_bug


if __name__ == "__main__":
    main()
