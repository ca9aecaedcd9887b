"""No way leads into a private network: literals, names, redirects, pools."""

from __future__ import annotations

import asyncio

import pytest

from subak.engine.clock import SystemClock
from subak.errors import ConnectionLost, Refused, SubakError
from subak.sources.client import FetchClient
from subak.sources.request import Reply, Request
from subak.testing.hazards import redirect
from subak.testing.site import FakeSite
from tests.sources.resolving import FakeResolver


def ask(
    site: FakeSite,
    url: str,
    *,
    names: dict[str, list[str]] | None = None,
    allow: tuple[str, ...] = (),
) -> Reply:
    """Fetch one URL ("PORT" stands for the site's) while the site runs."""

    async def scenario() -> Reply:
        resolver = FakeResolver(names or {})
        client = FetchClient("subak/test", SystemClock(), resolver=resolver)
        try:
            async with site:
                address = url.replace("PORT", str(site.port))
                return await client.fetch(Request(address, allow_hosts=allow))
        finally:
            await client.close()

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "①②⑦.⓪.⓪.①",
        "localhost",
    ],
)
def test_client_reaches_no_private_literal(host: str) -> None:
    """However the address is spelled, nothing arrives at the private server."""
    site = FakeSite({"/": "secret"})
    with pytest.raises(SubakError):
        ask(site, f"http://{host}:PORT/", names={"localhost": ["127.0.0.1"]})
    assert site.requests == []


def test_client_refusal_names_the_way_to_allow_it() -> None:
    """The error is terminal and tells what to write into the recipe."""
    site = FakeSite({"/": "secret"})
    with pytest.raises(Refused, match="private network") as caught:
        ask(site, "http://127.0.0.1:PORT/")
    assert caught.value.where == site.url("/")
    assert "allow_hosts" in caught.value.hint


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["::ffff:127.0.0.1"], ["127.0.0.1", "10.255.255.1"]],
)
def test_client_reaches_no_private_answer_of_a_name(addresses: list[str]) -> None:
    """A public name that resolves into a private network is refused."""
    site = FakeSite({"/": "secret"})
    with pytest.raises(Refused, match="private network"):
        ask(site, "http://evil.example:PORT/", names={"evil.example": addresses})
    assert site.requests == []


def test_client_reaches_no_private_target_of_a_redirect() -> None:
    """A permitted page that redirects inwards is followed up to there only."""
    inner = FakeSite({"/": "secret"}, address="127.0.0.9")
    outer = FakeSite({}, address="127.0.0.8")

    async def scenario() -> None:
        client = FetchClient("subak/test", SystemClock())
        try:
            async with inner, outer:
                outer.pages["/"] = redirect("/next")
                outer.pages["/next"] = redirect(inner.url("/"))
                request = Request(outer.url("/"), allow_hosts=("127.0.0.8",))
                await client.fetch(request)
        finally:
            await client.close()

    with pytest.raises(Refused):
        asyncio.run(scenario())
    assert len(outer.requests) == 2
    assert inner.requests == []


def test_client_named_host_may_be_private_others_may_not() -> None:
    """An allowed name is reached, another name at the same address is not."""
    names = {"intranet.example": ["127.0.0.1"], "evil.example": ["127.0.0.1"]}
    site = FakeSite({"/": "page"})
    allow = ("intranet.example",)
    reply = ask(site, "http://intranet.example:PORT/", names=names, allow=allow)
    assert reply.body == b"page"
    with pytest.raises(Refused):
        ask(site, "http://evil.example:PORT/", names=names, allow=allow)
    assert len(site.requests) == 1


def test_client_open_connection_serves_no_other_allow_list() -> None:
    """A connection kept alive for one source is not used by a source without leave."""
    site = FakeSite({"/": "page"})

    async def scenario() -> None:
        client = FetchClient("subak/test", SystemClock())
        try:
            async with site:
                url = site.url("/")
                await client.fetch(Request(url, allow_hosts=("127.0.0.1",)))
                await client.fetch(Request(url))
        finally:
            await client.close()

    with pytest.raises(Refused, match="private network"):
        asyncio.run(scenario())
    assert len(site.requests) == 1


def test_client_unknown_name_is_connection_lost() -> None:
    """A name nobody knows is told as such."""
    with pytest.raises(ConnectionLost, match="host was not found"):
        ask(FakeSite({}), "http://nowhere.example/")
