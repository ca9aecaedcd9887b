"""What became of the pages of a run, counted by the database."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from subak.engine.store import open_reader
from subak.views.fetches import FetchCounts, read_fetches
from subak.views.summary import run_summary
from tests.views.morning import had, write_morning
from tests.views.sample import RUN, SampleJournal


def _counts(journal: SampleJournal) -> FetchCounts:
    return read_fetches(open_reader(journal.save()), RUN)


def test_counts_add_up_to_the_pages(tmp_path: Path) -> None:
    """Each page has one fate; copies are among them, tries that failed are not."""
    counts = _counts(write_morning(tmp_path))
    assert counts == FetchCounts(
        pages=17,
        new=2,
        changed=1,
        unchanged=3,
        spared=5,
        removed=1,
        copies=1,
        failed=5,
        bytes=9_000,
        requests=40,
    )
    fates = (counts.new, counts.changed, counts.unchanged, counts.spared)
    assert sum(fates) + counts.removed + counts.failed == counts.pages


def test_counts_without_a_word_on_requests_have_one_a_page(tmp_path: Path) -> None:
    """A killed run could not tell how many it sent; its pages are known."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    had(journal, "a", "http://a.example/1")
    had(journal, "a", "http://a.example/2")
    assert _counts(journal).requests == 2


def test_counts_of_a_run_that_fetched_nothing(tmp_path: Path) -> None:
    """Nothing is nothing, not an error."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("facts", "germany")
    assert _counts(journal) == FetchCounts()


def test_counts_know_a_page_that_could_not_be_read(tmp_path: Path) -> None:
    """It was fetched and still failed; the fetches stay one sum."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    had(journal, "a", "http://a.example/1", reason="new")
    journal.task("extract", "http://a.example/1", "failed", labels={"source": "a"})
    counts = _counts(journal)
    assert (counts.pages, counts.new, counts.failed) == (1, 1, 1)


def test_summary_of_many_pages_holds_few_of_them(tmp_path: Path) -> None:
    """4,000 pages are summed up in less memory than a list of them would take."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    for number in range(4_000):
        had(journal, f"source-{number % 5}", f"http://a.example/{number}")
    db = open_reader(journal.save())
    tracemalloc.start()
    try:
        summary = run_summary(db, RUN)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert summary.fetch.pages == summary.tasks.done == 4_000
    assert peak < 200_000


def test_summary_carries_the_counts(tmp_path: Path) -> None:
    """`--json` ends with them, and with a line for each failed site."""
    told = run_summary(open_reader(write_morning(tmp_path).save()), RUN).to_json()
    fetch, sites = told["fetch"], told["failed_sites"]
    assert isinstance(fetch, dict)
    assert (fetch["pages"], fetch["requests"]) == (17, 40)
    assert isinstance(sites, list)
    assert [site["source"] for site in sites] == ["dead", "quiet"]
    assert isinstance(told["failures"], list)
    assert len(told["failures"]) == 6
