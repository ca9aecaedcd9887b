"""A web content extractor as a source: its pages and the texts it keeps."""

from __future__ import annotations

import asyncio

import pytest

from subak.errors import (
    ConnectionLost,
    RecipeError,
    Refused,
    SubakError,
    UnusableContent,
)
from subak.sources.content_extractor import ContentExtractor
from subak.sources.request import Reply, Request
from subak.sources.source import Target
from subak.sources.spec import SourceSpec
from subak.testing.extractor import FakeExtractor
from subak.testing.hazards import dead_url
from subak.testing.site import FakePage, FakeSite
from tests.sources.fetching import list_targets, open_reach

PAGE = "https://tax.example/de?a=1&b=2#c"
LOCAL = ("127.0.0.1",)


def collected(
    server: FakeSite,
    *urls: str,
    allow_hosts: tuple[str, ...] = LOCAL,
    entities: tuple[str, ...] = (),
) -> list[tuple[Target, Reply]]:
    """Return everything an extractor source lists, fetched side by side."""

    async def scenario() -> list[tuple[Target, Reply]]:
        async with server, open_reach() as reach:
            spec = SourceSpec(
                "collect",
                "extractor",
                url=f"{server.base}/",
                urls=urls,
                allow_hosts=allow_hosts,
                entities=entities,
                key_path="source[0]",
            )
            extractor = ContentExtractor(reach.polite)
            targets = await list_targets(spec, reach)
            requests = [
                extractor.fetch(Request(target.url, allow_hosts=allow_hosts))
                for target in targets
            ]
            replies = await asyncio.gather(*requests)
            return list(zip(targets, replies, strict=True))

    return asyncio.run(scenario())


def test_extractor_reads_pages_under_their_own_address() -> None:
    """The page's address crosses whole, and is the document's."""
    server = FakeExtractor({PAGE.partition("#")[0]: "Die Steuer beträgt 19 %."})
    ((target, reply),) = collected(server, PAGE)
    assert server.asked == [PAGE.partition("#")[0]]
    assert (target.way, target.reader) == ("extractor", "")
    assert reply.url == PAGE.partition("#")[0]
    assert reply.body.decode() == "Die Steuer beträgt 19 %."
    assert (reply.content_type, reply.charset) == ("text/plain", "utf-8")


def test_extractor_fills_in_entities() -> None:
    """One page of each entity, as with pages read directly."""
    base = "https://tax.example/"
    server = FakeExtractor({f"{base}Bali": "On Bali.", f"{base}Java": "On Java."})
    found = collected(server, f"{base}{{entity}}", entities=("Bali", "Java"))
    assert [(target.entity, reply.body) for target, reply in found] == [
        ("Bali", b"On Bali."),
        ("Java", b"On Java."),
    ]


def test_extractor_without_pages_gives_the_texts_it_keeps() -> None:
    """Names are encoded; names that are no files of its folder are left out."""
    server = FakeExtractor(files={"a b.txt": "A", "../etc/passwd": "no", "c.pdf": "no"})
    server.pages["/files/a%20b.txt"] = server.pages.pop("/files/a b.txt")
    ((target, reply),) = collected(server)
    assert target.url == server.url("/files/a%20b.txt")
    assert (reply.body, reply.content_type) == (b"A", "text/plain")


def test_extractor_is_asked_politely_in_parallel() -> None:
    """Two requests at once, never three, and its robots.txt is no matter."""
    pages = [f"https://tax.example/{number}" for number in range(8)]
    server = FakeExtractor(dict.fromkeys(pages, "text"))
    extract = server.pages["/extract"]
    assert callable(extract)

    async def slowly(request):  # type: ignore[no-untyped-def]
        await asyncio.sleep(0.02)
        return await extract(request)

    server.pages["/extract"] = slowly
    assert len(collected(server, *pages)) == 8
    assert server.peak == 2
    assert "/robots.txt" not in [request.path for request in server.requests]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ('{"success": false, "error": "HTTP 404\\nthere"}', "page: HTTP 404 there"),
        ('{"success": true, "content": "  "}', "no text found"),
        ('{"success": true}', "no text found"),
        ('{"content": "x"}', "does not answer"),
        ("[]", "does not answer"),
        ("<html>", "does not answer"),
        ("", "does not answer"),
    ],
)
def test_extractor_answers_without_text_are_told(answer: str, message: str) -> None:
    """Its own failures and answers that are none become one clear error each."""
    page = FakePage(answer, content_type="application/json")
    with pytest.raises(UnusableContent, match=message) as caught:
        collected(FakeSite({"/extract": page}), PAGE)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ("<html>", "not JSON"),
        ("{}", "keeps no text files"),
        ('{"files": [1, null, {"name": "/etc/passwd.txt"}, "x.exe"]}', "keeps no text"),
    ],
)
def test_extractor_lists_that_hold_nothing_are_told(listed: str, message: str) -> None:
    """A list without one usable name is an error, not an empty run."""
    page = FakePage(listed, content_type="application/json")
    with pytest.raises(UnusableContent, match=message):
        collected(FakeSite({"/txt-files": page}))


def test_extractor_error_status_names_the_page() -> None:
    """A failing extractor says which page failed."""
    with pytest.raises(SubakError, match="extractor could not read the page") as caught:
        collected(FakeSite({"/extract": FakePage(status=500)}), "https://a.example/")
    assert caught.value.where == "https://a.example/"


def test_extractor_at_a_wrong_address_is_told() -> None:
    """No /extract there is the address's fault, not the page's."""
    with pytest.raises(UnusableContent, match="there is no extractor at"):
        collected(FakeSite(), "https://a.example/")


def test_extractor_on_a_private_host_needs_the_recipes_word() -> None:
    """The hint is the very line to add."""
    with pytest.raises(Refused, match=r"127\.0\.0\.1 is private") as caught:
        collected(FakeExtractor(), "https://a.example/", allow_hosts=())
    assert caught.value.hint.endswith('allow_hosts = ["127.0.0.1"]')
    assert caught.value.reason == "forbidden-target"


def test_extractor_that_is_not_running_is_told() -> None:
    """The hint says to start it."""

    async def scenario() -> None:
        url = dead_url()
        async with open_reach() as reach:
            spec = SourceSpec("x", "extractor", url=url, allow_hosts=LOCAL)
            await list_targets(spec, reach)

    with pytest.raises(ConnectionLost, match="no extractor answers at") as caught:
        asyncio.run(scenario())
    assert "start it" in caught.value.hint


@pytest.mark.parametrize("url", ["", "file:///x", "http://u:p@h/", "nonsense"])
def test_extractor_without_a_good_address_is_a_recipe_error(url: str) -> None:
    """The key is named."""

    async def scenario() -> None:
        async with open_reach() as reach:
            spec = SourceSpec("x", "extractor", url=url, key_path="source[3]")
            await list_targets(spec, reach)

    with pytest.raises(RecipeError, match=r"source\[3\]\.url"):
        asyncio.run(scenario())
