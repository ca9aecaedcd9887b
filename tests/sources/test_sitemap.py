"""Sitemaps: what a site lists, within bounds, and only about itself."""

from __future__ import annotations

import asyncio
import gzip

import msgspec
import pytest

from subak.errors import RecipeError, UnusableContent
from subak.sources.kinds import open_source
from subak.sources.raw_page import RawPage
from subak.sources.read_sitemap import read_sitemap
from subak.sources.sitemap import MAX_CHILDREN, MAX_PAGES
from subak.sources.sitemap_file import Entry, SitemapFile, SitemapQuery
from subak.sources.source import Target
from subak.sources.spec import SourceSpec
from subak.testing.site import FakePage, FakeSite
from tests.sources.fetching import list_targets, open_reach

XML = "application/xml"


def targets(site: FakeSite, at: str = "/sitemap.xml", **fields: object) -> list[Target]:
    """Return what a sitemap source lists; the site may be filled when it runs."""

    async def scenario() -> list[Target]:
        async with site, open_reach() as reach:
            _fill_in(site)
            spec = SourceSpec(
                name="map",
                kind="sitemap",
                url=site.url(at),
                allow_hosts=("127.0.0.0/8",),
                key_path="source[0]",
                **fields,  # type: ignore[arg-type]
            )
            return await list_targets(spec, reach)

    return asyncio.run(scenario())


def listed(site: FakeSite, at: str = "/sitemap.xml", **fields: object) -> list[str]:
    """Return the paths a sitemap source lists."""
    found = targets(site, at, **fields)
    return [target.url.removeprefix(site.base) for target in found]


def _fill_in(site: FakeSite) -> None:
    for path, page in site.pages.items():
        if isinstance(page, FakePage) and isinstance(page.body, str):
            body = page.body.replace("BASE", site.base)
            data = gzip.compress(body.encode()) if path.endswith(".gz") else body
            site.pages[path] = FakePage(data, content_type=page.content_type)


def urlset(*paths: str, base: str = "BASE") -> FakePage:
    """Return a sitemap; "path|date" gives a lastmod."""
    return FakePage(_file("urlset", "url", base, paths), content_type=XML)


def index(*paths: str) -> FakePage:
    """Return a sitemap index."""
    return FakePage(_file("sitemapindex", "sitemap", "BASE", paths), content_type=XML)


def _file(root: str, entry: str, base: str, paths: tuple[str, ...]) -> str:
    parts = [path.partition("|") for path in paths]
    entries = "".join(
        f"<{entry}><loc>{base}{path}</loc>"
        f"{f'<lastmod>{date}</lastmod>' if date else ''}</{entry}>"
        for path, _, date in parts
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    start = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{start}<{root} xmlns="{space}">{entries}</{root}>'


def test_sitemap_lists_newest_first_and_keeps_the_order_of_the_rest() -> None:
    """Dates decide across time zones; pages without one stay in file order."""
    site = FakeSite(
        {
            "/sitemap.xml": urlset(
                "/none-1",
                "/old|2025-12-31",
                "/new|2026-03-01T10:00:00+08:00",
                "/newest|2026-03-01T03:00:00Z",
                "/none-2",
                "/odd|yesterday",
                "/new|2026-01-01",
            )
        }
    )
    assert listed(site) == ["/newest", "/new", "/old", "/none-1", "/none-2", "/odd"]


def test_sitemap_selects_and_limits() -> None:
    """Globs and the limit of the recipe apply."""
    paths = [f"/countries/{n}.html" for n in range(5)]
    site = FakeSite({"/sitemap.xml": urlset("/", *paths, "/about")})
    found = listed(site, include=("/countries/*",), exclude=("*/0.html",), limit=3)
    assert found == paths[1:4]


def test_sitemap_index_is_followed_to_its_newest_children() -> None:
    """Index, index, file: two levels, the newest five of each, gzip or not."""
    children = [f"/s{n}.xml|2026-01-{n + 1:02}" for n in range(7)]
    pages = {f"/s{n}.xml": urlset(f"/page-{n}") for n in range(7)}
    pages["/s6.xml"] = index("/deep.xml.gz")
    site = FakeSite({"/sitemap.xml": index(*children), **pages})
    site.pages["/deep.xml.gz"] = FakePage(
        _file("urlset", "url", "BASE", ("/deep",)), content_type="application/x-gzip"
    )
    assert listed(site) == ["/deep", "/page-5", "/page-4", "/page-3", "/page-2"]
    assert len(site.paths) == 1 + MAX_CHILDREN + 1


def test_sitemap_index_of_itself_ends() -> None:
    """A loop of indexes is followed two levels and no further."""
    site = FakeSite({"/sitemap.xml": index("/sitemap.xml")})
    with pytest.raises(UnusableContent, match="lists 0 pages"):
        listed(site)
    assert len(site.paths) == 3


def test_sitemap_one_bad_child_of_several_is_left_out() -> None:
    """A child that is gone costs its own pages only."""
    pages = {"/sitemap.xml": index("/gone.xml", "/good.xml")}
    assert listed(FakeSite({**pages, "/good.xml": urlset("/a")})) == ["/a"]
    with pytest.raises(UnusableContent, match="gone"):
        listed(FakeSite({"/sitemap.xml": index("/gone.xml")}))


def test_sitemap_speaks_for_its_own_host_only() -> None:
    """Addresses of other hosts, ports and schemes are not taken over."""
    body = _file(
        "urlset",
        "url",
        "",
        (
            "BASE/own",
            "http://other.example/page",
            "http://127.0.0.1:1/page",
            "file:///etc/passwd",
            "javascript:alert(1)",
        ),
    )
    site = FakeSite({"/sitemap.xml": FakePage(body, content_type=XML)})
    assert listed(site) == ["/own"]


def test_sitemap_that_selects_nothing_says_so() -> None:
    """Globs that fit no page are an error with a hint, not an empty run."""
    site = FakeSite({"/sitemap.xml": urlset("/a", "/b")})
    with pytest.raises(UnusableContent, match="lists 2 pages") as caught:
        listed(site, include=("/nothing/*",))
    assert caught.value.where == "source[0]"


def test_sitemap_is_bounded() -> None:
    """At most 5,000 pages of a file are taken."""
    site = FakeSite({"/sitemap.xml": urlset(*(f"/{n}" for n in range(MAX_PAGES + 5)))})
    assert len(listed(site)) == MAX_PAGES


def test_sitemap_as_plain_text_is_read() -> None:
    """One address a line is a sitemap too."""
    page = FakePage("BASE/a\nBASE/b\n", content_type="text/plain")
    assert listed(FakeSite({"/sitemap.xml": page})) == ["/a", "/b"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<html><body>Not found</body></html>", "root is <html>"),
        (b"", "not XML"),
        (b"\x00\x01\x02", "not XML"),
        (b"\x1f\x8b damaged", "damaged gzip"),
        (
            b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><urlset>&b;</urlset>',
            "entities",
        ),
        (
            b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
            b"<urlset><url><loc>&f;</loc></url></urlset>",
            "entities",
        ),
        (gzip.compress(b"<urlset>" + b" " * 9_000_000), "inflates to more"),
    ],
)
def test_read_sitemap_refuses_what_is_none(body: bytes, message: str) -> None:
    """Pages, garbage, bombs and entity tricks are told apart."""
    raw = RawPage("http://site.example/sitemap.xml", body)
    with pytest.raises(UnusableContent, match=message) as caught:
        read_sitemap(msgspec.msgpack.encode((raw, SitemapQuery("", 10))))
    assert caught.value.where == raw.url
    assert caught.value.hint


