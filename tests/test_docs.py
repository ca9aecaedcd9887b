"""What README and docs show exists: commands, options, recipes, links."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from subak.cli.main import cli
from subak.recipes.load import load_recipe

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LIST = re.compile(r"^`([\w.]+)`:\n```csv\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:\.venv/bin/)?subak [^`]+)`")
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def _commands() -> list[str]:
    found: list[str] = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        blocks = [body for kind, body in _BLOCK.findall(text) if kind != "toml"]
        lines = [line for body in blocks for line in body.splitlines()]
        found += [line for line in lines if re.match(r"(\.venv/bin/)?subak ", line)]
        found += _INLINE.findall(_BLOCK.sub("", text))
    return sorted(set(found))


@pytest.mark.parametrize("line", _commands())
def test_shown_command_exists_with_its_options(line: str) -> None:
    """Each line to type names a real command and only options that it has."""
    words = shlex.split(line, comments=True)
    context = click.Context(cli)
    command = cli.get_command(context, words[1])
    assert command is not None, line
    rest = words[2:]
    while isinstance(command, click.Group) and rest:
        command = command.commands.get(rest.pop(0))
        assert command is not None, line
    known = {option for parameter in command.params for option in parameter.opts}
    options = (word for word in rest if word.startswith("-") and word != "-")
    used = {word.partition("=")[0] for word in options}
    assert used <= known, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_shown_recipe_is_valid(page: Path, tmp_path: Path) -> None:
    """Each recipe in the docs can be run as it stands, with the lists beside it."""
    text = page.read_text(encoding="utf-8")
    for name, body in _LIST.findall(text):
        (tmp_path / name).write_text(body, encoding="utf-8")
    recipe = tmp_path / "recipe.toml"
    for kind, body in _BLOCK.findall(text):
        if kind == "toml":
            recipe.write_text(body, encoding="utf-8")
            assert load_recipe(recipe).source


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_link_leads_somewhere(page: Path) -> None:
    """No link between the pages is broken."""
    text = page.read_text(encoding="utf-8")
    missing = [to for to in _LINK.findall(text) if not (page.parent / to).exists()]
    assert missing == []


def test_readme_is_short_and_starts_with_what_to_type() -> None:
    """The first code block stands within twelve lines, the whole within 120."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert next(n for n, line in enumerate(lines, 1) if line.startswith("```")) <= 12
    assert len(lines) <= 120
