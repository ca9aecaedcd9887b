"""langextract on the same documents and the same local model."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.eval.local_server import LocalServer, local_server
from bench.eval.setting import Setting, kept_folder
from bench.eval.trials import LARGE, figures, require_weights, run_trial
from bench.row import CannotMeasureError, Check, Measured, NotInstalledError
from subak.evaluation.bill import Bill
from subak.evaluation.document_file import read_document
from subak.evaluation.gold import read_value
from subak.evaluation.labelled_set import Case, LabelledSet, find_set, load_set
from subak.evaluation.reading import Asserted, Reading
from subak.evaluation.score import score
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Evidence
from subak.knowledge.facts.schema import Field
from subak.knowledge.text.numbers import read_numbers

ROOT = Path(__file__).parent.parent.parent
PYTHON = ROOT / ".venv-eval" / "bin" / "python"
_BRACKET = "income_tax_bracket"
Row = Mapping[str, object]


def measure(setting: Setting) -> Measured:
    """Extract with langextract, score as everything else, put ours beside."""
    if not PYTHON.exists():
        raise NotInstalledError("langextract is missing: make eval installs it")
    require_weights(LARGE)
    labelled = load_set(find_set(setting.labelled))
    cases = labelled.cases[: setting.documents]
    documents = {case.name: read_document(case.path) for case in cases}
    rows = _extract(setting, documents)
    readings = {
        case.name: _reading(rows[case.name], labelled, documents[case.name])
        for case in cases
    }
    texts = {name: document.text for name, document in documents.items()}
    theirs = score(cases, readings, texts)
    ours = run_trial(setting, LARGE, "facts").score
    problems = [
        f"{case.name}: {readings[case.name].problem}"
        for case in _failed(cases, readings)
    ]
    return Measured(
        (
            Check(
                "field accuracy against langextract",
                ">= its own",
                f"{ours.accuracy:.3f} against {theirs.accuracy:.3f}",
                ours.accuracy >= theirs.accuracy,
            ),
            Check(
                "wrong among published against langextract",
                "<= its own",
                f"{ours.wrong_share:.1%} against {theirs.wrong_share:.1%}",
                ours.wrong_share <= theirs.wrong_share,
            ),
        ),
        {"score": figures(theirs), "own": figures(ours), "problems": problems},
        notes=(
            f"{theirs.unheld} of its {theirs.published} values do not stand in the "
            f"span it names for them; {len(problems)} documents gave nothing.",
        ),
        commands=("python -m bench.eval langextract",),
    )


def _failed(cases: Sequence[Case], readings: Mapping[str, Reading]) -> list[Case]:
    return [case for case in cases if readings[case.name].problem]


def _extract(setting: Setting, documents: Mapping[str, Document]) -> dict[str, Row]:
    """Return its answers; those of an earlier measurement are used again."""
    kept = kept_folder() / "langextract"
    kept.mkdir(parents=True, exist_ok=True)
    files = {name: kept / f"{each.id}.json" for name, each in documents.items()}
    asked = {
        name: document
        for name, document in documents.items()
        if setting.is_fresh or not files[name].exists()
    }
    if asked:
        with local_server(LARGE) as server:
            for row in _answers(server, asked):
                name = str(row["name"])
                files[name].write_text(json.dumps(row), encoding="utf-8")
                setting.conditions.say(f"langextract: {name}")
    return {
        name: json.loads(file.read_text(encoding="utf-8"))
        for name, file in files.items()
    }


def _answers(server: LocalServer, asked: Mapping[str, Document]) -> Iterator[Row]:
    command = [str(PYTHON), "-m", "bench.eval.langextract_peer"]
    command += ["--url", server.url, "--key", server.key, "--model", LARGE]
    lines = [
        json.dumps({"name": name, "text": document.text})
        for name, document in asked.items()
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("\n".join(lines) + "\n")
        process.stdin.close()
        for line in process.stdout:
            if line.startswith("{"):
                yield json.loads(line)
    if process.returncode:
        raise CannotMeasureError(f"langextract ended with {process.returncode}")


def _reading(row: Row, labelled: LabelledSet, document: Document) -> Reading:
    found = row.get("found")
    if not isinstance(found, list):
        return Reading(bill=Bill(1), problem=str(row.get("problem", "no answer")))
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for each in found:
        grouped[str(each["class"])].append(each)
    asserted: list[Asserted] = []
    for field in labelled.schema.fields:
        is_list = field.kind == "ranges"
        rows = grouped[_BRACKET] if is_list else grouped[field.name][:1]
        if not rows:
            continue
        written = [_bracket(each) for each in rows] if is_list else _plain(rows, field)
        try:
            value = read_value(written, field)
        except ValueError:
            continue
        spans = tuple(_span(each, document) for each in rows)
        asserted.append(Asserted(field.name, value, "span", spans))
    seconds = row.get("seconds", 0.0)
    spent = float(seconds) if isinstance(seconds, int | float) else 0.0
    return Reading(tuple(asserted), bill=Bill(1, seconds=spent))


def _plain(rows: Sequence[Row], field: Field) -> object:
    text = _attribute(rows[0], "value")
    if field.kind == "boolean":
        return {"true": True, "false": False}.get(text.casefold())
    return _number(text) if field.is_number else text


def _bracket(row: Row) -> list[float | None]:
    lower, upper, rate = (_number(_attribute(row, k)) for k in ("from", "to", "rate"))
    return [lower or 0.0, upper, rate]


def _attribute(row: Row, name: str) -> str:
    attributes = row["attributes"]
    value = attributes.get(name) if isinstance(attributes, dict) else None
    return "" if value is None else str(value)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        numbers = read_numbers(text)
        return numbers[0].values[0] if numbers else None


def _span(row: Row, document: Document) -> Evidence:
    start, end = row.get("start"), row.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        return Evidence(document.id, document.url, 0, 0, "?")
    return Evidence(document.id, document.url, start, end, document.text[start:end])
