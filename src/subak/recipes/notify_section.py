"""The part of a recipe that says who is told of a run, and what it must not mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from subak.errors import Problem


class NotifySection(Struct, forbid_unknown_fields=True, frozen=True):
    """Who is told when a run has ended."""

    kind: Annotated[
        Literal["mail", "webhook", "command"], Meta(description="How the news travel.")
    ]
    when: Annotated[
        Literal["trouble", "always"],
        Meta(
            description="trouble: only when something needs a person, or the run did "
            "not come to its end."
        ),
    ] = "trouble"
    to: Annotated[tuple[str, ...], Meta(description="mail: addresses.")] = ()
    sender: Annotated[
        str, Meta(description="mail: address it comes from; empty: the first of `to`.")
    ] = ""
    server: Annotated[
        str, Meta(description="mail: host of the mail server, or `host:port`.")
    ] = ""
    security: Annotated[
        Literal["starttls", "tls", "none"],
        Meta(
            description="mail: how the connection is kept private (port 587, 465, 25)."
        ),
    ] = "starttls"
    user: Annotated[str, Meta(description="mail: name to log in with.")] = ""
    url: Annotated[
        str,
        Meta(
            description="webhook: address that a JSON body with `title` and `text` is "
            "posted to; `{secret}` in it is filled in."
        ),
    ] = ""
    allow_hosts: Annotated[
        tuple[str, ...],
        Meta(description="webhook: private hosts or networks it may reach."),
    ] = ()
    command: Annotated[
        tuple[str, ...],
        Meta(
            description="command: a program and its words; the text is its standard "
            "input. No shell."
        ),
    ] = ()
    secret_env: Annotated[
        str,
        Meta(
            description="Environment variable with the mail password, or the bearer "
            "token of the webhook."
        ),
    ] = ""
    secret_file: Annotated[
        str,
        Meta(description="File with it, relative to the workspace."),
    ] = ""
    timeout_s: Annotated[
        float,
        Meta(gt=0, le=300, description="How long that may take."),
    ] = 20.0


_OWN_KEYS = {
    "mail": ("to", "sender", "server", "user"),
    "webhook": ("url", "allow_hosts"),
    "command": ("command",),
}


def find_notify_problems(sections: tuple[NotifySection, ...]) -> Iterator[Problem]:
    """Yield what is well-formed in `[[notify]]` but cannot be meant."""
    for number, section in enumerate(sections):
        path = f"notify[{number}]"
        yield from _foreign_keys(section, path)
        if section.secret_env and section.secret_file:
            yield Problem(f"{path}.secret_file", "stands beside `secret_env`")
        if section.kind == "mail":
            yield from _mail_problems(section, path)
        elif section.kind == "webhook":
            yield from _webhook_problems(section, path)
        elif not section.command or not section.command[0]:
            hint = 'give a list: command = ["notify-send", "subak"]'
            yield Problem(f"{path}.command", "is missing", hint)


def _foreign_keys(section: NotifySection, path: str) -> Iterator[Problem]:
    for kind, keys in _OWN_KEYS.items():
        for key in keys:
            if kind != section.kind and getattr(section, key):
                hint = f"it belongs to kind = '{kind}'"
                message = f"has no meaning for a {section.kind}"
                yield Problem(f"{path}.{key}", message, hint)


def _mail_problems(section: NotifySection, path: str) -> Iterator[Problem]:
    if not section.to:
        yield Problem(f"{path}.to", "is missing", 'give addresses: ["me@x.example"]')
    for key, addresses in (("to", section.to), ("sender", (section.sender,))):
        for address in filter(None, addresses):
            if "@" not in address or any(sign in address for sign in " ,\r\n<>"):
                yield Problem(f"{path}.{key}", f"'{address}' is no mail address")
    if not section.server:
        yield Problem(f"{path}.server", "is missing", 'e.g. "smtp.example.org"')
    elif not _is_place(section.server):
        message = f"'{section.server}' has no host, or no port that is a number"
        yield Problem(f"{path}.server", message, 'e.g. "smtp.example.org:587"')
    has_secret = bool(section.secret_env or section.secret_file)
    if section.user and not has_secret:
        hint = "give `secret_env` or `secret_file`"
        yield Problem(f"{path}.user", "has no password", hint)
    if section.user and section.security == "none":
        message = "would send the password in the clear"
        yield Problem(f"{path}.security", message, "use starttls or tls")


def _is_place(server: str) -> bool:
    """Tell whether a text is a host, maybe with a port."""
    try:
        parts = urlsplit(f"//{server}")
        is_bare = not (parts.path or parts.query or parts.username)
        return bool(parts.hostname) and is_bare and parts.port != 0
    except ValueError:
        return False


def _webhook_problems(section: NotifySection, path: str) -> Iterator[Problem]:
    parts = urlsplit(section.url)
    if not section.url:
        yield Problem(f"{path}.url", "is missing", "give the address to post to")
    elif parts.scheme not in {"http", "https"} or not parts.hostname:
        yield Problem(f"{path}.url", "is not an http or https address")
    if "{secret}" in section.url and not (section.secret_env or section.secret_file):
        hint = "give `secret_env` or `secret_file`"
        yield Problem(f"{path}.url", "has a place for a secret and none is given", hint)
