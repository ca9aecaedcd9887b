"""Tests of runs that are repeated where others took the CPU."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.calm_runs import calm_runs
from bench.foreign_load import ForeignLoad
from bench.row import Conditions

TICKS = os.sysconf("SC_CLK_TCK")


class Told(ForeignLoad):
    """A load that is told, not measured."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._told = share

    def __exit__(self, *_: object) -> None:
        self.share = self._told


def _tell(proc: Path, busy: int, server: int) -> None:
    """Write what a system tells: all busy ticks, and those of process 7."""
    (proc / "7").mkdir(exist_ok=True)
    (proc / "stat").write_text(f"cpu  {busy} 0 0 999 0 0\ncpu0 1 2 3\n")
    (proc / "7" / "stat").write_text(f"7 (a b) c) S {'0 ' * 10}{server} 0 0\n")


@pytest.mark.parametrize(("servers", "seconds"), [((), 3.0), ((7,), 1.0)])
def test_foreign_load_is_all_that_is_not_ours(
    tmp_path: Path, servers: tuple[int, ...], seconds: float
) -> None:
    """Three seconds were taken, two of them by a server; is it ours?"""
    _tell(tmp_path, busy=50, server=5)
    with ForeignLoad(*servers, proc=tmp_path) as load:
        _tell(tmp_path, busy=50 + 3 * TICKS, server=5 + 2 * TICKS)
    assert load.seconds == pytest.approx(seconds, abs=0.1)  # less what this test took
    assert load.share > 0


def test_foreign_load_is_none_where_the_system_does_not_tell(tmp_path: Path) -> None:
    """Without /proc every run counts as calm."""
    with ForeignLoad(proc=tmp_path) as load:
        pass
    assert load.share == 0


def _measured(shares: list[float], wanted: int, folder: Path) -> tuple[object, int]:
    told: Iterator[float] = iter(shares)
    done = calm_runs(
        lambda number: number, wanted, Conditions(folder), lambda: Told(next(told))
    )
    return done.runs, done.repeated


def test_calm_runs_makes_a_disturbed_one_again(tmp_path: Path) -> None:
    """Only the second of three was disturbed."""
    assert _measured([0.0, 0.3, 0.01, 0.0], 2, tmp_path) == ((0, 2), 1)


def test_calm_runs_takes_the_calmest_where_it_is_never_calm(tmp_path: Path) -> None:
    """Four tries a run are the end of it; the calmest stay in their order."""
    shares = [0.9, 0.5, 0.8, 0.3, 0.9, 0.4, 0.9, 0.9]
    assert _measured(shares, 2, tmp_path) == ((3, 5), 6)
