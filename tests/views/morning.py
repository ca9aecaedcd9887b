"""write_morning: a run over a few sites, some of which are dead, and the one before."""

from __future__ import annotations

from pathlib import Path

from subak.engine.events import Scalar
from tests.views.sample import SampleJournal

DAY_S = 86_400.0
REST = "the next run tries again; a copy fetched before is kept"


def write_morning(folder: Path) -> SampleJournal:
    """Write a run of four sources: one well, one changed, one dead, one quiet."""
    journal = SampleJournal(folder)
    journal.begin("20261110-060000-0001", at=-12 * DAY_S)
    for source in ("well", "changing", "quiet"):
        had(journal, source, f"http://{source}.example/1", at=-12 * DAY_S)
    journal.end(-12 * DAY_S + 60, "done")
    journal.begin("20261121-060000-0002", at=-DAY_S)
    for source in ("well", "changing"):
        had(journal, source, f"http://{source}.example/1", at=-DAY_S)
    had(journal, "dead", "http://dead.example/0", at=-DAY_S)
    journal.end(-DAY_S + 60, "done")
    journal.begin()
    for source in ("well", "changing", "quiet"):
        journal.task("listing", source, labels={"source": source})
    _well(journal)
    _changing(journal)
    _dead(journal)
    url = "http://quiet.example/1"
    failed(journal, "fetch", url, "quiet", ("robots-denied", "robots.txt forbids it"))
    journal.event(50, "fetch.counted", requests=40)
    journal.end(60, "partial")
    return journal


def had(
    journal: SampleJournal,
    source: str,
    url: str,
    *,
    at: float = 5.0,
    size: int = 1000,
    reason: str = "conditional",
) -> None:
    """Add a page that was fetched."""
    journal.task("fetch", url, at=at, labels={"source": source})
    told: dict[str, Scalar] = {"url": url, "status": 200, "bytes": size}
    journal.event(at, "fetch.done", "fetch", url, seconds=0.5, reason=reason, **told)


def failed(
    journal: SampleJournal,
    stage: str,
    item: str,
    source: str,
    reason: tuple[str, str],
    *,
    at: float = 9.0,
) -> None:
    """Add a page or list that could not be had, after a try that failed as well."""
    word, message = reason
    journal.task(stage, item, "failed", at=at, labels={"source": source})
    where = item if "://" in item else f"http://{source}.example/"
    for number in (1, 2):
        journal.attempt(
            stage,
            item,
            "Refused",
            message,
            at=at,
            number=number,
            hint=REST,
            where=where,
        )
        journal.event(at, "fetch.failed", stage, item, url=where, error="Refused")
    journal.event(at, "task.failed", stage, item, reason=word)


def _well(journal: SampleJournal) -> None:
    for number in range(3):
        had(journal, "well", f"http://well.example/{number}", size=2000)
    had(journal, "well", "http://well.example/new", reason="new", at=7.0)
    journal.event(8, "document.new", "index", "http://well.example/new")
    for number in range(4, 9):
        url = f"http://well.example/{number}"
        journal.task("fetch", url, labels={"source": "well"})
        journal.event(6, "fetch.spared", "fetch", url, url=url, reason="same hint")


def _changing(journal: SampleJournal) -> None:
    url = "http://changing.example/1"
    had(journal, "changing", url)
    journal.event(8, "document.changed", "index", url)
    gone = "http://changing.example/2"
    journal.task("fetch", gone, labels={"source": "changing"})
    journal.event(6, "fetch.removed", "fetch", gone, url=gone, status=404)
    copy = "http://changing.example/3"
    had(journal, "changing", copy, reason="new")
    journal.event(8, "document.copy", "index", copy, of="http://well.example/1")


def _dead(journal: SampleJournal) -> None:
    down = ("refused", "the connection was refused")
    failed(journal, "listing", "dead", "dead", down, at=3.0)
    for number in range(3):
        url = f"http://dead.example/{number}"
        failed(journal, "fetch", url, "dead", down, at=4.0 + number)
    failed(journal, "fetch", "http://dead.example/9", "dead", ("gone", "HTTP 404"))
