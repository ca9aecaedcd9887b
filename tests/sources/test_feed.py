"""Feeds: RSS 2.0, RSS 1.0 and Atom as they are out there, broken ones included."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import msgspec
import pytest

from subak.errors import UnusableContent
from subak.sources.feed_file import FeedEntry, FeedFile, FeedQuery
from subak.sources.raw_page import RawPage
from subak.sources.read_feed import read_feed
from subak.sources.source import Target
from subak.sources.spec import SourceSpec
from subak.testing.site import FakePage, FakeSite
from tests.sources.fetching import list_targets, open_reach
from tests.sources.listing_shelf import Shelf

SITE = "https://news.example"
APRIL = 1_775_034_000.0  # 2026-04-01T09:00:00Z
RSS = """<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel>
<title>News</title><link>https://news.example/</link>
<item><title>A</title><link> https://news.example/a?utm_source=rss </link>
<pubDate>Wed, 01 Apr 2026 09:00:00 GMT</pubDate><description>B &amp; C</description>
</item><item><guid isPermaLink="true">https://news.example/b</guid></item>
<item><guid isPermaLink="false">tag:1</guid><title>no address</title></item>
<item><link>https://news.example/a</link></item></channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="x"><link>https://news.example/</link></channel>
<item rdf:about="https://news.example/a"><link>https://news.example/a</link>
<dc:date>2026-04-01T09:00:00Z</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/en/">
<link rel="self" href="/atom.xml"/><link href="/"/>
<entry><link rel="enclosure" href="/a.mp3"/><link rel="alternate" href="a"/>
<published>2026-03-01T09:00:00Z</published><updated>2026-04-01T09:00:00Z</updated>
</entry></feed>"""


def read(text: str | bytes, most: int = 10) -> FeedFile:
    """Return what a feed says."""
    body = text.encode() if isinstance(text, str) else text
    page = RawPage(f"{SITE}/feed.xml", body)
    answer = read_feed(msgspec.msgpack.encode((page, FeedQuery(most))))
    return msgspec.msgpack.decode(answer, type=FeedFile)


def listed(site: FakeSite, shelf: Shelf | None = None, **fields: object) -> list[str]:
    """Return "path hint published" of what a feed source lists."""

    async def scenario() -> list[Target]:
        async with site, open_reach() as reach:
            for path, page in site.pages.items():
                if isinstance(page, FakePage) and isinstance(page.body, str):
                    body = page.body.replace("BASE", site.base)
                    site.pages[path] = replace(page, body=body)
            spec = SourceSpec(
                "news",
                "feed",
                url=site.url("/feed.xml"),
                allow_hosts=("127.0.0.0/8",),
                **fields,  # type: ignore[arg-type]
            )
            return await list_targets(spec, replace(reach, known=shelf))

    return [
        f"{target.url.removeprefix(site.base)} {target.hint} {target.published}".strip()
        for target in asyncio.run(scenario())
    ]


def rss(*items: str) -> FakePage:
    """Return a feed of "address|date" items."""
    parts = (item.partition("|") for item in items)
    body = "".join(
        f"<item><link>{link}</link><pubDate>{date}</pubDate></item>"
        for link, _, date in parts
    )
    return FakePage(f"<rss><channel>{body}</channel></rss>", content_type="text/xml")


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (RSS, (FeedEntry(f"{SITE}/a", APRIL), FeedEntry(f"{SITE}/b"))),
        (RDF, (FeedEntry(f"{SITE}/a", APRIL),)),
        (ATOM, (FeedEntry(f"{SITE}/en/a", APRIL - 31 * 86_400, APRIL),)),
    ],
    ids=["rss-2.0", "rss-1.0", "atom"],
)
def test_read_feed_reads_each_format(text: str, entries: tuple[FeedEntry, ...]) -> None:
    """Canonical addresses once each; a pubDate is no date of a change."""
    found = read(text)
    assert found.entries == entries
    assert found.site == f"{SITE}/"


@pytest.mark.parametrize(
    "text",
    [
        "\n\n  " + RSS,
        RSS.replace("B &amp; C", "B & C &nbsp; <b>"),
        RSS[: RSS.index("</item>") + 7],
        RSS.replace("<title>A</title>", "<title>\x0b\x00</title>"),
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd">' + RSS.partition("?>")[2],
    ],
    ids=["blank lines", "bare ampersand", "cut off", "controls", "external DTD"],
)
def test_read_feed_survives_broken_xml(text: str) -> None:
    """What is readable counts."""
    assert read(text).entries[0].url == f"{SITE}/a"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not XML"),
        (b"<html><body>no feed</body></html>", "root is <html>"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "not XML"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><rss><item>&a;</item></rss>', "entities"),
        (
            '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r [<!ENTITY a SYSTEM '
            '"file:///etc/passwd">]><rss>&a;</rss>'.encode("utf-16"),
            "entities",
        ),
    ],
)
def test_read_feed_refuses_what_is_none(body: bytes, message: str) -> None:
    """Pages, garbage and entity tricks are told apart, with a way out."""
    with pytest.raises(UnusableContent, match=message) as caught:
        read(body)
    assert caught.value.hint


def test_read_feed_is_bounded() -> None:
    """A feed of a hundred thousand entries is read as far as asked."""
    items = (f"<item><link>{SITE}/{n}</link></item>" for n in range(100_000))
    assert len(read(f"<rss>{''.join(items)}</rss>", most=7).entries) == 7


def test_feed_lists_the_newest_first() -> None:
    """By date where there is one, else in file order; no hint from a pubDate."""
    feed = rss(
        "BASE/none",
        "BASE/old|2026-01-05",
        "BASE/new|Wed, 01 Apr 2026 09:00:00 GMT",
        "BASE/odd|yesterday",
    )
    expected = ["/new  2026-04-01", "/old  2026-01-05", "/none", "/odd"]
    assert listed(FakeSite({"/feed.xml": feed})) == expected
    assert listed(FakeSite({"/feed.xml": feed}), limit=2) == expected[:2]


def test_feed_gives_the_date_of_a_change_as_hint() -> None:
    """Atom's ``updated`` changes when the page does."""
    entry = '<entry><link href="/a"/><updated>2026-04-01T09:00:00Z</updated></entry>'
    page = FakePage(f"<feed>{entry}</feed>", content_type="application/atom+xml")
    assert listed(FakeSite({"/feed.xml": page})) == ["/a 2026-04-01T09:00:00Z"]


