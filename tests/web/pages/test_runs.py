"""Runs: history, one run, how it went on, two compared."""

from __future__ import annotations

from tests.web.pages.looking import Looker


def test_runs_lists_both_with_their_figures(looker: Looker, runs: list[str]) -> None:
    """The history has a line for each run, the newest first."""
    look = looker.look("runs")
    assert look.text.index(runs[1]) < look.text.index(runs[0])
    assert "2 runs of this workspace" in look.text
    assert "partial" in look.text


def test_run_tells_stages_failures_and_files(looker: Looker, runs: list[str]) -> None:
    """A run's page has its stages, what failed with a way out, and its files."""
    look = looker.look("run", run=runs[1])
    for word in ("listing", "facts", "publish", "1 item could not", "out/facts.json"):
        assert word in look.text
    assert list(look.links("tasks"))
    assert list(look.links("call"))


def test_run_of_an_unfinished_run_is_interrupted_unless_one_is_alive(
    looker: Looker, runs: list[str]
) -> None:
    """An ended run is not taken for a running one while another is at work."""
    alive = Looker(looker.folder, is_alive=True)
    assert alive.look("run", run=runs[1]).shown.values["is_running"] is False


def test_course_draws_the_timeline(looker: Looker, runs: list[str]) -> None:
    """How a run went on is drawn with a description for those who do not see it."""
    html = looker.look("course", run=runs[0]).html
    assert "Timeline of the stages" in html
    assert "Calls at once over time" in html


def test_compare_tells_the_values_that_differ(looker: Looker, runs: list[str]) -> None:
    """Between two runs: Italy's VAT is another, Kenya's is gone, nothing else."""
    look = looker.look("compare", earlier=runs[0], later=runs[1])
    section = look.text.partition("Values that differ")[2]
    assert "Italy VAT changed 22% 23%" in section
    assert "Kenya VAT gone 16% –" in section
    assert "Germany" not in section


def test_compare_without_names_takes_the_last_two(
    looker: Looker, runs: list[str]
) -> None:
    """The page by itself compares the newest run with the one before it."""
    text = looker.look("compare").text
    assert text.index(runs[0]) < text.index(runs[1])
