"""Nothing behind the guard is ever reached: a table of addresses and tricks.

A real server listens on loopback; each row tries to get a request through to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from subak.engine.clock import SystemClock
from subak.errors import Refused, SubakError
from subak.sources.client import FetchClient
from subak.sources.failure import failure_reason
from subak.sources.polite import Polite
from subak.sources.request import Reply, Request
from subak.testing.hazards import redirect
from subak.testing.site import FakeSite
from tests.sources.resolving import FakeResolver
from tests.sources.test_guard import FORBIDDEN

SPELLINGS = (
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "127.000.000.001",
    "0177.0.0.1",
    "0177.0.0.01",
    "00000177.0.0.1",
    "0x7f.0.0.1",
    "0x7f.1",
    "0x7f000001",
    "0x7F000001",
    "0x000000007f000001",
    "017700000001",
    "2130706433",
    "02130706433",
    "4294967296",
    "127.0x0.0x0.0x1",
    "127.0.0.1%00.example.org",
    "0",
    "0.0.0.0",
    "0x0",
    "00.00.00.00",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::FFFF:7F00:0001]",
    "[::ffff:0:127.0.0.1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:7f00:1::1]",
    "[2001:0:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    "[fe80::5efe:127.0.0.1]",
    "[2606:4700::5efe:7f00:1]",
    "[2606:4700::200:5efe:7f00:1]",
    "[::1%25lo]",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "127．0．0．1",
    "１２７.0.0.1",
    "⑯⑨.②⑤④.⑯⑨.②⑤④",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ｌocalhost",
    "ⓛocalhost",
    "localhost.localdomain",
    "ip6-localhost",
    "site.localhost",
    "127.0.0.1.nip.example",
    "metadata",
    "metadata.google.internal",
    "metadata.google.internal.",
    "instance-data.ec2.internal",
    "user@127.0.0.1",
    "user:secret@127.0.0.1",
    "public.example@127.0.0.1",
    "public.example:80@127.0.0.1",
    "public.example%40127.0.0.1",
    "public.example\\@127.0.0.1",
    "public.example#@127.0.0.1",
    "127.0.0.1\\public.example",
    "127.0.0.1:PORT#@public.example",
    " 127.0.0.1",
    "127.0.0.1\t",
    "127.0.0.1\r\nHost: public.example",
)
# Every name anybody invents leads inwards.
INWARDS = ["127.0.0.1"]


class _Inwards(FakeResolver):
    def answers(self, host: str) -> list[str]:
        return self.names.get(host.rstrip(".").lower(), INWARDS)


def reach(
    site: FakeSite, scenario: Callable[[FetchClient], Awaitable[Reply]], **names: str
) -> SubakError | Reply:
    """Return what a fetch gives while the site runs and all names lead to it."""

    async def run() -> SubakError | Reply:
        table = {name.replace("_", "."): value.split() for name, value in names.items()}
        client = FetchClient("subak/test", SystemClock(), resolver=_Inwards(table))
        try:
            async with site:
                return await scenario(client)
        except SubakError as error:
            return error
        finally:
            await client.close()

    return asyncio.run(run())


@pytest.mark.parametrize("host", SPELLINGS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_of_an_address_leads_inwards(host: str, scheme: str) -> None:
    """However a private address or name is written, nothing arrives."""
    site = FakeSite({"/": "secret"})

    async def ask(client: FetchClient) -> Reply:
        port = str(site.port)
        return await client.fetch(
            Request(f"{scheme}://{host}:{port}/".replace("PORT", port))
        )

    error = reach(site, ask)
    assert isinstance(error, Refused)
    assert failure_reason(error) in {"forbidden-target", "bad-address"}
    assert site.requests == []


@pytest.mark.parametrize("address", [each for each in FORBIDDEN if each])
def test_no_answer_of_a_name_server_leads_inwards(address: str) -> None:
    """A name may resolve to anything: it is refused before a packet leaves."""
    site = FakeSite({"/": "secret"})

    async def ask(client: FetchClient) -> Reply:
        return await client.fetch(Request(f"http://evil.example:{site.port}/"))

    error = reach(site, ask, evil_example=address)
    assert isinstance(error, SubakError)
    assert failure_reason(error) in {"forbidden-target", "refused"}
    assert site.requests == []


def test_private_answer_among_public_ones_is_not_dialled() -> None:
    """Of mixed answers none that is private is tried, wherever it stands."""
    site = FakeSite({"/": "secret"})
    for answers in ("127.0.0.1 127.0.0.2", "::1 127.0.0.1", "::ffff:127.0.0.1 ::1"):

        async def ask(client: FetchClient) -> Reply:
            return await client.fetch(Request(f"http://evil.example:{site.port}/"))

        error = reach(site, ask, evil_example=answers)
        assert isinstance(error, Refused)
        assert site.requests == []


def test_name_that_changes_its_mind_is_judged_again() -> None:
    """A permitted answer at first gives no leave for another one later."""
    site = FakeSite({"/": "page"}, address="127.0.0.1")
    resolver = FakeResolver({"flip.example": ["127.0.0.1"]})

    async def ask(client: FetchClient) -> tuple[bytes, SubakError]:
        request = Request(
            f"http://flip.example:{site.port}/", allow_hosts=("127.0.0.1",)
        )
        first = await client.fetch(request)
        await client.close()  # what a dropped connection and an old answer come to
        resolver.names["flip.example"] = ["127.0.0.2"]
        with pytest.raises(Refused) as caught:
            await client.fetch(request)
        return first.body, caught.value

    async def run() -> tuple[bytes, SubakError]:
        client = FetchClient("subak/test", SystemClock(), resolver=resolver)
        try:
            async with site:
                return await ask(client)
        finally:
            await client.close()

    body, error = asyncio.run(run())
    assert body == b"page"
    assert failure_reason(error) == "forbidden-target"
    assert len(site.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.9:PORT/",
        "//127.0.0.9:PORT/",
        "https://127.0.0.9:PORT/",
        "http://[::ffff:127.0.0.9]:PORT/",
        "http://2130706441:PORT/",
        "http://0x7f.0.0.9:PORT/",
        "http://evil.example:PORT/",
        "http://user@127.0.0.9:PORT/",
        "/inner",
    ],
)
def test_no_redirect_leads_inwards(status: int, location: str) -> None:
    """Each kind of redirect, also after another one, is followed to the guard only."""
    inner = FakeSite({"/": "secret", "/robots.txt": "secret"}, address="127.0.0.9")
    outer = FakeSite({}, address="127.0.0.8")

    async def ask(client: FetchClient) -> Reply:
        inner.port = outer.port
        async with inner:
            target = location.replace("PORT", str(outer.port))
            outer.pages["/"] = redirect("/next", status)
            outer.pages["/next"] = redirect(target, status)
            last = f"http://evil.example:{outer.port}/"
            outer.pages["/inner"] = redirect(last, status)
            polite = Polite(client, SystemClock())
            return await polite.fetch(
                Request(outer.url("/"), allow_hosts=("127.0.0.8",))
            )

    error = reach(outer, ask, evil_example="127.0.0.9")
    assert isinstance(error, Refused)
    assert failure_reason(error) in {"forbidden-target", "bad-redirect", "bad-address"}
    assert inner.requests == []


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://public.example/",
        "gopher://127.0.0.1:6379/_INFO",
        "data:text/html,x",
        "javascript:alert(1)",
        "dict://127.0.0.1:11211/",
        "unix:///var/run/docker.sock",
        "http://public.example:22/",
        "http://public.example:6379/",
    ],
)
def test_no_redirect_leads_to_another_scheme_or_port(location: str) -> None:
    """What is not a page of the web is refused unasked."""
    site = FakeSite({"/": redirect(location)})

    async def ask(client: FetchClient) -> Reply:
        return await client.fetch(Request(site.url("/"), allow_hosts=("127.0.0.1",)))

    error = reach(site, ask)
    assert isinstance(error, Refused)
    assert failure_reason(error) in {"bad-redirect", "bad-address", "redirect-loop"}
    assert len(site.requests) == 1


def test_table_is_long_enough() -> None:
    """At least a hundred addresses and tricks stand in it."""
    assert len(set(SPELLINGS)) + len(set(FORBIDDEN)) >= 100
