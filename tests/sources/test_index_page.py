"""Index pages: what a site's front page lists, with what the site says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from subak.errors import ConnectionLost, SubakError, UnusableContent
from subak.sources.held import MAX_BYTES, Held
from subak.sources.index_page import MAX_ALIKE, MAX_INDEX_PAGES
from subak.sources.request import Reply, Request
from subak.sources.source import Target
from subak.sources.spec import SourceSpec
from subak.sources.ways import Ways
from subak.testing.hazards import cut
from subak.testing.site import FakePage, FakeSite
from tests.sources.fetching import list_targets, open_reach
from tests.sources.listing_shelf import Shelf

XML = "application/xml"
ROBOTS = "User-agent: *\nDisallow: /private/\nSitemap: /sitemap.xml\n"
OLD, NEW = "2026-01-05", "2026-03-01T10:00:00Z"


def front(*paths: str, head: str = "", more: str = "") -> FakePage:
    """Return a front page with a headline for each path."""
    cards = "".join(
        f'<h2><a href="{path}">A headline of some length</a></h2>' for path in paths
    )
    return FakePage(f"<head>{head}</head><main>{cards}</main>{more}")


def sitemap(*entries: str) -> FakePage:
    """Return a sitemap of "path|date" entries."""
    urls = "".join(
        f"<url><loc>{path}</loc><lastmod>{date}</lastmod></url>"
        for path, _, date in (entry.partition("|") for entry in entries)
    )
    return FakePage(f"<urlset>{urls}</urlset>", content_type=XML)


def atom(*entries: str) -> FakePage:
    """Return a feed of "path|date" entries."""
    items = "".join(
        f'<entry><link href="{path}"/><published>{date}</published>'
        f"<updated>{date}</updated></entry>"
        for path, _, date in (entry.partition("|") for entry in entries)
    )
    return FakePage(f"<feed>{items}</feed>", content_type="application/atom+xml")


def listed_runs(
    site: FakeSite,
    runs: Sequence[Callable[[], object]] = (lambda: None,),
    shelf: Shelf | None = None,
    **fields: object,
) -> list[list[Target]]:
    """Return what one source lists in several runs.

    Args:
        runs: Each changes the site before its run.
    """
    kept = shelf or Shelf()

    async def scenario() -> list[list[Target]]:
        found = []
        async with site:
            for change in runs:
                change()
                site.requests.clear()
                spec = SourceSpec(
                    "news",
                    "index",
                    url=site.url("/"),
                    allow_hosts=("127.0.0.0/8",),
                    key_path="source[0]",
                    **fields,  # type: ignore[arg-type]
                )
                async with open_reach() as reach:
                    remembering = replace(reach, memory=kept, known=kept)
                    found.append(await list_targets(spec, remembering))
        return found

    return asyncio.run(scenario())


def listed(site: FakeSite, **fields: object) -> list[Target]:
    """Return what one source lists."""
    return listed_runs(site, **fields)[0]  # type: ignore[arg-type]


def paths(targets: Sequence[Target]) -> list[str]:
    """Return the paths of targets."""
    return ["/" + target.url.split("/", 3)[3] for target in targets]


A, B, C = "/news/rule-number-1", "/news/rule-number-2", "/news/rule-number-3"


def test_index_lists_the_newest_first_with_their_hints() -> None:
    """The sitemap that robots.txt names gives the order and what to go by."""
    site = FakeSite(
        {"/": front(A, B, C), "/sitemap.xml": sitemap(f"{A}|{OLD}", f"{B}|{NEW}")},
        robots=ROBOTS,
    )
    found = listed(site, category="tax", tier=1)
    assert paths(found) == [B, A, C]
    assert [target.hint for target in found] == [NEW, OLD, ""]
    assert {(target.category, target.tier, target.source) for target in found} == {
        ("tax", 1, "source[0]")
    }


def test_index_takes_the_newest_up_to_the_limit() -> None:
    """The front page itself does not count."""
    site = FakeSite(
        {"/": front(A, B, C), "/sitemap.xml": sitemap(f"{C}|{NEW}")}, robots=ROBOTS
    )
    assert paths(listed(site, limit=2, with_front=True)) == ["/", C, A]


def test_index_reads_the_feed_for_what_the_sitemap_leaves_out() -> None:
    """A feed gives the date of publication as well; both cost a request each."""
    link = '<link rel="alternate" type="application/atom+xml" href="/atom.xml">'
    site = FakeSite(
        {
            "/": front(A, B, head=link),
            "/sitemap.xml": sitemap(f"{A}|{OLD}"),
            "/atom.xml": atom(f"{B}|{NEW}"),
        },
        robots=ROBOTS,
    )
    found = listed(site)
    assert [(t.hint, t.published) for t in found] == [(NEW, NEW[:10]), (OLD, "")]
    assert site.paths == ["/", "/sitemap.xml", "/atom.xml"]


def test_index_asks_for_no_feed_where_the_sitemap_knows_all() -> None:
    """One request less, each day, at each such site."""
    link = '<link rel="alternate" type="application/atom+xml" href="/atom.xml">'
    site = FakeSite(
        {"/": front(A, head=link), "/sitemap.xml": sitemap(f"{A}|{OLD}")},
        robots=ROBOTS,
    )
    listed(site)
    assert site.paths == ["/", "/sitemap.xml"]


def test_index_asks_for_the_usual_sitemap_only_when_told() -> None:
    """Where nothing names it, ``hints`` does."""
    pages = {"/": front(A), "/sitemap.xml": sitemap(f"{A}|{OLD}")}
    site = FakeSite(pages)
    assert [target.hint for target in listed(site)] == [""]
    assert site.paths == ["/"]
    assert [target.hint for target in listed(FakeSite(pages), hints=True)] == [OLD]


@pytest.mark.parametrize("date", [NEW, OLD, "2999-01-01"])
def test_index_takes_no_hint_from_a_clock(date: str) -> None:
    """One time for all pages, or one to come, says nothing of a page."""
    entries = [f"{path}|{date}" for path in (A, B, C)]
    site = FakeSite(
        {"/": front(A, B, C), "/sitemap.xml": sitemap(*entries)}, robots=ROBOTS
    )
    found = listed(site)
    assert [target.hint for target in found] == ["", "", ""]
    assert paths(found) == [A, B, C]


@pytest.mark.parametrize(
    "broken",
    [
        FakePage("gone", status=404),
        FakePage("<html>no sitemap</html>"),
        FakePage("down", status=500),
        cut,
    ],
)
def test_index_survives_hints_that_fail(broken: FakePage) -> None:
    """A broken sitemap or feed costs the hints, never the listing."""
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    site = FakeSite(
        {"/": front(A, B, head=link), "/sitemap.xml": broken, "/feed.xml": broken},
        robots=ROBOTS,
    )
    assert paths(listed(site)) == [A, B]


def test_index_leaves_out_what_robots_forbid() -> None:
    """A page that could only be refused is not listed, so it is no failure."""
    site = FakeSite(
        {"/": front("/private/visa-rules-1", A, B, C)},
        robots="User-agent: *\nDisallow: /private/\n",
    )
    assert paths(listed(site)) == [A, B, C]


def test_index_goes_on_with_pages_that_left_the_list() -> None:
    """They come last and are limited, so that one that is removed is noticed."""
    shelf = Shelf()
    site = FakeSite({"/": front(A, B)})

    def earlier() -> None:
        shelf.pages = [
            *(site.url(f"/old/rule-number-{n}") for n in range(9)),
            site.url(A),
            "https://elsewhere.example/old",
        ]

    (found,) = listed_runs(site, [earlier], shelf, limit=3)
    assert paths(found) == [A, B, *(f"/old/rule-number-{n}" for n in (8, 7, 6, 5))]


def test_index_follows_sections_as_deep_as_told() -> None:
    """Articles of sections come after those of the front; one bad section is left."""
    menu = '<nav><a href="/tax">Tax</a><a href="/visa">Visa</a><a href="/x">X</a></nav>'
    site = FakeSite(
        {
            "/": front(A, B, C, more=menu),
            "/tax": front("/tax/vat-rises-in-may", A, B, more='<a href="/law">L</a>'),
            "/law": front("/law/a-law-in-force", "/law/b-law-in-force", A),
            "/x": FakePage("broken", status=500),
        }
    )
    assert paths(listed(site)) == [A, B, C]
    assert "/tax/vat-rises-in-may" in paths(listed(site, depth=2))
    deep = paths(listed(site, depth=3))
    assert deep[:3] == [A, B, C]
    assert {"/tax/vat-rises-in-may", "/law/a-law-in-force"} <= set(deep)


@pytest.mark.parametrize("trap", ["/list/{}", "/list?day={}", "/l/calendar-2026-{}"])
def test_index_ends_in_a_trap(trap: str) -> None:
    """Sections that go on for ever are read a dozen times at most."""
    site = FakeSite({"/": front(A, B, C, more=f'<a href="{trap.format(1)}">on</a>')})
    for n in range(1, 60):
        links = "".join(f'<a href="{trap.format(n + k)}">on</a>' for k in (1, 2, 3))
        site.pages[trap.format(n)] = FakePage(links)
    found = listed(site, depth=3, limit=300)
    assert len(site.paths) <= MAX_INDEX_PAGES
    assert len(found) <= 3 + 3 * MAX_INDEX_PAGES
    assert sum("?" in target.url for target in found) <= MAX_ALIKE + 1


def test_index_reads_nothing_twice_that_has_not_changed() -> None:
    """Hints are asked for with validators; the front page is never believed."""
    site = FakeSite(
        {"/": front(A, B), "/sitemap.xml": sitemap(f"{A}|{OLD}")}, robots=ROBOTS
    )

    def publish() -> None:
        site.pages["/"] = front(A, B, C)

    first, second, third = listed_runs(site, [lambda: None, lambda: None, publish])
    assert first == second
    assert paths(third) == [A, B, C]
    asked = {request.path: request.headers for request in site.requests}
    assert "If-None-Match" in asked["/sitemap.xml"]
    assert "If-None-Match" not in asked["/"]


@pytest.mark.parametrize(("with_front", "requests"), [(True, 1), (False, 2)])
def test_index_that_is_a_document_is_asked_for_once(
    with_front: bool, requests: int
) -> None:
    """The fetch after the listing is handed what the listing has read."""
    site = FakeSite({"/": front(A, B)})

    async def scenario() -> None:
        async with site, open_reach() as reach:
            ways = Ways({"web": reach.polite})
            spec = SourceSpec(
                "news",
                "index",
                url=site.url("/"),
                allow_hosts=("127.0.0.1",),
                with_front=with_front,
            )
            await list_targets(spec, replace(reach, ways=ways))
            request = Request(spec.url, allow_hosts=spec.allow_hosts)
            for _ in range(2):
                reply = await ways.fetch(spec.to_target(spec.url), request)
                assert reply.body.startswith(b"<head>")

    asyncio.run(scenario())
    assert len(site.paths) == requests + 1


def test_held_replies_are_bounded() -> None:
    """The oldest go first, and a reply is handed out once."""
    held = Held()
    for n in range(5):
        held.hold(str(n), Reply(str(n), 200, b"x" * (MAX_BYTES // 4)))
    assert [held.take(str(n)) is not None for n in range(5)] == [False, *[True] * 4]
    assert held.take("4") is None


def test_index_believes_no_validator_of_a_site_that_lied() -> None:
    """An ETag that stays while the bytes change is worth nothing, for the sitemap."""
    site = FakeSite({}, robots=ROBOTS)

    def publish(*entries: str) -> Callable[[], None]:
        def change() -> None:
            listing = [entry.partition("|")[0] for entry in entries]
            site.pages["/"] = replace(front(*listing), etag='"always"')
            site.pages["/sitemap.xml"] = replace(sitemap(*entries), etag='"always"')

        return change

    runs = [publish(f"{A}|{OLD}"), publish(f"{A}|{NEW}", f"{B}|{OLD}")]
    _, second = listed_runs(site, runs)
    assert [target.hint for target in second] == [NEW, OLD]


def test_index_memory_of_another_version_is_read_anew() -> None:
    """What cannot be understood costs a request, nothing else."""
    shelf = Shelf()
    site = FakeSite({"/": front(A, B)})

    def damage() -> None:
        shelf.kept = {key: (when, b"\xc1") for key, (when, _) in shelf.kept.items()}

    first, second = listed_runs(site, [lambda: None, damage], shelf)
    assert first == second


@pytest.mark.parametrize(
    ("page", "fields", "message", "hint"),
    [
        (FakePage("<div id=root></div>"), {}, "no links", "render = true"),
        (front(A, B), {"include": ("/tax/*",)}, "takes none", "correct include"),
        (front(A, B), {"selector": ".list"}, "finds no links", "selector"),
        (FakePage("x", content_type="image/png"), {}, "image/png", ""),
        (FakePage("x", status=404), {}, "gone", ""),
    ],
)
def test_index_that_lists_nothing_says_so(
    page: FakePage, fields: dict[str, object], message: str, hint: str
) -> None:
    """An empty listing is an error with a way out, not an empty run."""
    with pytest.raises(UnusableContent, match=message) as caught:
        listed(FakeSite({"/": page}), **fields)
    assert hint in caught.value.hint


def test_index_that_cannot_be_reached_now_is_retryable() -> None:
    """The listing of the last run goes on meanwhile."""
    with pytest.raises(ConnectionLost):
        listed(FakeSite({"/": cut}))


def test_index_without_address_is_a_recipe_error() -> None:
    """No address is the recipe's mistake."""

    async def scenario() -> None:
        async with open_reach() as reach:
            await list_targets(SourceSpec("x", "index"), reach)

    with pytest.raises(SubakError, match="problem"):
        asyncio.run(scenario())
