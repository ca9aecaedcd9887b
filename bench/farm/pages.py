"""Pages: what each site of the farm has to send, rendered once and kept."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence

from bench.farm.article import Article
from bench.farm.article_page import article_html
from bench.farm.front_page import front_html, script_only_html
from bench.farm.mix import ARTICLES
from bench.farm.pdf import to_pdf
from bench.farm.press import Press, is_hostile
from bench.farm.site import Site
from bench.farm.site_files import feed_xml, sitemap_index_xml, sitemap_xml
from bench.farm.stored import HTML, XML, Stored, changed_on, store


class Pages:
    """Render each page once; the server must not be what is measured."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._articles: dict[tuple[int, int], Mapping[str, Article]] = {}
        self._kept: dict[tuple[int, str, int], Stored] = {}

    def find(self, site: Site, path: str, day: int) -> Stored | None:
        """Return a page, None where a site has none of that path."""
        article = self._by_path(site, day).get(path)
        # An article that did not change is rendered once for both days.
        version = article.version if article else 10 + day
        key = (site.number, path, version)
        if key not in self._kept:
            made = self._make(site, path, day, article)
            if made is None:
                return None
            self._kept[key] = made
        return self._kept[key]

    def was_there(self, site: Site, path: str) -> bool:
        """Tell whether day 1 had an article there."""
        return path in self._by_path(site, 1)

    def render_all(self, sites: Sequence[Site]) -> None:
        """Render what will be asked for."""
        for site in sites:
            for day in (1, 2):
                for path in (site.front, *self._by_path(site, day)):
                    self.find(site, path, day)

    def _by_path(self, site: Site, day: int) -> Mapping[str, Article]:
        key = (site.number, day)
        if key not in self._articles:
            articles = self._press.articles(site, day)
            self._articles[key] = {article.path: article for article in articles}
        return self._articles[key]

    def _make(
        self, site: Site, path: str, day: int, article: Article | None
    ) -> Stored | None:
        articles = list(self._by_path(site, day).values())
        if article is not None:
            return self._article(site, article, articles)
        if path == site.front:
            shown = front_html(site, articles, day)
            if site.kind == "script_only":
                shown = script_only_html(site, path)
            return store(site, _type(site), _encode(site, shown), day)
        make = _FILES.get(path)
        found = make(site, articles, day) if make else None
        if found is None:
            return None
        kind = "application/gzip" if path.endswith(".gz") else XML
        return store(site, kind, found, day)

    def _article(
        self, site: Site, article: Article, articles: Sequence[Article]
    ) -> Stored:
        day = article.version if article.number < ARTICLES else 2
        if article.is_pdf:
            body = to_pdf(article.title, article.paragraphs)
            return store(site, "application/pdf", body, day)
        shown = article_html(site, article, articles)
        if site.kind == "script_only":
            shown = script_only_html(site, article.path)
        is_trap = is_hostile(site, article.number)
        return store(site, _type(site), _encode(site, shown), day, is_trap=is_trap)


def _type(site: Site) -> str:
    told = {"header": site.charset, "conflict": "ISO-8859-1"}.get(site.declared)
    return f"{HTML}; charset={told}" if told else HTML


def _encode(site: Site, text: str) -> bytes:
    return text.encode(site.charset, "xmlcharrefreplace")


def _sitemap(site: Site, articles: Sequence[Article], day: int) -> bytes | None:
    if site.sitemap in {"none", "index"}:
        return None
    return sitemap_xml(site, articles, changed_on(day))


def _sitemap_index(site: Site, _articles: object, _day: int) -> bytes | None:
    return sitemap_index_xml(site) if site.sitemap == "index" else None


def _packed_sitemap(site: Site, articles: Sequence[Article], day: int) -> bytes | None:
    if site.sitemap != "index":
        return None
    return gzip.compress(sitemap_xml(site, articles, changed_on(day)), mtime=0)


def _rss(site: Site, articles: Sequence[Article], _day: int) -> bytes | None:
    return feed_xml(site, articles) if site.feed == "rss" else None


def _atom(site: Site, articles: Sequence[Article], _day: int) -> bytes | None:
    return feed_xml(site, articles) if site.feed == "atom" else None


_FILES: Mapping[str, Callable[[Site, Sequence[Article], int], bytes | None]] = {
    "/sitemap.xml": _sitemap,
    "/sitemap_index.xml": _sitemap_index,
    "/sitemap-1.xml.gz": _packed_sitemap,
    "/feed.xml": _rss,
    "/atom.xml": _atom,
}
