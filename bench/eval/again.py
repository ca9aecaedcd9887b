"""Again: an unchanged corpus, then one changed sentence; what is called, and why."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bench.eval.setting import Setting
from bench.row import Check, Measured
from subak.api import RunRequest, aplan, arun
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.evaluation.labelled_set import Case, find_set, load_set
from subak.views.call_rows import iter_answered
from subak.views.summary import RunSummary

_DOCUMENTS = 6
_BEHIND_FACTS = ("draft", "review")
_CHANGES = (("germany.md", "21 percent; it had stood", "22 percent; it had stood"),)


def measure(setting: Setting) -> Measured:
    """Run a recipe over the first documents, again, and with a changed sentence.

    The echo model answers: how many calls are made doesn't depend on the model.
    """
    folder = setting.conditions.folder / "corpus"
    labelled = find_set("tax")
    cases = load_set(labelled).cases[: setting.conditions.pick(_DOCUMENTS, 2)]
    _write(folder, labelled, cases)
    first = _run(folder)
    second = _run(folder)
    name, before, after = _CHANGES[0]
    path = folder / "documents" / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(before, after), encoding="utf-8")
    fetched = _run(folder, only="index")  # the plan knows what has been fetched
    foreseen = _foreseen(folder)
    third = _run(folder)
    asked = _asked(folder, third.run)
    others = [item for stage, item in asked if stage == "facts" and name not in item]
    places = [_place(foreseen, stage, item) for stage, item in asked]
    neither = places.count("neither")
    return Measured(
        (
            Check(
                "calls for an unchanged corpus",
                "0",
                str(second.calls.sent),
                second.calls.sent == 0 and second.status == "done",
            ),
            Check(
                "one changed sentence: calls for other documents",
                "0",
                f"{len(others)} of {third.calls.sent}",
                not others and text != path.read_text(encoding="utf-8"),
            ),
            Check(
                "one changed sentence: calls the plan does not explain",
                "0",
                f"{neither}; {places.count('foreseen')} foreseen, "
                f"{places.count('behind')} behind these",
                not neither and "foreseen" in places,
            ),
        ),
        {
            "calls": [each.calls.sent for each in (first, second, fetched, third)],
            "asked": [list(each) for each in asked],
            "foreseen": foreseen,
        },
        notes=(
            "The plan is asked after the changed file was fetched. It names the call "
            "for the document; the draft behind it can only be known with its answer.",
            f"{len(cases)} documents of the labelled set as a recipe over files; the "
            f"first run sent {first.calls.sent} calls.",
        ),
        commands=("python -m bench.eval again",),
    )


def _write(folder: Path, labelled: Path, cases: tuple[Case, ...]) -> None:
    documents = folder / "documents"
    documents.mkdir(parents=True)
    lines = ['name = "again"', (labelled / "schema.toml").read_text(encoding="utf-8")]
    for case in cases:
        (documents / case.name).write_bytes(case.path.read_bytes())
        lines += [
            "[[source]]",
            'kind = "files"',
            f"name = {json.dumps(case.name)}",
            f"paths = [{json.dumps(f'documents/{case.name}')}]",
            f"entities = [{json.dumps(case.entity)}]",
            f"language = {json.dumps(case.language)}",
        ]
    (folder / "recipe.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _run(folder: Path, only: str | None = None) -> RunSummary:
    request = RunRequest(str(folder), model="echo", only=only, workers=0)
    return asyncio.run(arun(request))


def _foreseen(folder: Path) -> dict[str, list[str]]:
    """Return the items to do by stage, as the plan tells them beforehand."""
    plan = asyncio.run(aplan(RunRequest(str(folder), model="echo", workers=0)))
    found: dict[str, list[str]] = {
        stage.stage: [] for stage in plan.stages if stage.is_open
    }
    for task in plan.tasks:
        if task.state == "to do":
            found.setdefault(task.stage, []).append(task.item)
    return found


def _place(foreseen: Mapping[str, list[str]], stage: str, item: str) -> str:
    """Tell whether the plan named a call, or one that it follows from."""
    if item in foreseen.get(stage, ()):
        return "foreseen"
    is_behind = stage in _BEHIND_FACTS and bool(foreseen.get("facts"))
    return "behind" if is_behind else "neither"


def _asked(folder: Path, run: str) -> list[tuple[str, str]]:
    """Return stage and item of each call of a run."""
    with closing(open_reader(Workspace(folder).journal)) as database:
        calls = [call.sent for call in iter_answered(database, run)]
    return sorted((call.stage, call.item) for call in calls)
