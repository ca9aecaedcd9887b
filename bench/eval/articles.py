"""Articles: sentences that runs have written, counted and checked once more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.eval.setting import Setting
from bench.row import CannotMeasureError, Check, Measured, NotInstalledError

_REWRITTEN = 0.70


def measure(setting: Setting) -> Measured:
    """Count the sentences of the articles in the given folders."""
    files = [
        file for folder in setting.articles for file in sorted(folder.glob("**/*.json"))
    ]
    if not files:
        raise NotInstalledError(
            "no articles: subak run intel, then --articles FOLDER/out/articles"
        )
    sentences = [each for file in files for each in _read(file)]
    if not sentences:
        raise CannotMeasureError("the articles have no sentences")
    cited = sum(bool(each.get("citations")) for each in sentences)
    # Typed templates and headings of code are no sentences the model could reword.
    worded = [each for each in sentences if each.get("verdict") in _WORDED]
    rewritten = sum(each["verdict"] != "literal" for each in worded)
    share = rewritten / max(len(worded), 1)
    return Measured(
        (
            Check(
                "article sentences with a citation",
                "100 %",
                f"{cited} of {len(sentences)}",
                cited == len(sentences),
            ),
            Check(
                "rewritten rather than literal",
                f">= {_REWRITTEN:.0%}",
                f"{share:.0%} ({rewritten} of {len(worded)})",
                share >= _REWRITTEN,
            ),
        ),
        {"articles": len(files), "sentences": len(sentences)},
        notes=("Whether a citation carries its sentence is read by a person.",),
        commands=("python -m bench.eval articles --articles FOLDER/out/articles",),
    )


_WORDED: Sequence[str] = ("rewritten", "paraphrase", "literal")


def _read(file: Path) -> Iterator[Mapping[str, object]]:
    try:
        article = json.loads(file.read_text(encoding="utf-8"))
        for section in article["sections"]:
            yield from section["sentences"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotMeasureError(f"{file} is no article: {error}") from error
