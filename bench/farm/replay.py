"""ReplayPages: very many pages out of a few, to see what a long run costs."""

from __future__ import annotations

from collections.abc import Sequence

from bench.farm.article_page import article_html
from bench.farm.markers import article_marker
from bench.farm.press import Press
from bench.farm.site import Site
from bench.farm.stored import HTML, Stored, store

_STOCK = 20


class ReplayPages:
    """Very many pages out of a few rendered ones, each with a marker of its own."""

    def __init__(self, sites: Sequence[Site], pages: int) -> None:
        self._pages = pages
        press = Press(sites[:_STOCK])
        self._stock = [
            (article, article_html(site, article, press.articles(site, 1)))
            for site in sites[:_STOCK]
            for article in press.articles(site, 1)
        ]

    def find(self, site: Site, path: str, day: int) -> Stored | None:
        """Return a page, None where a site has none of that path."""
        if path == "/":
            links = "".join(
                f'<p><a href="/news/story-{number:04d}">Story {number} of the day, '
                "with all that was said</a></p>"
                for number in range(self._pages)
            )
            front = f"<html><title>{site.name}</title><main>{links}</main></html>"
            return store(site, HTML, front.encode(), day)
        _, found, told = path.partition("/news/story-")
        if not found or not told.isdigit() or int(told) >= self._pages:
            return None
        number = int(told)
        article, shown = self._stock[(site.number * 7 + number) % len(self._stock)]
        marker = article_marker(site, number, 1, is_pdf=False)
        body = shown.replace(article.marker, marker).encode()
        return store(site, f"{HTML}; charset=utf-8", body, day)

    def was_there(self, site: Site, path: str) -> bool:  # noqa: ARG002
        """Tell whether day 1 had an article there."""
        return False
