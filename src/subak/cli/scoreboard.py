"""The table of `subak eval`: trials side by side, then field by field."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from subak.cli.output import table
from subak.evaluation.judge import plain, show
from subak.evaluation.score import Item, Score
from subak.evaluation.trial import Trial
from subak.views.wording import count

_Figure = Callable[[Score], str]


def score_lines(trials: Sequence[Trial]) -> list[str]:
    """Return the table of all trials."""
    heads = ["", *(trial.name for trial in trials)]
    right = frozenset(range(1, len(heads)))
    rows = [heads]
    rows += [[name, *(say(t.score) for t in trials)] for name, say in _FIGURES]
    rows.append(["calls sent now", *(str(trial.sent) for trial in trials)])
    lines = table(rows, right=right)
    fields = list(dict.fromkeys(item.field for t in trials for item in t.score.items))
    by_field = [["right by field", *("" for _ in trials)]]
    by_field += [
        [f"  {name}", *(_right(trial.score.only(field=name)) for trial in trials)]
        for name in fields
    ]
    lines += ["", *table(by_field, right=right)]
    for trial in trials:
        lines += [
            f"failed  {each.item}: {each.error}  ({trial.name})"
            for each in trial.failures
        ]
    return lines


def miss_lines(trial: Trial) -> list[str]:
    """Return a line for each value that is wrong or missed."""
    rows = [
        [item.verdict, item.document, item.field, _told(item)]
        for item in trial.score.items
        if item.verdict != "right" or not item.is_held
    ]
    return ["", f"not right: {trial.name}", *table(rows)] if rows else []


def to_json(trials: Sequence[Trial]) -> dict[str, object]:
    """Return the versioned object of `subak eval --json`."""
    return {"version": 1, "trials": [_trial_json(trial) for trial in trials]}


def _trial_json(trial: Trial) -> dict[str, object]:
    return {
        "model": trial.model,
        "design": trial.design,
        "status": trial.status,
        "sent": trial.sent,
        "score": _score_json(trial.score),
        "short": _score_json(trial.score.only(long=False)),
        "long": _score_json(trial.score.only(long=True)),
        "items": [_item_json(item) for item in trial.score.items],
        "failures": [
            {"document": each.item, "error": each.error, "hint": each.hint}
            for each in trial.failures
        ],
    }


def _score_json(score: Score) -> dict[str, object]:
    bill = score.bill
    return {
        "documents": score.documents,
        "items": len(score.items),
        "right": score.right,
        "accuracy": round(score.accuracy, 4),
        "published": score.published,
        "wrong": score.wrong,
        "missed": score.missed,
        "refused": score.refused,
        "not_held": score.unheld,
        "old_republished": score.old,
        "traps": score.traps,
        "calls": bill.calls,
        "tokens": {
            "in": bill.tokens_in,
            "cached": bill.tokens_cached,
            "out": bill.tokens_out,
        },
        "seconds": round(bill.seconds, 1),
    }


def _item_json(item: Item) -> dict[str, object]:
    return {
        "document": item.document,
        "field": item.field,
        "verdict": item.verdict,
        "value": None if item.value is None else plain(item.value),
        "level": item.level,
        "accepted": [plain(value) for value in item.gold.accepted],
        "may_be_missing": item.gold.may_be_missing,
        "refused": item.is_refused,
        "held": item.is_held,
        "old": item.is_old,
        "trap": item.is_trap,
    }


def _told(item: Item) -> str:
    gold = " or ".join(show(value) for value in item.gold.accepted) or "nothing"
    said = "nothing" if item.value is None else show(item.value)
    marks = [
        name
        for name, is_so in (
            ("refused", item.is_refused),
            ("old", item.is_old),
            ("trap", item.is_trap),
            ("span does not hold it", not item.is_held),
        )
        if is_so
    ]
    return f"{said}, gold {gold}" + (f" ({', '.join(marks)})" if marks else "")


def _right(score: Score) -> str:
    return f"{score.right}/{len(score.items)}"


def _accuracy(score: Score) -> str:
    return f"{score.accuracy:.3f} ({_right(score)})" if score.items else "-"


def _wrong(score: Score) -> str:
    return f"{score.wrong_share:.1%} ({score.wrong}/{score.published})"


def _tokens(score: Score) -> str:
    bill, number = score.bill, max(score.documents, 1)
    fresh = bill.tokens_in - bill.tokens_cached
    return (
        f"{bill.tokens_in / number:.0f} ({fresh / number:.0f} new) "
        f"+ {bill.tokens_out / number:.0f}"
    )


def _each(total: float, score: Score) -> str:
    return f"{total / max(score.documents, 1):.2f}"


_FIGURES: tuple[tuple[str, _Figure], ...] = (
    ("documents", lambda score: count(score.documents)),
    ("accuracy", _accuracy),
    ("  short documents", lambda score: _accuracy(score.only(long=False))),
    ("  long documents", lambda score: _accuracy(score.only(long=True))),
    ("wrong among published", _wrong),
    ("missed", lambda score: str(score.missed)),
    ("refused", lambda score: str(score.refused)),
    ("spans without the value", lambda score: str(score.unheld)),
    ("old or example values", lambda score: str(score.old)),
    ("traps fallen into", lambda score: str(score.traps)),
    ("calls a document", lambda score: _each(score.bill.calls, score)),
    ("tokens a document, in + out", _tokens),
    ("seconds a document", lambda score: _each(score.bill.seconds, score)),
)
