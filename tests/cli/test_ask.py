"""`subak ask`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subak.cli.ask import ask, reply_lines
from subak.cli.style import Style
from subak.errors import UserError
from subak.knowledge.articles.article import Citation
from subak.knowledge.replies.reply import Reply, ReplySentence
from tests.answering.filled import fill
from tests.knowledge.search.corpus import GERMANY, ITALY


def _ask(folder: Path, *words: str) -> Result:
    options = ["--dir", str(folder), "--model", "echo"]
    return CliRunner().invoke(ask, [*words, *options], catch_exceptions=False)


def test_ask_prints_sentences_and_then_their_sources(tmp_path: Path) -> None:
    """Each sentence has a number, each number a page, a place and a quote."""
    fill(tmp_path, (ITALY, GERMANY))
    shown = _ask(tmp_path, "What", "is", "the", "time", "difference", "of", "Italy?")
    assert shown.exit_code == 0
    assert "[1]" in shown.stdout
    assert "“- time difference: UTC+1”" in shown.stdout
    assert "Rome" not in shown.stdout
    assert f"{ITALY.url}  [" in shown.stdout


def test_ask_says_when_the_sources_have_no_answer(tmp_path: Path) -> None:
    """Exactly these words, and that is no error."""
    fill(tmp_path, (ITALY,))
    shown = _ask(tmp_path, "What is the capital of Spain?")
    assert (shown.exit_code, shown.stdout) == (0, "not found in the sources\n")


def test_ask_json_is_one_object(tmp_path: Path) -> None:
    """Found or not, with every citation's exact place."""
    fill(tmp_path, (ITALY,))
    found = json.loads(_ask(tmp_path, "capital of Italy", "--json").stdout)
    assert (found["version"], found["found"], found["calls"]) == (1, True, 1)
    for one in found["sentences"]:
        assert ITALY.text[one["start"] : one["end"]] == one["quote"]
    missing = json.loads(_ask(tmp_path, "capital of Spain", "--json").stdout)
    assert (missing["found"], missing["sentences"]) == (False, [])
    assert missing["answer"] == "not found in the sources"


def test_ask_is_narrowed_like_search(tmp_path: Path) -> None:
    """A filter that nothing passes leaves nothing to answer from."""
    fill(tmp_path, (ITALY,))
    shown = _ask(tmp_path, "capital of Italy", "--tier", "1")
    assert shown.stdout == "not found in the sources\n"


def test_ask_without_a_workspace_says_what_to_type(tmp_path: Path) -> None:
    """The error names the commands that make one."""
    with pytest.raises(UserError, match="no journal") as caught:
        _ask(tmp_path, "anything")
    assert "subak run" in caught.value.hint


def test_ask_shows_a_quoted_line_with_its_heading() -> None:
    """A line that says little alone is shown with what it stands under."""
    cited = Citation("d", "http://127.0.0.1/x", "X", 3, 9, "- no")
    sentence = ReplySentence("no", "quoted", cited, "Italy > Citizenship by birth")
    lines = reply_lines(Reply("?", (sentence,)), Style(is_on=False))
    assert lines[0] == "Italy > Citizenship by birth: “no” [1]"
    assert lines[-1] == "    “- no”"


def test_ask_help_teaches() -> None:
    """It shows what to type and says what happens to what cannot be proved."""
    shown = CliRunner().invoke(ask, ["--help"]).stdout
    assert "Examples:" in shown
    assert "not found in the sources" in " ".join(shown.split())
