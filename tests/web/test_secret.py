"""The token, and the file it may be kept in."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.errors import UserError
from subak.web.secret import Secret, read_secret


def test_secret_is_new_each_time_and_tells_itself_to_nobody() -> None:
    """Neither the cookie nor the forms' token shows the token or the other."""
    one, other = Secret.make(), Secret.make()
    assert one.token != other.token
    assert len({one.token, one.session, one.form}) == 3
    assert one.is_token(one.token)
    assert not one.is_token(one.session)
    assert one.is_session(one.session)
    assert not one.is_session(one.form)
    assert one.is_form(one.form)
    assert not one.is_form("")


def test_token_file_is_written_once_for_its_owner(tmp_path: Path) -> None:
    """The same file is the same address for ever."""
    path = tmp_path / "token"
    first = read_secret(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_secret(path) == first


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("t" * 40, 0o644, "chmod 600"),
        ("short", 0o600, "at least 32"),
        ("two words" * 8, 0o600, "one word"),
        ("é" * 40, 0o600, "ASCII"),
        ("", 0o600, "at least 32"),
    ],
)
def test_token_file_that_protects_nothing_is_refused(
    tmp_path: Path, text: str, mode: int, said: str
) -> None:
    """Others may not read it, and it cannot be guessed."""
    path = tmp_path / "token"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    with pytest.raises(UserError) as caught:
        read_secret(path)
    assert said in f"{caught.value} {caught.value.hint}"
