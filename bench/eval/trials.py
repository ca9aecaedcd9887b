"""Trials for the rows: run through the kept answers, and told as figures."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Mapping

from bench.eval.setting import Setting, kept_folder
from bench.row import CannotMeasureError, NotInstalledError
from subak.errors import SubakError
from subak.evaluation.evaluate import EvaluationRequest, evaluate
from subak.evaluation.score import Score
from subak.evaluation.trial import Design, Trial
from subak.llm.weights import KNOWN, find_file, find_parts

LARGE = "qwen2.5-coder-1.5b"
SMALL = "qwen2.5-coder-0.5b"


def run_trial(setting: Setting, model: str, design: Design) -> Trial:
    """Try a design with an embedded model.

    Raises:
        NotInstalledError: llama.cpp or the weights are not there.
        CannotMeasureError: It could not be done to its end.
    """
    require_weights(model)
    request = EvaluationRequest(
        setting.labelled,
        (f"embedded:{model}",),
        (design,),
        setting.documents,
        kept_folder(),
        refresh=setting.is_fresh,
    )
    try:
        (trial,) = asyncio.run(evaluate(request))
    except SubakError as error:
        raise CannotMeasureError(str(error)) from error
    if trial.status not in ("done", "partial"):
        raise CannotMeasureError(f"the trial ended {trial.status}")
    setting.conditions.say(f"{trial.name}: {trial.score.accuracy:.3f}")
    return trial


def require_weights(model: str) -> None:
    """Make sure that an embedded model can be started.

    Raises:
        NotInstalledError: It can't.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        raise NotInstalledError("llama.cpp is missing: pip install 'subak[embedded]'")
    if find_file(model) is None and find_parts(KNOWN[model]) is None:
        raise NotInstalledError(f"the weights {model} are not installed")


def figures(score: Score) -> Mapping[str, float]:
    """Return a score as plain figures."""
    bill, number = score.bill, max(score.documents, 1)
    return {
        "documents": score.documents,
        "items": len(score.items),
        "accuracy": round(score.accuracy, 4),
        "published": score.published,
        "wrong": score.wrong,
        "missed": score.missed,
        "refused": score.refused,
        "not held": score.unheld,
        "old or example": score.old,
        "traps": score.traps,
        "calls/doc": round(bill.calls / number, 2),
        "tokens in/doc": round(bill.tokens_in / number),
        "of them cached/doc": round(bill.tokens_cached / number),
        "tokens out/doc": round(bill.tokens_out / number),
        "seconds/doc": round(bill.seconds / number, 1),
    }


def misses(trial: Trial) -> list[str]:
    """Return every item that is not right, in one line each."""
    return [
        f"{item.verdict}: {item.document} {item.field}: {item.value!r}, "
        f"gold {item.gold.accepted!r}"
        for item in trial.score.items
        if item.verdict != "right"
    ]


def kept_note(trial: Trial) -> str:
    """Say how many of the calls were made for this measurement."""
    made = trial.score.bill.calls
    if trial.sent:
        return f"{trial.sent} of {made} calls were sent now, the others were kept."
    return f"All {made} answers were kept from an earlier measurement (--fresh asks)."
