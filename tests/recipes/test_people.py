"""People: the recipe's `[[notify]]`, from its mistakes to what arrives after a run."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from subak.api import RunRequest, arun
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.errors import RecipeError, Unreachable, UserError
from subak.recipes.load import parse_recipe
from subak.testing.site import FakePage, FakeSite
from subak.views.logs import describe
from subak.views.runs import get_run
from subak.views.stored_events import iter_events
from subak.views.summary import RunSummary
from tests.job.pages import FACTS, pages, source
from tests.recipes.test_load import GOOD

KEEP = (
    "import os, sys; open(os.environ['SUBAK_STATUS'] + '.txt', 'w')"
    ".write(os.environ['SUBAK_TITLE'] + chr(10) + sys.stdin.read())"
)


def _command(when: str, code: str = KEEP) -> str:
    words = json.dumps([sys.executable, "-c", code])
    return f'[[notify]]\nkind = "command"\nwhen = "{when}"\ncommand = {words}\n'


async def _run(folder: Path, notify: str, *, is_dead: bool, model: str) -> RunSummary:
    async with FakeSite(pages()) as site:
        if is_dead:
            site.pages["/italy"] = FakePage("not for you", status=403)
        urls = {name: site.url(f"/{name.lower()}") for name in ("Germany", "Italy")}
        sources = "".join(source(url, name) for name, url in urls.items())
        head = f'name = "job"\n[model]\nuse = "{model}"\n'
        recipe = folder / "recipe.toml"
        recipe.write_text(head + sources + FACTS + notify)
        return await arun(RunRequest(str(recipe), workers=0))


def _live(
    folder: Path, notify: str, *, is_dead: bool = False, model: str = "echo"
) -> RunSummary:
    return asyncio.run(_run(folder, notify, is_dead=is_dead, model=model))


def _said(folder: Path) -> list[str]:
    database = open_reader(Workspace(folder).journal)
    try:
        run = get_run(database)
        return [describe(one.event) for one in iter_events(database, run.id)]
    finally:
        database.close()


def test_good_run_tells_only_who_wants_to_know_always(tmp_path: Path) -> None:
    """`trouble` stays silent, `always` gets the words of the morning."""
    _live(tmp_path, _command("trouble"))
    assert not (tmp_path / "done.txt").exists()
    _live(tmp_path, _command("always"))
    title, _, text = (tmp_path / "done.txt").read_text().partition("\n")
    assert title == "subak job: done"
    assert "Everything is fresh." in text


def test_trouble_is_told_with_what_to_type(tmp_path: Path) -> None:
    """A site that says no: the subject counts it, the text names the command."""
    _live(tmp_path, _command("trouble"), is_dead=True)
    title, _, text = (tmp_path / "partial.txt").read_text().partition("\n")
    assert title == "subak job: 1 thing needs a person"
    assert f"`subak run {tmp_path / 'recipe.toml'}`" in text
    assert any("told people by command" in line for line in _said(tmp_path))


def test_failing_notification_fails_no_run(tmp_path: Path) -> None:
    """It is a warning in the journal, with the reason."""
    summary = _live(tmp_path, _command("always", "import sys; sys.exit('no display')"))
    assert summary.status == "done"
    warned = [line for line in _said(tmp_path) if "nobody was told" in line]
    assert len(warned) == 1
    assert "no display" in warned[0]


def test_run_that_could_not_go_on_is_told_why(tmp_path: Path) -> None:
    """No model server: the run stays resumable, and somebody learns of it."""
    with pytest.raises(Unreachable):
        _live(tmp_path, _command("trouble"), model="openai:x@http://127.0.0.1:9/v1")
    text = (tmp_path / "interrupted.txt").read_text()
    assert "The run could not go on." in text
    assert "subak run" in text


def test_missing_secret_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not after a night: the variable is named, with what to type."""
    monkeypatch.delenv("NO_SUCH_SECRET", raising=False)
    hook = '[[notify]]\nkind = "webhook"\nurl = "https://x.example/"\n'
    with pytest.raises(UserError, match="secret") as caught:
        _live(tmp_path, f'{hook}secret_env = "NO_SUCH_SECRET"\n')
    assert caught.value.hint == "export NO_SUCH_SECRET=..."


@pytest.mark.parametrize(
    ("section", "place", "said"),
    [
        ('kind = "mail"\nserver = "x"', "to", "is missing"),
        ('kind = "mail"\nto = ["a@b"]', "server", "is missing"),
        ('kind = "mail"\nto = ["nobody"]\nserver = "x"', "to", "no mail address"),
        (
            'kind = "mail"\nto = ["a@b"]\nserver = "x"\nuser = "u"\n'
            'secret_env = "S"\nsecurity = "none"',
            "security",
            "in the clear",
        ),
        ('kind = "mail"\nto = ["a@b"]\nserver = "x:y"', "server", "no port"),
        ('kind = "webhook"\nurl = "ftp://x"', "url", "http"),
        ('kind = "webhook"\nurl = "https://x/{secret}"', "url", "secret"),
        ('kind = "command"', "command", "is missing"),
        ('kind = "command"\ncommand = ["a"]\nurl = "https://x"', "url", "no meaning"),
    ],
)
def test_mistake_is_told_with_its_place(section: str, place: str, said: str) -> None:
    """What is well-formed but cannot be meant."""
    with pytest.raises(RecipeError) as caught:
        parse_recipe(f"{GOOD}[[notify]]\n{section}\n")
    problem = next(
        one for one in caught.value.problems if one.path == f"notify[0].{place}"
    )
    assert said in problem.message
