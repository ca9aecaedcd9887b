"""How a run ends on the screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from subak.cli.ending import end
from subak.cli.output import Output
from subak.engine.store import open_reader
from subak.views.failed_sites import FailedSite
from subak.views.item_failure import ItemFailure
from subak.views.summary import RunSummary, run_summary
from tests.views.morning import REST, write_morning
from tests.views.sample import RUN, SampleJournal


def _summary(journal: SampleJournal) -> RunSummary:
    return run_summary(open_reader(journal.save()), RUN)


def _told(summary: RunSummary, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert end(summary, Output(), as_json=False) == 3
    return capsys.readouterr().out.splitlines()


def test_ending_has_one_line_a_failed_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Source, address, reason in words, pages; what to do once for alike ones."""
    assert _told(_summary(write_morning(tmp_path)), capsys)[2:] == [
        "pages        17: 2 new, 1 changed, 3 unchanged, 5 spared, 1 removed,"
        " 1 copies, 5 failed; 9 kB in 40 requests",
        "failed       dead  http://dead.example/  refused: the connection was refused"
        " (4 pages and its list of pages, 1 more reason)",
        "failed       quiet  http://quiet.example/1  robots-denied: robots.txt forbids"
        " it (1 page)",
        f"             next: {REST}",
    ]


def test_ending_lists_every_failed_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Forty dead sites are forty lines; thousands are cut with a way to see them."""
    journal = write_morning(tmp_path)
    summary = replace(_summary(journal), failures=_dead(40))
    assert sum(line.startswith("failed") for line in _told(summary, capsys)) == 40
    lines = _told(replace(summary, failures=_dead(3_000)), capsys)
    assert len(lines) < 220
    assert lines[-1].strip() == "and 2,800 sites more: subak report --open"


def test_ending_keeps_other_failures_item_by_item(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An answer that is invalid is no site's fault."""
    failure = ItemFailure("germany", "facts", "no valid answer", "ask again")
    summary = replace(_summary(write_morning(tmp_path)), failures=(failure,))
    assert _told(summary, capsys)[-3:] == [
        "failed       germany (facts)",
        "             no valid answer",
        "             next: ask again",
    ]


def test_site_knows_the_names_of_the_contract() -> None:
    """What programs read of a site."""
    site = FailedSite("daily", "http://a.example/", "dns", "no host", "wait", 3, False)
    assert site.to_json() == {
        "source": "daily",
        "url": "http://a.example/",
        "reason": "dns",
        "error": "no host",
        "hint": "wait",
        "pages": 3,
        "unlisted": False,
    }


def _dead(number: int) -> tuple[ItemFailure, ...]:
    urls = [f"http://dead-{n}.example/" for n in range(number)]
    return tuple(
        ItemFailure(url, "fetch", "no host", "wait", "Refused", f"s-{n}", url, "dns")
        for n, url in enumerate(urls)
    )
