"""RssWriter: articles as an RSS 2.0 feed."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import islice
from pathlib import Path
from urllib.parse import quote, urljoin
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from subak.engine.atomic import write_atomically
from subak.knowledge.articles.article import Article
from subak.knowledge.results import Results
from subak.outputs.legible import legible, legible_line
from subak.outputs.links import web_link
from subak.outputs.paths import Paths
from subak.outputs.times import feed_time

_SENTENCES = 3
_ATOM = "http://www.w3.org/2005/Atom"
# Feed readers disagree whether a title is HTML; these look alike and are no markup.
_NO_MARKUP = str.maketrans("<>", "‹›")


@dataclass(frozen=True, slots=True)
class RssWriter:
    """Writes ``site/feed.xml``.

    Links are absolute when the results have a ``base_url``; without one they are
    relative to the feed, which readers on the same machine follow.
    """

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the file and return its path."""
        root = Element("rss", {"version": "2.0"})
        channel = SubElement(root, "channel")
        _add(channel, "title", _plain(results.title))
        _add(channel, "link", _absolute(results.base_url, "index.html"))
        _add_address(root, channel, results.base_url)
        _add(channel, "description", f"Cited articles: {_plain(results.title)}")
        _add(channel, "language", results.language or "en")
        _add(channel, "lastBuildDate", feed_time(results.generated_at))
        for article in sorted(results.articles, key=_newest_first):
            _add_article(channel, article, results)
        indent(root)
        text = tostring(root, encoding="utf-8", xml_declaration=True)
        path = folder / "site" / "feed.xml"
        write_atomically(path, text + b"\n")
        return [path]


def _newest_first(article: Article) -> tuple[float, str]:
    return (-article.generated_at, article.slug)


def _add_article(channel: Element, article: Article, results: Results) -> None:
    item = SubElement(channel, "item")
    _add(item, "title", _plain(article.title))
    link = _absolute(results.base_url, Paths.article(article.slug))
    _add(item, "link", link)
    _add(item, "description", _summary(article))
    _add(item, "category", _plain(article.category))
    _add(item, "guid", _guid(results.name, article.slug), isPermaLink="false")
    _add(item, "pubDate", feed_time(article.generated_at))


def _add_address(root: Element, channel: Element, base_url: str) -> None:
    """Say where the feed itself is, where that is known: readers subscribe to it."""
    if not web_link(base_url):
        return
    root.set("xmlns:atom", _ATOM)
    href = _absolute(base_url, "feed.xml")
    kind = "application/rss+xml"
    SubElement(channel, "atom:link", href=href, rel="self", type=kind)


def _guid(*names: str) -> str:
    quoted = (quote(name, safe="", errors="replace") for name in names)
    return ":".join(["urn:subak", *quoted])


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = legible(text)


def _plain(text: str) -> str:
    return legible_line(text).translate(_NO_MARKUP)


def _summary(article: Article) -> str:
    # A description is HTML inside XML: escaped here once, by the XML writer again.
    sentences = (one.shown for part in article.sections for one in part.sentences)
    text = " ".join(islice(sentences, _SENTENCES))
    return escape(legible_line(text), quote=False)


def _absolute(base_url: str, path: str) -> str:
    base = web_link(base_url)
    return urljoin(base if base.endswith("/") else f"{base}/", path) if base else path
