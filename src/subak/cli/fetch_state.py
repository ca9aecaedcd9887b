"""FetchState: what the pages of a run come to while it runs. Pure."""

from __future__ import annotations

from collections import Counter, deque
from urllib.parse import urlsplit

from subak.engine.events import Event
from subak.views.failed_sites import LISTING, PAGE_STAGES
from subak.views.wording import count, number_of, size, text_of

_WINDOW_S = 30
_FATES = {
    "fetch.spared": "spared",
    "fetch.removed": "removed",
    "document.new": "new",
    "document.changed": "changed",
    "document.copy": "copies",
}
_SHOWN = ("new", "changed", "spared", "removed", "copies", "failed")


class FetchState:
    """Counts pages and the sites that failed; grows with those sites only."""

    def __init__(self) -> None:
        self.fetched = 0
        self.bytes = 0
        self.counts: Counter[str] = Counter()
        self.is_first_of_site = False
        self._urls: dict[str, str] = {}
        self._failed_sites: set[str] = set()
        self._seconds: deque[tuple[int, int]] = deque()

    @property
    def pages(self) -> int:
        """Return how many pages were fetched, spared or found gone."""
        return self.fetched + self.counts["spared"] + self.counts["removed"]

    def apply(self, event: Event) -> None:
        """Take one event of a page into account."""
        if event.kind == "fetch.failed":  # it may be tried again
            self._urls[event.item] = text_of(event.data.get("url"))
            return
        if event.kind == "fetch.done":
            self.fetched += 1
            self.bytes += int(number_of(event.data.get("bytes")))
        elif event.kind in _FATES:
            self.counts[_FATES[event.kind]] += 1
        if event.kind.startswith("fetch."):
            self._urls.pop(event.item, None)
            self._note_time(event.ts)

    def fail(self, event: Event) -> None:
        """Take the end of a task in that failed; tell whether its site is a new one."""
        self.is_first_of_site = True
        if event.stage not in PAGE_STAGES:
            return
        self.counts["failed"] += event.stage != LISTING
        url = self._urls.pop(event.item, "")
        site = _host(url) or event.item
        self.is_first_of_site = site not in self._failed_sites
        self._failed_sites.add(site)

    def pages_per_s(self, now: float) -> float:
        """Return pages a second over the last half minute."""
        recent = [pages for second, pages in self._seconds if second > now - _WINDOW_S]
        if not recent:
            return 0.0
        span = min(float(_WINDOW_S), now - self._seconds[0][0])
        return sum(recent) / max(span, 1.0)

    def words(self, now: float) -> str:
        """Return the numbers in words, "" before the first page."""
        if not self.pages and not self.counts["failed"]:
            return ""
        parts = [count(self.pages, "page")]
        parts += [
            f"{count(self.counts[name])} {name}" for name in _SHOWN if self.counts[name]
        ]
        parts.append(size(self.bytes))
        speed = self.pages_per_s(now)
        if speed >= 0.1:
            digits = 1 if speed < 9.95 else 0
            parts.append(f"{speed:.{digits}f} pages/s")
        return ", ".join(parts)

    def _note_time(self, ts: float) -> None:
        second = int(ts)
        if self._seconds and self._seconds[-1][0] >= second:
            last, pages = self._seconds[-1]
            self._seconds[-1] = (last, pages + 1)
        else:
            self._seconds.append((second, 1))
        while self._seconds[0][0] <= second - _WINDOW_S:
            self._seconds.popleft()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
