"""Site files: robots.txt, sitemaps and feeds, honest and otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bench.farm.article import Article
from bench.farm.site import Site

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_PRIVATE = "Disallow: /private/\nDisallow: /login\n"
ROBOTS_HTML = "<html><body>Dear visitor, there is no such page.</body></html>"


def robots_text(site: Site) -> str:
    """Return robots.txt of a site that has one and can send it."""
    maps = {
        "none": "",
        "index": f"Sitemap: {site.base}/sitemap_index.xml\n",
    }.get(site.sitemap, f"Sitemap: {site.base}/sitemap.xml\n")
    match site.kind:
        case "robots_all":
            return "User-agent: *\nDisallow: /\n"
        case "robots_html":
            return ROBOTS_HTML
        case "robots_delay":
            return f"User-agent: *\nCrawl-delay: 1\n{_PRIVATE}{maps}"
        case "robots_groups":
            return (
                "\ufeffUser-agent: *\nDisallow: /news/secret\nDisallow: /private/\n"
                "Disallow: /*?sid=\nAllow: /\n\nUser-agent: RudeBot\nDisallow: /\n"
                + maps
            )
        case _:
            return f"# welcome\nUser-agent: *\n{_PRIVATE}{maps}"


def is_disallowed(site: Site, path: str) -> bool:
    """Tell whether a polite visitor may not ask for a path."""
    if path in {"/robots.txt", "/rules/robots.txt"}:
        return False
    if site.kind in {"robots_all", "robots_fails"}:
        return True
    if not site.has_robots or site.kind == "robots_html":
        return False
    if site.kind == "robots_groups":
        return path.startswith(("/news/secret", "/private/"))
    return path.startswith(("/private/", "/login"))


def sitemap_xml(site: Site, articles: Sequence[Article], asked: str) -> bytes:
    """Return the sitemap; ``asked`` is the time a "clock" puts on every page."""
    urls = "".join(
        f"<url><loc>{site.base}{escape(article.path)}</loc>"
        f"{_changed(site, article, asked)}</url>"
        for article in articles
    )
    return f"{_XML}<urlset {_SITEMAP_NAMESPACE}>{urls}</urlset>".encode()


def sitemap_index_xml(site: Site) -> bytes:
    """Return an index of one compressed sitemap."""
    entry = f"<sitemap><loc>{site.base}/sitemap-1.xml.gz</loc></sitemap>"
    index = f"<sitemapindex {_SITEMAP_NAMESPACE}>{entry}</sitemapindex>"
    return f"{_XML}{index}".encode()


def feed_xml(site: Site, articles: Sequence[Article]) -> bytes:
    """Return the site's feed, newest first."""
    newest = sorted(articles, key=lambda article: article.date, reverse=True)
    entries = "".join(
        _rss_item(site, article) if site.feed == "rss" else _atom_entry(site, article)
        for article in newest
    )
    if site.feed == "rss":
        channel = f"<title>{site.name}</title><link>{site.base}</link>{entries}"
        return f'{_XML}<rss version="2.0"><channel>{channel}</channel></rss>'.encode()
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom"><title>{site.name}</title>'
        f"{entries}</feed>"
    ).encode()


def _changed(site: Site, article: Article, asked: str) -> str:
    shown = {"honest": article.date, "index": article.date, "clock": asked}
    found = shown.get(site.sitemap)
    return f"<lastmod>{found}</lastmod>" if found else ""


def _rss_item(site: Site, article: Article) -> str:
    url = f"{site.base}{escape(article.path)}"
    return (
        f"<item><title>{escape(article.title)}</title><link>{url}</link>"
        f"<guid>{url}</guid><pubDate>{article.date}</pubDate>"
        f"<description>{escape(article.paragraphs[0][:200])}</description></item>"
    )


def _atom_entry(site: Site, article: Article) -> str:
    url = f"{site.base}{escape(article.path)}"
    return (
        f'<entry><title>{escape(article.title)}</title><link href="{url}"/>'
        f"<id>{url}</id><updated>{article.date}T06:00:00Z</updated></entry>"
    )
