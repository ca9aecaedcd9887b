"""WebsiteWriter: results as a small static site, readable from a file or a server.

No script, no foreign asset, relative links only; a Content-Security-Policy in every
page forbids the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.knowledge.results import Results
from subak.outputs.pages import Pages
from subak.outputs.paths import Paths
from subak.outputs.rss import RssWriter
from subak.outputs.site import Site
from subak.outputs.snapshot import render_snapshot
from subak.outputs.story import tell
from subak.outputs.world_map import iter_maps


@dataclass(frozen=True, slots=True)
class WebsiteWriter:
    """Writes ``site/``; the feed belongs to it when the site has an address."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write all pages and return their paths, the first page first."""
        paths = []
        for name, content in _files(results):
            path = folder / "site" / name
            write_atomically(path, content.encode("utf-8", "replace"))
            paths.append(path)
        if results.base_url:
            paths += RssWriter().write(results, folder)
        return paths


def _files(results: Results) -> Iterator[tuple[str, str]]:
    site = Site(results)
    pages = Pages(site)
    stories = [tell(article, site) for article in results.articles]
    yield "index.html", pages.render("index.html", stories=stories)
    yield "sources.html", pages.render("sources.html")
    yield "refused.html", pages.render("refused.html")
    for story in stories:
        path = Paths.article(story.article.slug)
        yield path, pages.render("article.html", root="../", story=story)
    for category in site.categories:
        found = [story for story in stories if story.article.category == category]
        maps = tuple(iter_maps(site, category))
        values = {"category": category, "stories": found, "maps": maps}
        page = pages.render("category.html", root="../", **values)
        yield Paths.category(category), page
        for world in maps:
            yield world.path, pages.render("map.html", root="../", world=world)
    for entity in site.entities:
        page = pages.render("entity.html", root="../", entity=entity)
        yield Paths.entity(entity), page
    for document in results.documents:
        text = render_snapshot(document.text, site.spans_of(document.id))
        page = pages.render("document.html", root="../", document=document, text=text)
        yield Paths.document(document.id), page
    style = files("subak.outputs") / "templates" / "style.css"
    yield "style.css", style.read_text(encoding="utf-8")
