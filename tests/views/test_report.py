"""The HTML report."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.engine.store import open_reader
from subak.errors import StorageError
from subak.views.report import Report, read_report, render_report, write_report
from tests.page_outline import check_reaches_nothing, read_outline
from tests.views.sample import BASE, SampleJournal, write_synthetic_run


def _report(journal: SampleJournal) -> Report:
    return read_report(open_reader(journal.save()), now=BASE + 100)


def test_report_is_one_sound_page(tmp_path: Path) -> None:
    """Tags close, ids are unique, every reference leads somewhere inside."""
    html = render_report(_report(write_synthetic_run(tmp_path)))
    assert read_outline(html).images == 4


def test_report_reaches_nothing_outside(tmp_path: Path) -> None:
    """No script, no external asset, and a policy that would forbid them."""
    html = render_report(_report(write_synthetic_run(tmp_path)))
    check_reaches_nothing(html)


def test_report_says_what_happened(tmp_path: Path) -> None:
    """Numbers, failures with hints, refusals with reasons, outputs and history."""
    html = render_report(_report(write_synthetic_run(tmp_path)))
    assert "130 of 131 tasks done in 18 s, 5 of them taken from the journal" in html
    assert "open https://country-0017.example/ in a browser" in html
    assert "the quote does not occur in the source" in html
    assert "<code>out/site/index.html</code>" in html
    assert "20261121-060000-01cd" in html
    assert "qwen2.5-coder-1.5b" in html


def test_report_escapes_foreign_text(tmp_path: Path) -> None:
    """What a page says is shown as text, never as markup."""
    journal = SampleJournal(tmp_path)
    evil = "<script>alert(1)</script>\ud800"
    journal.begin(recipe="a & b")
    journal.task("facts", evil, "failed", at=1)
    journal.attempt("facts", evil, "Refused", evil, at=1, hint=evil)
    journal.event(2, "fact.refused", "facts", evil, field=evil, reason=evil)
    journal.call("k", "facts", evil, at=2)
    journal.event(3, "limiter.changed", name=evil, before=4, limit=8, reason=evil)
    journal.end(4)
    html = render_report(_report(journal))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "a &amp; b" in html


def test_report_of_a_big_run_stays_small(tmp_path: Path) -> None:
    """Thousands of tasks are drawn as areas: the page does not grow with them."""
    html = render_report(_report(write_synthetic_run(tmp_path, items=700)))
    assert "up to" in html
    assert len(html) < 100_000


def test_report_of_a_cached_run_says_nothing_was_done(tmp_path: Path) -> None:
    """A run that took everything from the journal has no timeline and no chart."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("facts", "germany", "cached", at=0.1)
    journal.end(0.3)
    html = render_report(_report(journal))
    assert "every result was taken from the journal" in html
    assert "No model call was needed." in html
    assert "<svg" not in html


def test_report_marks_where_a_run_was_resumed(tmp_path: Path) -> None:
    """The pause of a resumed run is told in the timeline."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("facts", "germany", at=1)
    journal.event(62, "run.resumed", recipe="intel")
    journal.task("facts", "france", at=62)
    journal.end(64)
    assert "stopped for 1 min" in render_report(_report(journal))


def test_report_links_the_outputs_that_are_there(tmp_path: Path) -> None:
    """An output that exists is linked from where the report lies."""
    journal = SampleJournal(tmp_path)
    there, gone = tmp_path / "out" / "a b.json", tmp_path / "out" / "gone.json"
    there.parent.mkdir()
    there.write_text("{}")
    journal.begin()
    journal.event(1, "output.written", path=str(there))
    journal.event(1, "output.written", path=str(gone))
    target = tmp_path / ".subak" / "report.html"
    write_report(_report(journal), target)
    html = target.read_text(encoding="utf-8")
    assert 'href="../out/a%20b.json"' in html
    assert "<code>out/gone.json</code>" in html
    assert "gone.json</code></a>" not in html


def test_report_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A target that is no folder's file is an error with a place."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    report = _report(journal)
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StorageError):
        write_report(report, blocked / "report.html")
