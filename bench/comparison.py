"""Comparison: what the old scripts' design and the peers reach beside a check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.peer_runs import OLD, OURS
from bench.row import Result

_ROUND_IDEAL_S = 3.2
_TIMES = "{:.2f} x subak's"


@dataclass(frozen=True, slots=True)
class Beside:
    """Two cells of the table."""

    old: str = ""
    peers: str = ""


@dataclass(frozen=True, slots=True)
class _Figure:
    """Where a comparable figure lies in the peers' row.

    Args:
        row: Key of the row whose check it stands beside.
        check: Words of that check.
        job: Beginning of the job's name.
        figure: Its name there.
        divisor: What it is divided by.
        form: How it is shown.
        is_relative: Shown as subak's own figure in that job / this one.
    """

    row: str
    check: str
    job: str
    figure: str
    divisor: float = 1.0
    form: str = "{:.0f}"
    is_relative: bool = False


_FIGURES = (
    _Figure(
        "overhead", "at 64: makespan", "1,000", "makespan_s", _ROUND_IDEAL_S, "{:.2f}"
    ),
    _Figure("overhead", "client CPU", "1,000", "cpu_s", 1.0, "{:.1f} s"),
    _Figure("faults", "succeed", "faults", "lost", 1.0, "{:.0f} lost"),
    _Figure("kills", "answered calls", "kill", "repeated", 1.0, "{:.0f} again"),
    _Figure(
        "real_time", "1 slot", "1 slot", "makespan_s", 1.0, _TIMES, is_relative=True
    ),
    _Figure(
        "real_time", "knee 32", "knee 32", "makespan_s", 1.0, _TIMES, is_relative=True
    ),
)


class Comparison:
    """Reads the peers' row, if it was measured."""

    def __init__(self, results: Sequence[Result]) -> None:
        self._jobs: Mapping[str, object] = {}
        for result in results:
            # Quick figures only try the mechanics: nothing stands beside them.
            is_real = result.row == "peers" and not result.is_quick
            if is_real and result.measured is not None:
                jobs = result.measured.raw.get("jobs")
                self._jobs = jobs if isinstance(jobs, dict) else {}

    @property
    def jobs(self) -> Mapping[str, object]:
        """Return the jobs: name -> runner -> figures."""
        return self._jobs

    def beside(self, row: str, check: str) -> Beside:
        """Return what stands beside a check; empty where nothing compares."""
        for figure in _FIGURES:
            if figure.row == row and figure.check in check:
                return self._read(figure)
        return Beside()

    def _read(self, figure: _Figure) -> Beside:
        found = next(
            (runs for job, runs in self._jobs.items() if job.startswith(figure.job)),
            None,
        )
        if not isinstance(found, dict):
            return Beside()
        shown = {
            runner: _show(figure, figures, found.get(OURS, {}))
            for runner, figures in found.items()
            if figure.figure in figures
        }
        others = [
            f"{runner} {text}"
            for runner, text in shown.items()
            if runner not in {OURS, OLD}
        ]
        return Beside(shown.get(OLD, ""), ", ".join(others))


def _show(
    figure: _Figure, figures: Mapping[str, float], ours: Mapping[str, float]
) -> str:
    value = figures[figure.figure] / figure.divisor
    if figure.is_relative:
        # A runner that ended before it began has no goodput at all.
        value = ours.get(figure.figure, 0.0) / value if value else 0.0
    return figure.form.format(value)
