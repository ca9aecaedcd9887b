"""Scrapy at the farm: broad-crawl settings, robots on, two at once a site.

It reads front pages and what their main part links to, as subak does, and keeps the
markers it finds in the decoded text.
"""

from __future__ import annotations

import argparse
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response, TextResponse
from scrapy.linkextractors import LinkExtractor

_MARKER = re.compile(r"\[\[s\d{4}:[^\]\[]*\]\]")
_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)
_PAGES_A_SITE = 25
_SETTINGS = {
    "USER_AGENT": "newsreader/1.0 (+https://example.org/farm)",
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": 200,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
    "DOWNLOAD_DELAY": 0,
    "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",
    "DOWNLOAD_TIMEOUT": 15,
    "DOWNLOAD_MAXSIZE": 8_000_000,
    "DOWNLOAD_WARNSIZE": 0,
    "RETRY_TIMES": 1,
    "REDIRECT_MAX_TIMES": 5,
    "COOKIES_ENABLED": True,
    "REACTOR_THREADPOOL_MAXSIZE": 20,
    "LOG_LEVEL": "CRITICAL",
    "TELNETCONSOLE_ENABLED": False,
}


class FarmSpider(scrapy.Spider):  # type: ignore[misc]
    """Front pages, and what they link to."""

    name = "farm"

    def __init__(self, urls: list[str], out: Path) -> None:
        super().__init__()
        self._urls = urls
        self._out = out.open("w", encoding="utf-8")
        self._pages: Counter[str] = Counter()
        self._links = LinkExtractor(restrict_css=["main"], deny_extensions=["jpg"])

    async def start(self):  # type: ignore[no-untyped-def]
        """Ask for the front pages."""
        for url in self._urls:
            yield scrapy.Request(url, self.parse_front, dont_filter=True)

    def parse_front(self, response: Response) -> Iterator[scrapy.Request]:
        """Keep a front page and follow its links."""
        self.parse_page(response)
        if not isinstance(response, TextResponse):
            return
        host = urlsplit(response.url).netloc
        for link in self._links.extract_links(response):
            is_here = urlsplit(link.url).netloc == host
            if is_here and self._pages[host] < _PAGES_A_SITE:
                self._pages[host] += 1
                yield response.follow(link, self.parse_page)

    def parse_page(self, response: Response) -> None:
        """Keep the markers of a page."""
        if isinstance(response, TextResponse):
            marks = sorted(set(_MARKER.findall(response.text)))
        else:
            marks = sorted(_in_pdf(response.body))
        told = {"url": response.url, "marks": marks}
        self._out.write(json.dumps(told, ensure_ascii=False) + "\n")

    def closed(self, reason: str) -> None:  # noqa: ARG002
        """Close the file."""
        self._out.close()


def _in_pdf(body: bytes) -> set[str]:
    found: set[str] = set()
    for packed in _STREAM.findall(body):
        found.update(_MARKER.findall(zlib.decompress(packed).decode("latin-1")))
    return found


def main() -> None:
    """Crawl the addresses of a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--urls", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    process = CrawlerProcess(_SETTINGS)
    urls = given.urls.read_text("utf-8").split()
    process.crawl(FarmSpider, urls=urls, out=given.out)
    process.start()


if __name__ == "__main__":
    main()
