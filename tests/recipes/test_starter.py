"""`subak init`: a shipped recipe becomes a folder to edit."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from subak.api import RunRequest, aplan
from subak.cli.main import execute
from subak.errors import UserError
from subak.recipes.load import load_recipe
from subak.recipes.starter import starters, write_starter

NAMES = ("collect", "enhance", "intel", "research", "tax")


def test_five_recipes_can_be_started_from() -> None:
    """The demo is none of them: it needs its own small web."""
    assert starters() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_started_recipe_loads_from_its_folder(name: str, tmp_path: Path) -> None:
    """With the list of sources beside it, and without prompts to keep up to date."""
    written = write_starter(name, tmp_path / "mine")
    assert tmp_path / "mine" / "recipe.toml" in written
    assert not (tmp_path / "mine" / "prompts").exists()
    recipe = load_recipe(tmp_path / "mine" / "recipe.toml")
    assert recipe.name == name
    assert ("sources.csv" in {path.name for path in written}) == (
        name in {"collect", "intel"}
    )


@pytest.mark.parametrize("name", NAMES)
def test_started_recipe_can_be_planned_at_once(name: str, tmp_path: Path) -> None:
    """Before anything is edited or fetched the plan names the sources and stages."""
    write_starter(name, tmp_path)
    plan = asyncio.run(aplan(RunRequest(str(tmp_path), model="echo", workers=0)))
    assert plan.recipe == name
    assert sum(kind.sources for kind in plan.sources) >= 1
    assert {stage.stage for stage in plan.stages} >= {"listing", "fetch", "publish"}


def test_prompts_are_copied_on_demand(tmp_path: Path) -> None:
    """A copy is what replaces the prompt that ships."""
    written = write_starter("tax", tmp_path, with_prompts=True)
    assert tmp_path / "prompts" / "facts.md" in written


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that is there stays, and no other is written."""
    (tmp_path / "sources.csv").write_text("mine")
    with pytest.raises(UserError, match="is there already"):
        write_starter("intel", tmp_path)
    assert (tmp_path / "sources.csv").read_text() == "mine"
    assert not (tmp_path / "recipe.toml").exists()


@pytest.mark.parametrize(
    ("name", "hint"), [("intell", "did you mean 'intel'?"), ("demo", "there are: ")]
)
def test_unknown_recipe_is_told_with_the_known_ones(
    name: str, hint: str, tmp_path: Path
) -> None:
    """A slip is answered with the name that was meant."""
    with pytest.raises(UserError) as caught:
        write_starter(name, tmp_path)
    assert hint in caught.value.hint


def test_init_tells_what_to_type_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The files go to stdout, the next step to stderr."""
    target = tmp_path / "morning"
    assert execute(["init", str(target), "--from", "intel"]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        str(target / "recipe.toml"),
        str(target / "sources.csv"),
    ]
    assert f"edit {target / 'sources.csv'} and" in shown.err
    assert f"subak plan {target}" in shown.err
