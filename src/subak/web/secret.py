"""Secret: the token of one server, and what is made of it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from subak.engine.storage import storage_error
from subak.errors import UserError

_LEAST_CHARS = 32
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Secret:
    """Who knows the token may use the dashboard.

    The cookie and the token of forms are made of it, so that neither tells it and
    both outlive a restart of the server with the same token.
    """

    token: str

    @classmethod
    def make(cls) -> Secret:
        """Return a new one of 256 random bits."""
        return cls(secrets.token_urlsafe(32))

    @property
    def session(self) -> str:
        """Return the value of the browser's cookie."""
        return self._made("session")

    @property
    def form(self) -> str:
        """Return what every form of the dashboard has to bring back."""
        return self._made("form")

    def is_token(self, text: str) -> bool:
        """Tell whether that is the token; takes as long for any other."""
        return _are_equal(text, self.token)

    def is_session(self, text: str) -> bool:
        """Tell whether that is the value of the cookie."""
        return _are_equal(text, self.session)

    def is_form(self, text: str) -> bool:
        """Tell whether a form of ours brought that."""
        return _are_equal(text, self.form)

    def _made(self, purpose: str) -> str:
        key = self.token.encode()
        return hmac.new(key, purpose.encode(), hashlib.sha256).hexdigest()


def read_secret(path: Path) -> Secret:
    """Return the secret in a file; a new one is written where there is no file.

    Raises:
        UserError: Others may read the file, or what is in it is too short.
    """
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return _read(path)
    except OSError as error:
        raise storage_error(error, path) from error
    secret = Secret.make()
    with os.fdopen(made, "w", encoding="ascii") as file:
        file.write(f"{secret.token}\n")
    return secret


def _read(path: Path) -> Secret:
    try:
        mode = path.stat().st_mode
        token = path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError as error:
        raise storage_error(error, path) from error
    if mode & _OTHERS:
        raise UserError(
            "others on this machine may read the token",
            where=str(path),
            hint=f"chmod 600 {path}",
        )
    if len(token) < _LEAST_CHARS or not token.isascii() or token.split() != [token]:
        raise UserError(
            f"the token must be one word of at least {_LEAST_CHARS} ASCII characters",
            where=str(path),
            hint=f"rm {path}, and the next `subak serve` writes a good one",
        )
    return Secret(token)


def _are_equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
