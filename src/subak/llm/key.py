"""ApiKey: a secret that is sent in a header and shown nowhere."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from subak.errors import UserError
from subak.llm.options import EndpointOptions


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A secret and the name of the place it was read from.

    Args:
        value: The secret; kept out of ``repr``.
        origin: The variable or file, for error messages.
    """

    value: str = field(default="", repr=False)
    origin: str = ""

    def headers(self) -> dict[str, str]:
        """Return the request headers that carry the key."""
        return {"Authorization": f"Bearer {self.value}"} if self.value else {}

    def redact(self, text: str) -> str:
        """Return the text without the key in it."""
        return text.replace(self.value, "***") if self.value else text


def read_key(options: EndpointOptions, default_env: str) -> ApiKey:
    """Read the key from the environment or a file; never from anywhere else.

    Args:
        options: Names the variable or file, if the user chose one.
        default_env: Variable looked at otherwise; it may be unset.

    Raises:
        UserError: The place the user named holds no usable key.
    """
    if options.key_env:
        value = os.environ.get(options.key_env, "")
        if not value.strip():
            raise UserError(
                "the environment variable of the API key is not set",
                where=options.key_env,
                hint=f"export {options.key_env}=...",
            )
        return _checked(value, options.key_env)
    if options.key_file is not None:
        return _checked(_read(options.key_file), str(options.key_file))
    return _checked(os.environ.get(default_env, ""), default_env)


def _read(file: Path) -> str:
    try:
        return file.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            "the key file cannot be read",
            where=str(file),
            hint="put the key alone into this file, or set key_env",
        ) from error


def _checked(value: str, origin: str) -> ApiKey:
    value = value.strip()
    if any(not 33 <= ord(char) <= 126 for char in value):
        raise UserError(
            "the API key has spaces or characters that no key has",
            where=origin,
            hint="put the key alone there, on one line",
        )
    return ApiKey(value, origin)
