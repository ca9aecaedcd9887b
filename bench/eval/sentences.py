"""Sentences: the checker on labelled pairs of a source and a sentence.

Without a model only what code proves is accepted; with one, what it judges as well.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycountry

from bench.eval.sentences_judged import judge_pairs
from bench.eval.setting import Setting
from bench.row import CannotMeasureError, Check, Measured, NotInstalledError
from subak.knowledge.checking.support import check, check_loosely

SETS = Path(__file__).parent / "sets"
_LET_THROUGH = 0.01
_ACCEPTED = {"plain": 0.95, "paraphrase": 0.5}


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and what it should follow from."""

    source: str
    sentence: str
    is_supported: bool
    kind: str


def measure(setting: Setting) -> Measured:
    """Check every pair of every file."""
    files = setting.pairs or tuple(sorted(SETS.glob("*.jsonl")))
    if not files:
        raise NotInstalledError("no sentence pairs: give a file with --pairs")
    names = [country.name for country in pycountry.countries]
    checks: list[Check] = []
    raw: dict[str, object] = {}
    for file in files:
        pairs = list(_read(file))
        accepted = [check(p.sentence, p.source, names=names).supported for p in pairs]
        if setting.model:
            bill = _judge(setting.model, pairs, accepted, names)
            raw[f"{file.stem}, judged by {setting.model}"] = bill
        checks += _checks(file.stem, pairs, accepted)
        raw[file.stem] = _by_kind(pairs, accepted)
        setting.conditions.say(f"{file.stem}: {len(pairs)} pairs")
    return Measured(
        tuple(checks),
        raw,
        notes=("Each line: kind, how many were accepted, how many there are.",),
        commands=("python -m bench.eval sentences --pairs FILE [--model embedded]",),
    )


def _judge(
    model: str, pairs: Sequence[Pair], accepted: list[bool], names: Sequence[str]
) -> Mapping[str, float]:
    """Accept what a model judges of those that code neither proves nor refuses."""
    places = [
        at
        for at, pair in enumerate(pairs)
        if not accepted[at]
        and check_loosely(pair.sentence, pair.source, names=names).supported
    ]
    judging = judge_pairs(
        model, [(pairs[at].sentence, pairs[at].source) for at in places]
    )
    for at, is_same in zip(places, judging.same, strict=True):
        accepted[at] = is_same
    return judging.bill()


def _checks(name: str, pairs: Sequence[Pair], accepted: Sequence[bool]) -> list[Check]:
    judged = list(zip(pairs, accepted, strict=True))
    bad = [is_so for pair, is_so in judged if not pair.is_supported]
    let = sum(bad) / max(len(bad), 1)
    checks = [
        Check(
            f"unsupported sentences let through, {name}",
            f"<= {_LET_THROUGH:.0%}",
            f"{let:.1%} ({sum(bad)}/{len(bad)})",
            let <= _LET_THROUGH,
        )
    ]
    for kind, least in _ACCEPTED.items():
        good = [is_so for p, is_so in judged if p.is_supported and p.kind == kind]
        if good:
            share = sum(good) / len(good)
            checks.append(
                Check(
                    f"{kind} restatements accepted, {name}",
                    f">= {least:.0%}",
                    f"{share:.1%} ({sum(good)}/{len(good)})",
                    share >= least,
                )
            )
    return checks


def _by_kind(
    pairs: Sequence[Pair], accepted: Sequence[bool]
) -> dict[str, tuple[int, int]]:
    asked = Counter(pair.kind for pair in pairs)
    taken = Counter(
        pair.kind for pair, is_so in zip(pairs, accepted, strict=True) if is_so
    )
    return {kind: (taken[kind], number) for kind, number in sorted(asked.items())}


def _read(file: Path) -> Iterator[Pair]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotMeasureError(f"cannot read {file}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            is_supported = {"supported": True, "unsupported": False}[row["label"]]
            source, sentence = str(row["source"]), str(row["sentence"])
            yield Pair(source, sentence, is_supported, str(row["kind"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CannotMeasureError(
                f"{file}:{number}: no sentence pair: {error}"
            ) from error
