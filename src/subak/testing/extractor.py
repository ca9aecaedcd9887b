"""FakeExtractor: a web content extractor on a loopback address."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import web

from subak.testing.site import FakePage, FakeSite


class FakeExtractor(FakeSite):
    """Answer ``POST /extract``, ``GET /txt-files`` and ``GET /files/NAME``.

    Args:
        texts: Page address -> what is extracted from it; others are failures.
        files: Name -> text of the files it keeps.
    """

    def __init__(
        self,
        texts: Mapping[str, str] | None = None,
        files: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(robots="User-agent: *\nDisallow: /\n")
        self.texts = dict(texts or {})
        self.asked: list[str] = []
        self.pages["/extract"] = self._extract
        listed = json.dumps({"files": [{"name": name} for name in files or {}]})
        self.pages["/txt-files"] = FakePage(listed, content_type="application/json")
        for name, text in (files or {}).items():
            page = FakePage(text, content_type="application/octet-stream")
            self.pages[f"/files/{name}"] = page

    async def _extract(self, request: web.Request) -> web.StreamResponse:
        if request.method != "POST":
            return web.json_response({"success": False}, status=405)
        page = (await request.json())["url"]
        self.asked.append(page)
        text = self.texts.get(page)
        if text is None:
            return web.json_response({"success": False, "error": "HTTP 404 there"})
        return web.json_response({"success": True, "content": text})