def test_feed_obeys_rules_and_robots() -> None:
    """Globs of the recipe and robots.txt hold for entries too."""
    feed = rss("BASE/tax/a", "BASE/tax/private/b", "BASE/tax/c", "BASE/sport/d")
    site = FakeSite({"/feed.xml": feed}, robots="User-agent: *\nDisallow: /*private\n")
    assert listed(site, include=("/tax/*",), exclude=("*/c",)) == ["/tax/a"]


def test_feed_speaks_for_its_own_site_unless_told() -> None:
    """Entries of other hosts need a rule that names the host."""
    feed = rss("https://other.example/a", "BASE/b", "file:///etc/passwd", "BASE:1/c")
    assert listed(FakeSite({"/feed.xml": feed})) == ["/b"]
    with pytest.raises(UnusableContent, match="takes none") as caught:
        listed(FakeSite({"/feed.xml": rss("https://other.example/a")}))
    assert 'include = ["//other.example/*"]' in caught.value.hint


def test_feed_without_entries_is_a_quiet_day() -> None:
    """An empty feed is no error, and earlier pages go on."""
    shelf = Shelf()
    assert listed(FakeSite({"/feed.xml": rss()}), shelf) == []


def test_feed_served_as_a_page_is_read() -> None:
    """Many servers call their feed text/html."""
    page = replace(rss("BASE/a"), content_type="text/html")
    assert listed(FakeSite({"/feed.xml": page})) == ["/a"]
