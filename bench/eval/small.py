"""Small: what ships, with the 0.5B model: knows less, must be as safe."""

from __future__ import annotations

from bench.eval.own import safety_checks
from bench.eval.setting import Setting
from bench.eval.trials import SMALL, figures, kept_note, misses, run_trial
from bench.row import Measured


def measure(setting: Setting) -> Measured:
    """Read the set with the small model."""
    trial = run_trial(setting, SMALL, "facts")
    return Measured(
        safety_checks(trial.score, 0.025, "0.5B"),
        {"score": figures(trial.score), "misses": misses(trial)},
        notes=(kept_note(trial),),
        commands=(f"subak eval --model embedded:{SMALL} --misses",),
    )
