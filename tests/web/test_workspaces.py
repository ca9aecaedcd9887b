"""Which folders a server shows, and what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.engine.workspace import Workspace
from subak.errors import UserError
from subak.web.workspaces import Workspaces


def _workspace(folder: Path) -> Path:
    journal = Workspace(folder).journal
    journal.parent.mkdir(parents=True)
    journal.touch()
    return folder


def test_workspaces_lists_the_folder_itself_and_those_below(tmp_path: Path) -> None:
    """A journal or a recipe makes a workspace, two folders deep, links left alone."""
    _workspace(tmp_path)
    _workspace(tmp_path / "tax")
    _workspace(tmp_path / "group" / "intel")
    _workspace(tmp_path / "a" / "b" / "too-deep")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "recipe.toml").touch()
    (tmp_path / "link").symlink_to(tmp_path / "tax")
    (tmp_path / "nothing").mkdir()
    found = Workspaces(tmp_path)
    names = set(found.scan())
    assert names == {tmp_path.name, "tax", "group--intel", "new"}
    assert found.has_more
    assert found.get("group--intel").folder == tmp_path / "group" / "intel"


def test_workspaces_of_an_empty_folder_is_the_folder(tmp_path: Path) -> None:
    """What is not there yet can be watched, too."""
    found = Workspaces(tmp_path)
    assert [one.folder for one in found.scan().values()] == [tmp_path]
    assert not found.has_more


def test_workspaces_give_two_folders_two_names(tmp_path: Path) -> None:
    """A name that another folder's path spells as well gets a number."""
    _workspace(tmp_path / "a" / "b")
    _workspace(tmp_path / "a--b")
    found = Workspaces(tmp_path).scan()
    assert sorted(found) == ["a--b", "a--b-2"]
    assert len({one.folder for one in found.values()}) == 2


def test_workspaces_finds_what_came_later_and_names_what_is_missing(
    tmp_path: Path,
) -> None:
    """A recipe that was begun while the server runs is there without a restart."""
    found = Workspaces(tmp_path)
    found.scan()
    with pytest.raises(UserError, match="no workspace 'tax'"):
        found.get("tax")
    _workspace(tmp_path / "tax")
    assert found.get("tax").folder == tmp_path / "tax"
