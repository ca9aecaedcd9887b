"""FetchCounts: what became of the pages of a run, counted by the database.

The sums are made in one pass over the events of pages, of the whole run or by source;
what is held grows with the number of sources, not of pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import apsw

# The fetch task of a page knows its source; the page's events bear the same item.
_BY_SOURCE = """
WITH page AS MATERIALIZED (
    SELECT item, max(json_extract(labels, '$.source')) AS source
    FROM task WHERE run = ?1 AND stage = 'fetch' GROUP BY item)
SELECT coalesce(page.source, ''), {sums}
FROM event LEFT JOIN page ON page.item = event.item
WHERE run = ?1 AND kind IN ({kinds}) GROUP BY 1, kind
"""
_IN_ALL = "SELECT '', {sums} FROM event WHERE run = ?1 AND kind IN ({kinds}) GROUP BY 2"
_SUMS = """kind, count(*), coalesce(sum(json_extract(data, '$.bytes')), 0),
    coalesce(sum(json_extract(data, '$.requests')), 0),
    coalesce(sum(json_extract(data, '$.reason') = 'new'), 0),
    coalesce(max(json_extract(data, '$.seconds')), 0.0), max(ts)"""
_KINDS = (
    *("fetch.done", "fetch.spared", "fetch.removed", "fetch.failed", "fetch.counted"),
    *("document.new", "document.changed", "document.copy"),
)
_FAILED = """
SELECT {source}, stage, count(*) FROM task
WHERE run = ? AND stage IN ('fetch', 'extract') AND state = 'failed' GROUP BY 1, 2
"""
_LABEL = "coalesce(json_extract(labels, '$.source'), '')"
_REASONS = (
    "SELECT stage, item, json_extract(data, '$.reason') FROM event"
    " WHERE run = ? AND kind = 'task.failed' ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class FetchCounts:
    """How many pages were met, and what became of them.

    New, changed, unchanged, spared and removed pages and those that could not be
    fetched add up to ``pages``; copies and pages that could not be read are among
    them.

    Args:
        pages: All that were fetched, spared, gone or failed.
        new: Fetched for the first time.
        changed: Of another text than before.
        unchanged: Asked for, and of the same text as before.
        spared: Not asked for, because nothing said that they changed.
        removed: Gone from the server, known before.
        copies: Not read again, because another page says the same.
        failed: Could not be fetched or read.
        bytes: Of all bodies, decompressed.
        requests: Sent to servers; robots.txt, redirects and lists included where the
            run told that, else one a page.
    """

    pages: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    spared: int = 0
    removed: int = 0
    copies: int = 0
    failed: int = 0
    bytes: int = 0
    requests: int = 0


@dataclass(slots=True)
class PageSums:
    """What the rows about some pages add up to.

    Args:
        events: Number of events by kind.
        failed: Number of failed tasks by stage.
        first: Pages fetched for the first time.
        last: When the last page was had, None when none was.
    """

    events: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    requests: int = 0
    first: int = 0
    slowest_s: float = 0.0
    last: float | None = None

    def to_counts(self) -> FetchCounts:
        """Return what became of the pages."""
        told, lost = self.events, self.failed["fetch"]
        done, removed = told["fetch.done"], told["fetch.removed"]
        new, changed = max(self.first, told["document.new"]), told["document.changed"]
        return FetchCounts(
            pages=done + told["fetch.spared"] + removed + lost,
            new=new,
            changed=changed,
            unchanged=max(done - new - changed, 0),
            spared=told["fetch.spared"],
            removed=removed,
            copies=told["document.copy"],
            failed=lost + self.failed["extract"],
            bytes=self.bytes,
            requests=max(self.requests, done + removed + told["fetch.failed"]),
        )


def read_fetches(db: apsw.Connection, run: str) -> FetchCounts:
    """Return the counts of a run's pages."""
    sums = _read_sums(db, run, _IN_ALL, "''")
    return sums.get("", PageSums()).to_counts()


def read_page_sums(db: apsw.Connection, run: str) -> Mapping[str, PageSums]:
    """Return the sums by name of the source, "" for pages of none."""
    return _read_sums(db, run, _BY_SOURCE, _LABEL)


def read_reasons(db: apsw.Connection, run: str) -> dict[tuple[str, str], str]:
    """Return the word for why each stage and item failed last, where one was told."""
    rows = db.execute(_REASONS, (run,))
    return {(stage, item): reason for stage, item, reason in rows if reason}


def _read_sums(
    db: apsw.Connection, run: str, query: str, source: str
) -> dict[str, PageSums]:
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS)
    found: dict[str, PageSums] = {}
    for name, kind, number, *measures in db.execute(
        query.format(sums=_SUMS, kinds=kinds), (run,)
    ):
        sums = found.setdefault(name, PageSums())
        size, requests, first, seconds, ts = measures
        sums.events[kind] = number
        sums.requests += int(requests)
        if kind == "fetch.done":
            sums.bytes, sums.first, sums.slowest_s = int(size), int(first), seconds
        if kind in ("fetch.done", "fetch.spared"):
            sums.last = max(sums.last or ts, ts)
    for name, stage, number in db.execute(_FAILED.format(source=source), (run,)):
        found.setdefault(name, PageSums()).failed[stage] = number
    return found
