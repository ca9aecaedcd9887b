"""Mail, webhook and command: notices that arrive, and failures that are told."""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from dataclasses import replace
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest
from aiohttp import web

from subak.errors import ConnectionLost, Refused, SubakError, TimedOut, UserError
from subak.extras.mail import Mail
from subak.extras.notice import Messenger, Notice, notify
from subak.extras.order import Order
from subak.extras.webhook import Webhook
from subak.sources.guard import Guard
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal
from subak.testing.site import FakePage, FakeSite
from tests.extras.mail_server import FakeMailServer

NOTICE = Notice(
    title="subak tax: 1 thing needs\r\na person",
    text="# tax: partial\n\nEin Fehler – Größe «ü»\n",
    recipe="tax",
    run="20261122-060000-ab12",
    status="partial",
    needs_person=True,
    facts={"bulletin": {"verdict": "so"}},
)
OPEN = Guard.parse(("127.0.0.0/8",)).open_socket
SECRET = "s3cret-token"


def _send(messenger: Messenger) -> None:
    asyncio.run(messenger.send(NOTICE))


def test_mail_arrives_as_plain_text() -> None:
    """Subject in one line, text in UTF-8, marked as made by a machine."""
    with FakeMailServer() as server:
        _send(Mail(server.address, ("me@x.example",), security="none"))
    (taken,) = server.taken
    found = message_from_string(taken.data, policy=default)
    assert found["Subject"] == "subak tax: 1 thing needs a person"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found.get_content().rstrip() == NOTICE.text.rstrip()
    assert "me@x.example" in taken.to[0]


def test_mail_logs_in_and_a_wrong_password_is_not_shown() -> None:
    """The server's user is wanted; the error names keys of the recipe, no secret."""
    with FakeMailServer(password=SECRET) as server:
        mail = Mail(server.address, ("me@x.example",), security="none", user="u")
        _send(replace(mail, password=SECRET))
        with pytest.raises(Refused, match="user or the password") as caught:
            _send(replace(mail, password="wrong-one"))
    assert len(server.taken) == 1
    assert "wrong-one" not in f"{caught.value} {caught.value.hint} {mail!r}"


def test_mail_that_is_refused_says_what_the_server_said() -> None:
    """The answer of the server is the reason."""
    with FakeMailServer(refuses="550 no such box") as server:
        with pytest.raises(Refused, match="no such box"):
            _send(Mail(server.address, ("me@x.example",), security="none"))
        with pytest.raises(Refused, match="no private connection"):
            _send(Mail(server.address, ("me@x.example",), trusts=_any_context()))


def _any_context() -> ssl.SSLContext:
    return ssl.create_default_context()


def test_mail_without_a_server_is_told() -> None:
    """Nobody listens there: the key to look at is named."""
    with pytest.raises(ConnectionLost) as caught:
        _send(Mail("127.0.0.1:9", ("me@x.example",), security="none"))
    assert "server" in caught.value.hint


def test_webhook_posts_json_with_its_token() -> None:
    """Title, text and facts arrive; the token is in the header."""
    seen: list[tuple[dict[str, object], str]] = []

    async def take(request: web.Request) -> web.StreamResponse:
        seen.append((await request.json(), request.headers["Authorization"]))
        return web.Response(text="ok")

    async def scenario() -> None:
        async with FakeSite({"/hook/abc": take}) as site:
            await Webhook(site.url("/hook/abc"), OPEN, SECRET).send(NOTICE)

    asyncio.run(scenario())
    ((body, token),) = seen
    assert token == f"Bearer {SECRET}"
    assert (body["version"], body["text"]) == (1, NOTICE.text)
    assert body["bulletin"] == {"verdict": "so"}


def test_webhook_says_no_secret_and_follows_no_redirect() -> None:
    """An address may be a secret: errors show its host and the status only."""
    moved = FakePage("", status=302, headers={"Location": "http://elsewhere.example/"})

    async def scenario() -> list[SubakError]:
        errors: list[SubakError] = []
        said = FakePage(f"bad /hook/{SECRET} {SECRET}", status=403)
        async with FakeSite({f"/hook/{SECRET}": said, "/moved": moved}) as site:
            for path in (f"/hook/{SECRET}", "/moved"):
                try:
                    await Webhook(site.url(path), OPEN, SECRET).send(NOTICE)
                except SubakError as error:
                    errors.append(error)
        return errors

    refused, redirected = asyncio.run(scenario())
    assert "HTTP 403" in refused.message
    assert "HTTP 302" in redirected.message
    assert SECRET not in f"{refused} {refused.hint} {redirected} {redirected.where}"


def test_webhook_reaches_no_private_host_unasked() -> None:
    """Without `allow_hosts` the guard closes the socket before it is opened."""

    async def scenario() -> list[str]:
        async with FakeSite({"/hook": FakePage("ok")}) as site:
            with pytest.raises(ConnectionLost):
                await Webhook(site.url("/hook"), Guard().open_socket).send(NOTICE)
            return site.paths

    assert asyncio.run(scenario()) == []


def test_webhook_that_hangs_is_given_up() -> None:
    """A server that never answers costs its time limit and no more."""

    async def scenario() -> None:
        site = FakeSite()
        site.pages["/hook"] = site.hang
        async with site:
            await Webhook(site.url("/hook"), OPEN, timeout_s=0.2).send(NOTICE)

    with pytest.raises(TimedOut):
        asyncio.run(scenario())


def test_command_gets_the_text_and_the_facts(tmp_path: Path) -> None:
    """Text on standard input, facts in the environment, started in the workspace."""
    code = (
        "import json, os, sys; json.dump([sys.stdin.read(), os.environ['SUBAK_RUN'],"
        " os.environ['SUBAK_NEEDS_PERSON']], open('got.json', 'w'))"
    )
    _send(Order((sys.executable, "-c", code), tmp_path))
    told = json.loads((tmp_path / "got.json").read_text())
    assert told == [NOTICE.text, NOTICE.run, "1"]


def test_command_that_fails_or_hangs_is_told(tmp_path: Path) -> None:
    """Its last words are the reason; one that does not end is ended."""
    failing = "import sys; sys.exit('no display')"
    with pytest.raises(Refused, match="no display"):
        _send(Order((sys.executable, "-c", failing), tmp_path))
    hanging = "import time; time.sleep(60)"
    with pytest.raises(TimedOut):
        _send(Order((sys.executable, "-c", hanging), tmp_path, timeout_s=0.3))
    with pytest.raises(UserError, match="can't be started"):
        _send(Order(("no-such-program-here",), tmp_path))


def test_notify_goes_on_after_a_failure(tmp_path: Path) -> None:
    """The first one fails: a warning with a hint; the second one is sent."""
    journal = MemoryJournal(VirtualClock())
    good = Order((sys.executable, "-c", "open('sent', 'w')"), tmp_path)
    bad = Order(("no-such-program-here",), tmp_path)
    asyncio.run(notify(NOTICE, [bad, good], journal))
    warning, sent = journal.events
    assert warning.data["level"] == "warning"
    assert "nobody was told by command no-such-program-here" in str(warning.data)
    assert sent.kind == "notice.sent"
    assert (tmp_path / "sent").exists()
