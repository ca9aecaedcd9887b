"""The table: verdicts, what stands beside, and what is kept between runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.comparison import Comparison
from bench.drive import Driven
from bench.kept import keep, load_all
from bench.one_row import measure_row
from bench.row import (
    CannotMeasureError,
    Check,
    Conditions,
    Measured,
    NotInstalledError,
    Result,
)
from bench.rows.kills import Tally
from bench.rows.many import quarters, weigh
from bench.rows.prefix import count_served
from bench.rows.simulated import TARGETS, to_checks
from bench.sweep import Swept, order_of_runs
from bench.table import to_markdown, to_text, verdict
from bench.table_rows import ROWS

_MET = Check("at 64: makespan / ideal", "<= 1.04", "1.02", is_met=True)
_SHORT = Check("client CPU", "<= 0.45 s", "0.60 s", is_met=False)
_OVERHEAD = Result(
    "overhead", "measured", Measured((_MET, _SHORT), {}, ("a | note",), ("do it",))
)
_PEERS = Result(
    "peers",
    "measured",
    Measured(
        (),
        {
            "jobs": {
                "1,000 calls": {
                    "subak": {"makespan_s": 3.3, "cpu_s": 0.4},
                    "old scripts": {"makespan_s": 51.2, "cpu_s": 2.0},
                    "litellm": {"makespan_s": 6.4, "cpu_s": 9.0},
                }
            }
        },
    ),
)


def test_verdict_names_what_is_short_failed_skipped_or_missing() -> None:
    """One line tells all that keeps the table from being whole."""
    failed = Result("many", "failed", reason="no server")
    skipped = Result("llama", "skipped", reason="no weights")
    told = verdict([_OVERHEAD, failed, skipped])
    assert told.startswith("1 of 2 figures met; failed: many; skipped: llama;")
    assert "not measured: simulated" in told


def test_text_shows_peers_beside_a_figure() -> None:
    """The old scripts' and the peers' figures stand in the same line."""
    lines = to_text([_OVERHEAD, _PEERS]).splitlines()
    line = next(line for line in lines if "makespan" in line)
    assert "16.00" in line
    assert "litellm 2.00" in line
    assert "subak" not in line


def test_text_takes_the_peers_from_what_is_kept() -> None:
    """A table of one row shows the peers beside it, and not their own rows."""
    shown = to_text([_OVERHEAD], [_OVERHEAD, _PEERS])
    assert "litellm 2.00" in shown
    assert "the peers" not in shown


def test_quick_peers_stand_beside_nothing() -> None:
    """Figures that only try the mechanics are not compared."""
    quick = replace(_PEERS, is_quick=True)
    assert "litellm" not in to_text([_OVERHEAD], [quick])


def test_text_gives_the_reason_of_a_row_without_figures() -> None:
    """A skipped row is a line with its reason, never a gap."""
    shown = to_text([Result("llama", "skipped", reason="no weights here")])
    assert "Real llama.cpp" in shown
    assert "no weights here" in shown


def test_markdown_is_whole() -> None:
    """Table, machine, side by side and meanings are all there; bars are escaped."""
    text = to_markdown([_OVERHEAD, _PEERS], {"memory": "8 GiB"}, "Title")
    assert text.startswith("# Title\n")
    assert "- memory: 8 GiB" in text
    assert "| client CPU | <= 0.45 s | 0.60 s | SHORT |" in text
    assert "### 1,000 calls" in text
    assert "```\ndo it\n```" in text


def test_comparison_is_empty_without_peers() -> None:
    """Nothing is invented where the peers were not measured."""
    assert Comparison([_OVERHEAD]).beside("overhead", "client CPU").peers == ""


def test_results_are_kept_and_come_back_in_order(tmp_path: Path) -> None:
    """A table can be made of rows that were measured one at a time."""
    for result in (_PEERS, _OVERHEAD):
        keep(result, tmp_path)
    assert load_all(tmp_path) == [_OVERHEAD, _PEERS]


def test_every_row_has_its_module() -> None:
    """Each row of the table can be measured."""
    folder = Path(__file__).parents[2] / "bench" / "rows"
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules == {row.key for row in ROWS}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotInstalledError("no weights"), "skipped"),
        (CannotMeasureError("it ended with 1"), "failed"),
        (OSError("disk full"), "failed"),
    ],
)
def test_row_that_cannot_be_measured_says_why(error: Exception, status: str) -> None:
    """What is missing skips a row, what goes wrong fails it."""

    def measure(_conditions: Conditions) -> Measured:
        raise error

    result = measure_row("llama", measure, is_quick=True)
    assert (result.status, result.reason) == (status, str(error))
    assert result.is_good is (status == "skipped")


def test_measured_row_is_good_only_if_every_figure_is_met() -> None:
    """One short figure is enough."""
    assert not _OVERHEAD.is_good
    assert replace(_OVERHEAD, measured=Measured((_MET,), {})).is_good


def test_swept_compares_means_and_leaves_out_levels_that_lost_items() -> None:
    """A fixed limit that loses items is no yardstick."""
    swept = Swept(
        tuned=(Driven(10.0, 0.1, 0, 0), Driven(12.0, 0.1, 0, 0)),
        fixed=(
            (4, (Driven(11.0, 0.1, 0, 0),)),
            (8, (Driven(9.0, 0.1, 0, 0), Driven(10.0, 0.1, 0, 1))),
        ),
    )
    assert swept.best == (4, 11.0)
    assert swept.ratio == pytest.approx(1.0)


def test_swept_without_a_whole_level_cannot_be_measured() -> None:
    """No yardstick, no ratio."""
    lost = ((4, (Driven(11.0, 0.1, 0, 2),)),)
    with pytest.raises(CannotMeasureError):
        _ = Swept((Driven(1.0, 0.1, 0, 0),), lost).best


def test_runs_take_turns() -> None:
    """The tuner's runs stand among the fixed ones."""
    assert order_of_runs((8, 10, 16), is_tuned_twice=False) == [8, 0, 10, 16]
    assert order_of_runs((4, 5), is_tuned_twice=True) == [0, 4, 5, 0]


