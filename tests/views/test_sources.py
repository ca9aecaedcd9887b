"""What each source gave, and when it last did."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.engine.store import open_reader
from subak.views.report import read_report, render_report
from subak.views.sources import SourceFigures
from subak.views.status import read_status
from tests.page_outline import check_reaches_nothing, read_outline
from tests.views.morning import had, write_morning
from tests.views.sample import BASE, RUN, SampleJournal


def _figures(journal: SampleJournal) -> dict[str, SourceFigures]:
    status = read_status(open_reader(journal.save()), RUN, is_alive=False)
    return {figures.source: figures for figures in status.sources}


def test_sources_with_failures_come_first(tmp_path: Path) -> None:
    """What is wrong is read first, what is well needs no reading."""
    assert list(_figures(write_morning(tmp_path))) == [
        "quiet",
        "dead",
        "changing",
        "well",
    ]


def test_sources_share_the_counts_of_the_run(tmp_path: Path) -> None:
    """Each page counts for its own source, and together they are the run's."""
    figures = _figures(write_morning(tmp_path))
    well, changing = figures["well"].counts, figures["changing"].counts
    assert (well.pages, well.new, well.unchanged, well.spared) == (9, 1, 3, 5)
    assert (well.bytes, figures["well"].slowest_s) == (7_000, 0.5)
    assert (changing.changed, changing.removed, changing.copies) == (1, 1, 1)
    assert (figures["dead"].counts.failed, figures["quiet"].counts.failed) == (4, 1)
    assert sum(one.counts.pages for one in figures.values()) == 17


def test_source_that_gave_nothing_for_long_is_quiet(tmp_path: Path) -> None:
    """Twelve days without a page are told; one day is not."""
    figures = _figures(write_morning(tmp_path))
    assert figures["quiet"].is_quiet
    assert figures["quiet"].quiet_days == pytest.approx(12)
    assert not figures["dead"].is_quiet
    assert figures["dead"].quiet_days == pytest.approx(1)
    assert figures["well"].last_success == BASE + 7


def test_source_that_never_gave_anything_is_quiet(tmp_path: Path) -> None:
    """A mistyped address is pointed out in the first run."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("listing", "typo", "failed", labels={"source": "typo"})
    had(journal, "good", "http://good.example/")
    figures = _figures(journal)
    assert figures["typo"].last_success is None
    assert figures["typo"].is_quiet
    assert not figures["good"].is_quiet


def test_source_figures_are_told_to_programs(tmp_path: Path) -> None:
    """`status --json` has them with the names of the run's object."""
    journal = write_morning(tmp_path)
    told = read_status(open_reader(journal.save()), RUN, is_alive=False).to_json()
    sources = told["sources"]
    assert isinstance(sources, list)
    (dead,) = (one for one in sources if one["source"] == "dead")
    assert (dead["pages"], dead["failed"], dead["quiet"]) == (4, 4, False)
    (failure,) = dead["failures"]
    assert (failure["reason"], failure["pages"]) == ("refused", 4)


def test_report_has_a_row_for_each_source(tmp_path: Path) -> None:
    """Sound HTML, failures and silence marked, nothing from outside."""
    db = open_reader(write_morning(tmp_path).save())
    html = render_report(read_report(db, now=BASE + 100))
    read_outline(html)
    check_reaches_nothing(html)
    assert '<section id="sources"' in html
    assert "17 pages of 4 sources: 2 new, 1 changed" in html
    assert "nothing for 12 days" in html
    failures = html.partition('<section id="failures"')[2].partition("</section>")[0]
    assert failures.count("http://dead.example/") == 1


def test_report_of_many_sources_stays_readable(tmp_path: Path) -> None:
    """Hundreds of sources that are well do not bury the page."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    for number in range(300):
        had(journal, f"source-{number}", f"http://s{number}.example/")
    html = render_report(read_report(open_reader(journal.save()), now=BASE))
    assert "And 100 more" in html
    assert len(html) < 250_000
