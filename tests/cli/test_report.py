"""`subak report`."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from subak.cli.report import report
from tests.views.sample import RUN, write_synthetic_run


def test_report_writes_beside_the_journal(tmp_path: Path) -> None:
    """By default the page lies in the workspace's state; its path is the result."""
    write_synthetic_run(tmp_path)
    shown = CliRunner().invoke(report, ["--dir", str(tmp_path)], catch_exceptions=False)
    path = tmp_path / ".subak" / "report.html"
    assert shown.stdout == f"{path}\n"
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_report_writes_where_it_is_told(tmp_path: Path) -> None:
    """A chosen file, with the path in the JSON object."""
    write_synthetic_run(tmp_path)
    target = tmp_path / "deep" / "run.html"
    words = ["--dir", str(tmp_path), "--out", str(target), "--json"]
    shown = CliRunner().invoke(report, words, catch_exceptions=False)
    assert json.loads(shown.stdout) == {"version": 1, "run": RUN, "path": str(target)}
    assert target.exists()
    assert [path.name for path in target.parent.iterdir()] == ["run.html"]


def test_report_prints_itself(tmp_path: Path) -> None:
    """`--out -` gives the page on stdout and writes no file."""
    write_synthetic_run(tmp_path)
    words = ["--dir", str(tmp_path), "--out", "-"]
    shown = CliRunner().invoke(report, words, catch_exceptions=False)
    assert shown.stdout.startswith("<!doctype html>")
    assert not (tmp_path / ".subak" / "report.html").exists()


def test_report_in_brief_is_printed_or_written(tmp_path: Path) -> None:
    """`--format md`: text on stdout, into a file, or as one JSON object."""
    write_synthetic_run(tmp_path)
    words = ["--dir", str(tmp_path), "--format", "md"]
    shown = CliRunner().invoke(report, words, catch_exceptions=False)
    assert shown.stdout.startswith("# intel: 1 thing needs a person\n")
    assert not (tmp_path / ".subak" / "report.html").exists()
    target = tmp_path / "brief.md"
    told = CliRunner().invoke(
        report, [*words, "--out", str(target)], catch_exceptions=False
    )
    assert told.stdout == f"{target}\n"
    assert target.read_text(encoding="utf-8").rstrip() == shown.stdout.rstrip()
    found = json.loads(
        CliRunner().invoke(report, [*words, "--json"], catch_exceptions=False).stdout
    )
    assert (found["version"], found["run"], found["needs_person"]) == (1, RUN, True)
