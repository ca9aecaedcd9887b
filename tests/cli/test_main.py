"""The lazy group, its errors and its exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from subak import __version__
from subak.cli import why
from subak.cli.command import Command
from subak.cli.main import COMMANDS, execute
from subak.errors import Problem, RecipeError, SubakError, Unreachable, WorkspaceBusy
from tests.views.sample import SampleJournal


def _subak(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "subak", *words],
        capture_output=True,
        text=True,
        timeout=50,
        env={**os.environ, **environ},
    )


class _Boom(Command):
    """Raises what it was made with."""

    def __init__(self, error: BaseException) -> None:
        super().__init__("boom")
        self.error = error

    def invoke(self, ctx: click.Context) -> None:
        """Raise."""
        raise self.error


@contextmanager
def _command(error: BaseException) -> Iterator[list[str]]:
    """Put a command that raises in the place where `why` is imported from."""
    kept, why.why = why.why, _Boom(error)
    try:
        yield ["why"]
    finally:
        why.why = kept


def test_help_leads_with_examples_and_lists_all_commands() -> None:
    """Help shows what to type first, then every command with its line."""
    shown = _subak("--help").stdout
    assert shown.index("subak demo  ") < shown.index("Options:")
    for name, (_, words) in COMMANDS.items():
        assert f"  {name}" in shown
        assert words in shown


def test_no_arguments_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """`subak` alone helps instead of complaining."""
    assert execute([]) == 0
    assert "See it work:" in capsys.readouterr().out


def test_help_imports_nothing_heavy() -> None:
    """Help loads none of the libraries that make a start slow."""
    code = (
        "import sys\nfrom subak.cli.main import execute\nexecute(['--help'])\n"
        "heavy = {'rich', 'msgspec', 'apsw', 'aiohttp', 'jinja2', 'asyncio',"
        " 'importlib.metadata', 'numpy', 'sqlite3'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert shown.stderr.strip() == "[]"


def test_help_starts_within_budget() -> None:
    """`subak --help` takes at most 12 times what a bare Python takes."""

    def best(*words: str) -> float:
        took = []
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run([sys.executable, *words], capture_output=True, check=True)
            took.append(time.perf_counter() - began)
        return min(took)

    assert best("-m", "subak", "--help") / best("-c", "pass") <= 12


def test_version_is_the_constant(capsys: pytest.CaptureFixture[str]) -> None:
    """The version is shown without asking the package database."""
    assert execute(["--version"]) == 0
    assert capsys.readouterr().out == f"subak {__version__}\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["statsu"], "error: no command 'statsu'; did you mean 'status'?"),
        (["qqqq"], "error: no command 'qqqq'\n"),
        (["--nope"], "error: No such option '--nope'"),
        (["status", "--nope"], "next:  subak status --help"),
        (["why"], "error: Missing argument 'ITEM'"),
    ],
)
def test_usage_errors_exit_2(
    capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    """A mistyped line is told in words, with what to type instead."""
    assert execute(words) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WorkspaceBusy("taken", where="folder", hint="kill 7"), 2),
        (Unreachable("no answer", where="folder", hint="kill 7"), 4),
        (SubakError("odd", where="folder", hint="kill 7"), 1),
    ],
)
def test_errors_made_on_purpose_are_told_in_three_parts(
    capsys: pytest.CaptureFixture[str], error: SubakError, code: int
) -> None:
    """What happened, where, what to do next; never a traceback."""
    with _command(error) as words:
        assert execute(words) == code
    assert capsys.readouterr().err == (
        f"error: {error.message}\nwhere: folder\nnext:  kill 7\n"
    )


def test_every_problem_of_a_recipe_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """All mistakes come at once, each with its key path."""
    problems = [Problem("model.use", "is missing"), Problem("name", "is empty", "name")]
    with _command(RecipeError(problems, where="a.toml")) as words:
        assert execute(words) == 2
    told = capsys.readouterr().err
    assert "error: 2 problems in the recipe\n  model.use: is missing" in told
    assert "  name: is empty (name)\nwhere: a.toml" in told


def test_errors_in_a_group_are_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    """A task group's wrapping is no business of the user's."""
    group = BaseExceptionGroup("g", [ExceptionGroup("h", [Unreachable("no answer")])])
    with _command(group) as words:
        assert execute(words) == 4
    assert capsys.readouterr().err == "error: no answer\n"


def test_a_bug_inside_a_group_goes_up() -> None:
    """A group with anything unforeseen in it is a bug."""
    group = ExceptionGroup("g", [Unreachable("no answer"), ZeroDivisionError("x")])
    with _command(group) as words, pytest.raises(ExceptionGroup):
        execute(words)


def test_interrupt_exits_130() -> None:
    """Ctrl-C has its own exit code."""
    with _command(KeyboardInterrupt()) as words:
        assert execute(words) == 130


@pytest.mark.parametrize("debug", ["", "1"])
def test_bug_exits_1_with_a_short_message(debug: str) -> None:
    """An unforeseen error is one line; its traceback comes when it is asked for."""
    code = (
        "import sys\nfrom subak.cli import main\n"
        "main.COMMANDS = {'boom': ('no_such_module:x', '')}\nmain.main(['boom'])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "SUBAK_DEBUG": debug},
    )
    assert shown.returncode == 1
    assert "error: this is a bug in subak: ModuleNotFoundError" in shown.stderr
    assert ("Traceback" in shown.stderr) == bool(debug)


def test_closed_pipe_is_quiet(tmp_path: Path) -> None:
    """`subak logs | head` ends without a word."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    for n in range(3000):
        journal.event(n, "note", message="x" * 60)
    journal.save()
    line = f"{sys.executable} -m subak logs -n 0 --dir {tmp_path} | head -n 1"
    shown = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert len(shown.stdout.splitlines()) == 1