def test_simulated_checks_want_every_item() -> None:
    """A ratio that costs items is short."""
    summary: dict[str, object] = {
        "median_of_medians": 0.99,
        "worst_median": 0.95,
        "worst_scenario": "thrash6",
        "lost": 0,
    }
    target = TARGETS[0]
    assert all(check.is_met for check in to_checks(target, summary))
    assert not to_checks(target, {**summary, "lost": 1})[0].is_met


def test_tally_tells_repeats_from_calls_under_way() -> None:
    """What is asked again is a repeat only if its answer was in the journal."""
    tally = Tally()
    sent = {"a": 1.0, "b": 1.1}  # the answer to b was on its way to the disk
    tally.count_life({"a": 1, "b": 1, "c": 1}, frozenset({"a"}), sent)
    assert (tally.lost, tally.again, tally.repeated) == (2, 0, 0)
    assert (tally.most_lost, tally.most_waiting) == (2, 1)
    sent = {"a": 1.0, "b": 2.0, "c": 2.0}
    tally.count_life({"a": 1, "b": 2, "c": 2}, frozenset({"a", "b", "c"}), sent)
    assert (tally.lost, tally.again, tally.repeated) == (2, 2, 0)
    tally.count_life({"a": 2, "b": 2, "c": 2}, frozenset({"a", "b", "c"}), sent)
    assert (tally.again, tally.repeated) == (3, 1)


def test_answers_are_weighed_one_by_one_and_together(tmp_path: Path) -> None:
    """Alike answers are far smaller in one frame."""
    file = tmp_path / "answers.jsonl"
    text = "the same words again and again " * 5
    lines = [f'{{"id": "{number}", "output": "{text}"}}\n' for number in range(50)]
    file.write_text("".join(lines), "utf-8")
    sizes = weigh(file)
    assert sizes.raw == 50 * len(text)
    assert sizes.raw > sizes.alone > 10 * sizes.together


def test_quarters_of_no_samples_are_none() -> None:
    """Where memory cannot be read nothing is made up."""
    assert quarters(()) == ()
    assert quarters((1.0, 2.0, 3.0, 4.0, 5.0)) == (2.0, 3.0, 5.0)


def test_count_served_leaves_out_the_first_of_each_category() -> None:
    """Two categories of three: nothing is there for the first of each."""
    served = count_served([0, 0, 100, 100, 100, 0], categories=2)
    assert (served.shared, served.cached) == (400, 300)


def test_count_served_counts_a_lost_answer_as_not_served() -> None:
    """An answer that never came was not served from a cache."""
    served = count_served([0, 100, -1, 100], categories=1)
    assert served.share == pytest.approx(200 / 300)
