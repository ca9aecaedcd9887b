"""Settings: what is in force and who said it."""

from __future__ import annotations

import pytest

from tests.web.pages.looking import Looker


def test_settings_name_their_origin(
    looker: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value from the environment says so; the others are built in."""
    monkeypatch.setenv("SUBAK_CONTACT", "me@example.org")
    text = looker.look("settings").text
    assert '"me@example.org" SUBAK_CONTACT' in text
    assert "log_style" in text


def test_settings_show_the_recipe_with_its_defaults(looker: Looker) -> None:
    """A key the file says is told apart from one it leaves to us."""
    text = looker.look("settings").text
    assert 'model.use "echo" recipe' in text
    assert "fetch.timeout_s 30.0 built in" in text
    assert "facts[0].fields 2: vat, corporate recipe" in text
    assert "source 7:" in text


def test_settings_tell_what_the_last_run_was_started_with(
    looker: Looker, runs: list[str]
) -> None:
    """The flags of the newest run stand with its id; what nobody said is left out."""
    text = looker.look("settings").text
    assert f"What {runs[1]} was started with" in text
    said = text.partition("was started with")[2].partition("Of the recipe")[0]
    assert "recipe.toml" in said
    assert "null" not in said


def test_settings_show_no_password(
    looker: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address with a name and a password is shown without them."""
    monkeypatch.setenv("SUBAK_CONTACT", "https://me:secret@tax.example/a")
    text = looker.look("settings").text
    assert "https://…@tax.example/a" in text
    assert "secret" not in text
