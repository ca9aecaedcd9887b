"""Who is let in: our own names, a cookie, forms of our own pages; and what all get."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.web.door import Door, Message, Receive, Scope, Send
from tests.web.asking import HOST, PORT, SECRET, Visitor, open_dashboard

_OURS = {f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}"}


async def _inside(_: Scope, __: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


def _visitor(ticket: str = "", **changes: str) -> Visitor:
    door = Door(_inside, SECRET, PORT, ticket)
    visitor = Visitor(door, None)  # type: ignore[arg-type]  # nothing lies behind
    for name, value in changes.items():
        setattr(visitor, name, value)
    return visitor


def _status(visitor: Visitor, path: str = "/", **headers: str) -> int:
    return asyncio.run(visitor.get(path, **headers)).status


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_door_answers_to_its_own_names_only(host: str) -> None:
    """A page that made its name point here (DNS rebinding) reads nothing."""
    known = host.lower() in _OURS
    assert _status(_visitor(host=host)) == (200 if known else 421)


@pytest.mark.parametrize("host", ["", "127.0.0.1", "localhost:1", f"evil.test:{PORT}"])
def test_door_refuses_other_hosts(host: str) -> None:
    """Neither a missing port nor another one nor another name will do."""
    assert _status(_visitor(host=host)) == 421


def test_door_gives_the_cookie_for_the_token_and_takes_the_token_away() -> None:
    """The token leaves the address bar; the cookie is no script's and no site's."""
    visitor = _visitor(cookie="")
    path = f"/w/tax/?token={SECRET.token}&page=2"
    answer = asyncio.run(visitor.get(path))
    assert (answer.status, answer.headers["location"]) == (303, "/w/tax/?page=2")
    cookie = answer.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert SECRET.token not in cookie
    visitor.cookie = cookie.partition(";")[0]
    assert _status(visitor) == 200


@pytest.mark.parametrize("token", ["", "x", "é", SECRET.session, SECRET.form])
def test_door_refuses_other_tokens(token: str) -> None:
    """Neither the cookie nor the token of forms opens the door."""
    answer = asyncio.run(_visitor(cookie="").get(f"/?token={token}"))
    assert answer.status == 401
    assert "set-cookie" not in answer.headers


def test_door_takes_its_ticket_once() -> None:
    """What stood on a browser's command line is worth nothing afterwards."""
    visitor = _visitor(ticket="once" * 8, cookie="")
    path = f"/?token={'once' * 8}"
    assert [_status(visitor, path), _status(visitor, path)] == [303, 401]


def test_door_never_leads_to_another_server() -> None:
    """A path that begins with two slashes is no way out."""
    answer = asyncio.run(_visitor().get(f"//evil.test/?token={SECRET.token}"))
    assert answer.headers["location"] == "/evil.test/"


@pytest.mark.parametrize(
    ("headers", "cookie", "status"),
    [
        ({}, "", 401),
        ({}, f"subak-{PORT}=wrong", 401),
        ({}, f"subak-1={SECRET.session}", 401),
        ({"authorization": f"Bearer {SECRET.token}"}, "", 200),
        ({"authorization": "Bearer nonsense"}, f"subak-{PORT}={SECRET.session}", 401),
        ({"authorization": f"Basic {SECRET.token}"}, "", 401),
    ],
)
def test_door_knows_who_has_the_cookie_or_the_token(
    headers: dict[str, str], cookie: str, status: int
) -> None:
    """Browsers bring the cookie, programs the token; all others stay outside."""
    assert _status(_visitor(cookie=cookie), **headers) == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": f"http://{HOST}"}, 200),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.test", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": f"http://{HOST}", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": f"https://{HOST}"}, 403),
        ({"origin": "http://127.0.0.1:9"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({}, 403),
    ],
)
def test_door_takes_forms_of_its_own_pages_only(
    headers: dict[str, str], status: int
) -> None:
    """A cookie is not enough to write: another site's form would bring it, too."""
    answer = asyncio.run(_visitor().ask("POST", "/", headers=headers))
    assert answer.status == status


def test_every_answer_bears_the_headers(tmp_path: Path) -> None:
    """Pages, files, redirects, refusals: no script but ours, no frame, no sniffing."""

    async def scenario() -> None:
        async with open_dashboard(tmp_path) as visitor:
            paths = ("/", "/w/x/", "/static/live.js", "/nothing", "/api/v1/status")
            answers = [await visitor.get(path) for path in paths]
            visitor.host = "evil.test"
            answers.append(await visitor.get("/"))
        for answer in answers:
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"

    asyncio.run(scenario())


def test_door_lets_nothing_but_http_through() -> None:
    """There are no web sockets here."""
    sent: list[Message] = []

    async def scenario() -> None:
        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        await Door(_inside, SECRET, PORT)({"type": "websocket"}, receive, send)

    asyncio.run(scenario())
    assert sent == []