def test_read_sitemap_reads_damaged_xml_as_far_as_it_goes() -> None:
    """A bare ampersand or a missing end does not lose the entries before it."""
    body = b"<urlset><url><loc>http://s.example/a?x=1&y=2</loc></url><url><loc>http"
    raw = RawPage("http://s.example/sitemap.xml", body)
    read = read_sitemap(msgspec.msgpack.encode((raw, SitemapQuery("", 10))))
    entries = msgspec.msgpack.decode(read, type=SitemapFile).entries
    assert entries[0].location.startswith("http://s.example/a?x=1")
    assert entries[0] == Entry(entries[0].location, 0.0)


def test_open_source_unknown_kind_is_told_with_a_guess() -> None:
    """A misspelled kind names its key and the likely one."""

    async def scenario() -> None:
        async with open_reach() as reach:
            open_source(SourceSpec("x", "sitmap", key_path="source[2]"), reach)

    with pytest.raises(RecipeError) as caught:
        asyncio.run(scenario())
    (problem,) = caught.value.problems
    assert problem.path == "source[2].kind"
    assert "'sitemap'" in problem.hint


@pytest.mark.parametrize("at", ["", "/"])
def test_sitemap_of_a_site_is_where_robots_say(at: str) -> None:
    """An address without a path is a site: it names its sitemaps, or has the usual."""
    pages = {"/a.xml": urlset("/a"), "/b.xml": urlset("/b", "/a")}
    robots = "Sitemap: /a.xml\nSitemap: /b.xml\n"
    assert listed(FakeSite(pages, robots=robots), at) == ["/a", "/b"]
    assert listed(FakeSite({"/sitemap.xml": urlset("/c")}), at) == ["/c"]


def test_sitemap_on_another_host_speaks_for_the_site() -> None:
    """Robots.txt may name a file elsewhere, which lists the site's own pages only."""
    raw = RawPage(
        "https://files.example/s.xml",
        b"<urlset><url><loc>https://site.example/a</loc></url>"
        b"<url><loc>https://files.example/b</loc></url></urlset>",
    )
    query = SitemapQuery("https://site.example/", 10)
    read = read_sitemap(msgspec.msgpack.encode((raw, query)))
    found = msgspec.msgpack.decode(read, type=SitemapFile)
    assert [entry.location for entry in found.entries] == ["https://site.example/a"]


def test_sitemap_dates_are_hints_unless_they_are_a_clock() -> None:
    """Different dates say when a page changed; one for all says nothing."""
    dated = urlset("/a|2026-01-05", "/b|2026-01-06T07:08:09Z", "/c")
    found = targets(FakeSite({"/sitemap.xml": dated}))
    assert [target.hint for target in found] == [
        "2026-01-06T07:08:09Z",
        "2026-01-05",
        "",
    ]
    clock = urlset(*(f"/{n}|2026-01-06T07:08:0{n}Z" for n in range(4)))
    found = targets(FakeSite({"/sitemap.xml": clock}))
    assert [target.hint for target in found] == ["", "", "", ""]


def test_sitemap_leaves_out_what_robots_forbid() -> None:
    """A site may list what it forbids; it is not fetched, and no failure."""
    site = FakeSite(
        {"/sitemap.xml": urlset("/private/a", "/b")},
        robots="User-agent: *\nDisallow: /private/\n",
    )
    assert listed(site) == ["/b"]
