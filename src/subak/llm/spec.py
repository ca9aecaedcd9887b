"""ModelSpec: the short text by which a user names a model."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from subak.errors import UserError
from subak.llm.weights import DEFAULT_NAME

FORMS = "embedded[:NAME], ollama:NAME[@URL], openai:NAME@URL, gateway:NAME@URL or echo"
OLLAMA_URL = "http://127.0.0.1:11434"
_PROVIDERS = ("embedded", "ollama", "openai", "gateway", "echo")
_NEEDS_URL = ("openai", "gateway")


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Which provider, which model, where.

    Args:
        provider: "embedded", "ollama", "openai", "gateway" or "echo".
        name: The model's name there; "" for echo.
        url: Base URL without a trailing slash; "" for embedded and echo.
    """

    provider: str
    name: str = ""
    url: str = ""

    def __str__(self) -> str:
        name = f":{self.name}" if self.name else ""
        url = f"@{self.url}" if self.url else ""
        return f"{self.provider}{name}{url}"


def parse_spec(text: str) -> ModelSpec:
    """Read a model spec.

    Raises:
        UserError: It is none; says what was probably meant and which forms exist.
    """
    provider, colon, rest = text.strip().partition(":")
    if provider not in _PROVIDERS:
        raise _unknown(text, provider)
    if provider == "echo":
        if colon:
            raise _wrong(text, "echo takes no name")
        return ModelSpec("echo")
    if provider == "embedded":
        if colon and not rest:
            raise _wrong(text, "no model name after the colon")
        return ModelSpec("embedded", rest or DEFAULT_NAME)
    return _served(text, provider, rest)


def _served(text: str, provider: str, rest: str) -> ModelSpec:
    name, at, address = _split(rest)
    if not name:
        raise _wrong(text, f"{provider} needs the name of a model")
    if not at and provider in _NEEDS_URL:
        raise _wrong(text, f"{provider} needs the server's URL after an @")
    url = _base_url(text, address) if at else OLLAMA_URL
    return ModelSpec(provider, name, url)


def _split(rest: str) -> tuple[str, str, str]:
    """Split at the @ before the URL; names and user info may hold an @ too."""
    for scheme in ("@http://", "@https://"):
        name, found, address = rest.partition(scheme)
        if found:
            return name, "@", scheme[1:] + address
    return rest.rpartition("@") if "@" in rest else (rest, "", "")


def _base_url(text: str, address: str) -> str:
    if "://" not in address:
        address = f"http://{address}"
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise _wrong(_without_secret(text), f"the URL is not one: {error}") from error
    if parts.username is not None or parts.password is not None or parts.query:
        raise UserError(
            "a model URL must not carry a key, a user or a query",
            where=_without_secret(text),
            hint="put the key into an environment variable and name it with key_env",
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _wrong(text, "the URL needs http:// or https:// and a host")
    return _plain(parts)


def _plain(parts: SplitResult) -> str:
    path = parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def _without_secret(text: str) -> str:
    return f"{text.partition(':')[0]}:..."


def _wrong(text: str, message: str) -> UserError:
    return UserError(f"not a model spec: {message}", where=text, hint=f"use {FORMS}")


def _unknown(text: str, provider: str) -> UserError:
    close = difflib.get_close_matches(provider.lower(), _PROVIDERS, n=1)
    guess = f"did you mean '{close[0]}'? " if close else ""
    shown = _without_secret(text) if "@" in text else text
    return UserError(
        f"unknown model '{provider}'", where=shown, hint=f"{guess}use {FORMS}"
    )
