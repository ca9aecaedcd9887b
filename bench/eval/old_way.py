"""Old way: one big prompt with the old record and a worked example, believed."""

from __future__ import annotations

from bench.eval.setting import Setting
from bench.eval.trials import LARGE, figures, kept_note, misses, run_trial
from bench.row import Check, Measured

_AHEAD = 0.15


def measure(setting: Setting) -> Measured:
    """Read the same documents both ways; what is kept of the own way is used again."""
    old = run_trial(setting, LARGE, "one-prompt").score
    trial = run_trial(setting, LARGE, "facts")
    own = trial.score
    ahead = own.accuracy - old.accuracy
    return Measured(
        (
            Check(
                "field accuracy ahead of the old way",
                f">= {_AHEAD:.0%}",
                f"{own.accuracy:.3f} against {old.accuracy:.3f}",
                ahead >= _AHEAD,
            ),
        ),
        {"score": figures(old), "own": figures(own), "misses": misses(trial)},
        notes=(
            kept_note(trial),
            f"Of the old way's published values {old.wrong_share:.1%} are wrong, "
            f"{old.old} of them old or example values; an answer that is no JSON "
            "publishes nothing here, though the old scripts kept the old record then.",
        ),
        commands=("subak eval --model embedded --design facts --design one-prompt",),
    )
