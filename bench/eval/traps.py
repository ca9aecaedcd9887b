"""Traps: wrong values that stand in the documents, proposed one by one. No model."""

from __future__ import annotations

from collections.abc import Iterator

from bench.eval.setting import Setting
from bench.row import Check, Measured
from subak.evaluation.document_file import read_document
from subak.evaluation.judge import plain, verify
from subak.evaluation.labelled_set import LabelledSet, find_set, load_set

_LET_THROUGH = 0.015
_RIGHT_PROVED = 0.95


def measure(setting: Setting) -> Measured:
    """Propose every trap, then every right value, and see what is proved."""
    labelled = load_set(find_set(setting.labelled))
    tried = list(_try(labelled, setting.documents))
    traps = [(place, is_proved) for place, is_trap, is_proved in tried if is_trap]
    right = [(place, is_proved) for place, is_trap, is_proved in tried if not is_trap]
    through = [place for place, is_proved in traps if is_proved]
    refused = [place for place, is_proved in right if not is_proved]
    let = len(through) / max(1, len(traps))
    proved = 1 - len(refused) / max(1, len(right))
    return Measured(
        (
            Check(
                "traps proved, proposed one by one",
                f"<= {_LET_THROUGH:.1%}",
                f"{let:.1%} ({len(through)}/{len(traps)})",
                let <= _LET_THROUGH,
            ),
            Check(
                "right values proved, proposed one by one",
                f">= {_RIGHT_PROVED:.0%}",
                f"{proved:.1%} ({len(right) - len(refused)}/{len(right)})",
                proved >= _RIGHT_PROVED,
            ),
        ),
        {
            "misses": [f"trap proved: {each}" for each in through]
            + [f"right value refused: {each}" for each in refused]
        },
        notes=(
            "What the evidence search alone can do: a proposer that is always wrong, "
            "then one that is always right. The limits are those of what is published.",
        ),
        commands=("python -m bench.eval traps",),
    )


def _try(labelled: LabelledSet, most: int | None) -> Iterator[tuple[str, bool, bool]]:
    """Yield the place, whether it is a trap, and whether it was proved."""
    for case in labelled.cases[:most]:
        document = read_document(
            case.path,
            entity=case.entity,
            language=case.language,
            category=labelled.schema.category,
        )
        for name, gold in case.gold.items():
            proposals = [(value, True) for value in case.traps.get(name, ())]
            if not gold.may_be_missing:
                proposals += [(value, False) for value in gold.accepted[:1]]
            for value, is_trap in proposals:
                found = verify({name: plain(value)}, document, labelled.schema)
                ruling = next(each for each in found.judgements if each.field == name)
                is_proved = ruling.ruling == "proved"
                place = f"{case.name} {name} {plain(value)}: {ruling.reason}"
                if is_trap and is_proved:
                    quote = " ".join(ruling.evidence[0].quote.split())[:160]
                    place = f"{case.name} {name} {plain(value)}: {quote}"
                yield place, is_trap, is_proved
