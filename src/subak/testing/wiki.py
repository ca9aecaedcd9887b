"""FakeWiki: articles as MediaWiki's REST API gives them, on a loopback address."""

from __future__ import annotations

import json
from dataclasses import dataclass

from aiohttp import web

from subak.testing.site import Answer, FakePage, FakeSite

API = "/w/rest.php"


@dataclass(frozen=True, slots=True)
class FakeArticle:
    """One article.

    Args:
        html: What stands between ``<body>`` and ``</body>`` of Parsoid's HTML.
        key: The title as it stands in addresses; "" makes it of the title.
    """

    title: str
    html: str
    revision: int = 1
    key: str = ""
    language: str = "en"

    @property
    def path(self) -> str:
        """Return where the API answers it."""
        return f"{API}/v1/page/{self.key or self.title.replace(' ', '_')}/with_html"

    def to_json(self, host: str) -> str:
        """Return the API's answer; the article's own address is on that host."""
        key = self.key or self.title.replace(" ", "_")
        html = (
            '<!DOCTYPE html><html prefix="dc: http://purl.org/dc/terms/"><head>'
            f'<link rel="dc:isVersionOf" href="//{host}/wiki/{key}"/>'
            f'<base href="//{host}/wiki/"/><title>{self.title}</title></head>'
            f'<body lang="{self.language}">{self.html}</body></html>'
        )
        answer = {
            "id": 100 + self.revision,
            "key": key,
            "title": self.title,
            "latest": {"id": self.revision, "timestamp": "2026-02-03T04:05:06Z"},
            "content_model": "wikitext",
            "license": {
                "url": "https://creativecommons.org/licenses/by-sa/4.0/",
                "title": "Creative Commons Attribution-Share Alike 4.0",
            },
            "html": html,
        }
        return json.dumps(answer)


class FakeWiki(FakeSite):
    """Serve articles by title; other titles answer 404 as the API does.

    Its robots.txt forbids the interface to crawlers, as Wikipedia's does.
    """

    def __init__(self, *articles: FakeArticle, address: str = "127.0.0.1") -> None:
        super().__init__(address=address, robots="User-agent: *\nDisallow: /w/\n")
        for article in articles:
            self.put(article)

    @property
    def api(self) -> str:
        """Return the address of the interface."""
        return self.url(API)

    def put(self, article: FakeArticle) -> None:
        """Add an article, or a new state of one."""
        self.pages[article.path] = self._answer(article)

    def redirect(self, title: str, to: str) -> None:
        """Let a title lead to another one."""
        location = FakeArticle(to, "").path
        answer = FakePage(status=307, headers={"Location": location})
        self.pages[FakeArticle(title, "").path] = answer

    def _answer(self, article: FakeArticle) -> Answer:
        async def answer(request: web.Request) -> web.StreamResponse:
            tag = f'W/"{article.revision}/fake"'
            if request.headers.get("If-None-Match") == tag:
                return web.Response(status=304, headers={"ETag": tag})
            return web.Response(
                text=article.to_json(request.host),
                content_type="application/json",
                headers={"ETag": tag},
            )

        return answer
