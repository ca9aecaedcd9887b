"""Own: what ships, with the 1.5B model."""

from __future__ import annotations

from bench.eval.setting import Setting
from bench.eval.trials import LARGE, figures, kept_note, misses, run_trial
from bench.row import Check, Measured
from subak.evaluation.score import Score

_TOKENS_IN, _TOKENS_OUT, _CALLS = 700, 310, 1.2
_LONG_WITHIN = 0.03


def measure(setting: Setting) -> Measured:
    """Read the set and hold the facts against the gold."""
    trial = run_trial(setting, LARGE, "facts")
    score = trial.score
    return Measured(
        (*_checks(score), *_cost_checks(score.only(long=False)), *_long(score)),
        {
            "score": figures(score),
            "short": figures(score.only(long=False)),
            "long": figures(score.only(long=True)),
            "misses": misses(trial),
        },
        notes=(
            kept_note(trial),
            "Prompt tokens are all that the server was sent; of them it read anew "
            "what it no longer held.",
        ),
        commands=("subak eval --model embedded --misses",),
    )


def safety_checks(score: Score, most_wrong: float, name: str) -> tuple[Check, ...]:
    """Return the figures that say what may not be published."""
    return (
        Check(
            f"wrong among published values, {name}",
            f"<= {most_wrong:.1%}",
            f"{score.wrong_share:.1%} ({score.wrong}/{score.published})",
            score.wrong_share <= most_wrong,
        ),
        Check(
            f"published values whose span does not hold them, {name}",
            "0",
            str(score.unheld),
            score.unheld == 0,
        ),
        Check(
            f"stale or example values republished, {name}",
            "0",
            str(score.old),
            score.old == 0,
        ),
    )


def _checks(score: Score) -> tuple[Check, ...]:
    return (
        Check(
            "field accuracy, own set",
            ">= 0.95",
            f"{score.accuracy:.3f} ({score.right}/{len(score.items)})",
            score.accuracy >= 0.95,
        ),
        *safety_checks(score, 0.015, "1.5B"),
    )


def _cost_checks(short: Score) -> tuple[Check, ...]:
    bill, number = short.bill, max(short.documents, 1)
    given, written = bill.tokens_in / number, bill.tokens_out / number
    fresh = (bill.tokens_in - bill.tokens_cached) / number
    calls = bill.calls / number
    return (
        Check(
            "tokens a document of about 500 words",
            f"<= {_TOKENS_IN} + {_TOKENS_OUT}",
            f"{given:.0f} ({fresh:.0f} read anew) + {written:.0f}",
            given <= _TOKENS_IN and written <= _TOKENS_OUT,
        ),
        Check("calls a document", f"<= {_CALLS}", f"{calls:.2f}", calls <= _CALLS),
    )


def _long(score: Score) -> tuple[Check, ...]:
    short, long = score.only(long=False), score.only(long=True)
    if not long.items:
        return ()
    behind = short.accuracy - long.accuracy
    return (
        Check(
            "long documents behind the short ones",
            f"<= {_LONG_WITHIN:.0%}",
            f"{long.accuracy:.3f} against {short.accuracy:.3f}",
            behind <= _LONG_WITHIN,
        ),
    )
