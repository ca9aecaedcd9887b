"""The limiter's curve in the report."""

from __future__ import annotations

from pathlib import Path

from subak.cli.status import status_lines
from subak.cli.style import Style
from subak.engine.store import open_reader
from subak.views.limits import LimitCurve, limit_curves, read_limit_changes
from subak.views.report import read_report, render_report
from subak.views.runs import get_run, read_sessions
from subak.views.status import read_status
from subak.views.timescale import scale_of
from tests.page_outline import read_outline
from tests.views.sample import BASE, RUN, SampleJournal

URL = "http://127.0.0.1:8080"


def _run(folder: Path, seconds: float = 10) -> SampleJournal:
    journal = SampleJournal(folder)
    journal.begin()
    journal.task("facts", "germany", at=0, seconds=seconds)
    return journal


def _change(
    journal: SampleJournal, at: float, before: int, limit: int, why: str = "why"
) -> None:
    journal.event(
        at, "limiter.changed", name=URL, before=before, limit=limit, reason=why
    )


def _curves(journal: SampleJournal) -> tuple[LimitCurve, ...]:
    db = open_reader(journal.save())
    run = get_run(db, "")
    return limit_curves(db, run, scale_of(read_sessions(db, run)))


def test_limit_curve_steps_where_the_limit_changed(tmp_path: Path) -> None:
    """From the first number on, up and down at the moments of the changes."""
    journal = _run(tmp_path)
    _change(journal, 2, 2, 8, "tokens/s rose 71 %")
    _change(journal, 5, 8, 4, "503: busy")
    journal.end(10)
    (curve,) = _curves(journal)
    # A box of 1000 by 100 with 10 calls at its top.
    assert curve.line == "M0 80H200V20H500V60H1000"
    assert curve.area == "M0 80H200V20H500V60H1000V100H0Z"
    assert curve.words == "began with 2, ended with 4, 2 changes"
    assert [(step.moment, step.words, step.reason) for step in curve.steps] == [
        ("0:02", "2 → 8", "tokens/s rose 71 %"),
        ("0:05", "8 → 4", "503: busy"),
    ]


def test_limit_curve_of_each_endpoint_stands_alone(tmp_path: Path) -> None:
    """Two servers have two curves with ids of their own."""
    journal = _run(tmp_path)
    _change(journal, 2, 4, 8)
    journal.event(3, "limiter.changed", name="other", before=4, limit=1, reason="429")
    journal.end(10)
    first, second = _curves(journal)
    assert (first.name, second.name) == (URL, "other")
    assert first.id != second.id


def test_limit_curve_begins_anew_where_a_run_was_resumed(tmp_path: Path) -> None:
    """The next session's first number holds from its start, not the last one's end."""
    journal = _run(tmp_path)
    _change(journal, 5, 4, 8)
    journal.task("facts", "france", at=9, seconds=1)
    journal.event(110, "run.resumed", recipe="intel")
    _change(journal, 115, 4, 8)
    journal.task("facts", "spain", at=111, seconds=9)
    journal.end(120)
    (curve,) = _curves(journal)
    assert curve.line == "M0 60H250V20H500V60H750V20H1000"


def test_limit_curve_of_very_many_changes_stays_short(tmp_path: Path) -> None:
    """The first and last reasons are listed, the number of others is told."""
    journal = _run(tmp_path)
    for number in range(100):
        _change(journal, number / 10, 4 + number % 2, 5 - number % 2, f"r{number}")
    journal.end(10)
    (curve,) = _curves(journal)
    assert len(curve.steps) + curve.left_out == 100
    assert curve.steps[0].reason == "r0"
    assert curve.steps[-1].reason == "r99"
    report = read_report(open_reader(journal.save()), now=BASE)
    assert f"{curve.left_out} changes left out" in render_report(report)


def test_limit_change_without_before_follows_the_last_one(tmp_path: Path) -> None:
    """Journals of older versions told only the new limit."""
    journal = _run(tmp_path)
    for at, limit in ((1, 4), (2, 6)):
        journal.event(at, "limiter.changed", name=URL, limit=limit)
    journal.end(10)
    changes = read_limit_changes(open_reader(journal.save()), RUN)
    assert [(one.before, one.limit) for one in changes] == [(4, 4), (4, 6)]


def test_report_without_changes_has_no_limit_section(tmp_path: Path) -> None:
    """Nothing is shown where nothing changed."""
    journal = _run(tmp_path)
    journal.end(10)
    html = render_report(read_report(open_reader(journal.save()), now=BASE))
    assert "How many at once" not in html
    read_outline(html)


def test_report_tells_limits_and_reasons(tmp_path: Path) -> None:
    """The section names the endpoint and each reason."""
    journal = _run(tmp_path)
    _change(journal, 2, 2, 8, "tokens/s rose 71 %")
    journal.end(10)
    html = render_report(read_report(open_reader(journal.save()), now=BASE))
    assert "began with 2, ended with 8, 1 change" in html
    assert "tokens/s rose 71 %" in html
    read_outline(html)


def test_status_tells_the_present_limit_and_its_reason(tmp_path: Path) -> None:
    """One line for each endpoint, with its newest number."""
    journal = _run(tmp_path)
    _change(journal, 2, 2, 8, "tokens/s rose 71 %")
    _change(journal, 5, 8, 4, "503: busy")
    journal.end(10)
    status = read_status(open_reader(journal.save()), is_alive=False)
    lines = status_lines(status, Style(is_on=False))
    assert f"limit   4 at once for {URL}: 503: busy" in lines
    assert sum(line.startswith("limit") for line in lines) == 1
    assert status.to_json()["limits"] == [
        {"name": URL, "limit": 4, "reason": "503: busy"}
    ]
