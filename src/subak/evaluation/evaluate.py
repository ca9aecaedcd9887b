"""evaluate: run designs on a labelled set, through the journal of a workspace."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from subak.engine.clock import Clock, SystemClock
from subak.engine.control import Control
from subak.engine.events import Listener
from subak.engine.graph import Graph
from subak.engine.journal import Journal
from subak.engine.lock import WorkspaceLock
from subak.engine.memo import memo_key, unpack, value_digest
from subak.engine.options import RunOptions
from subak.engine.outcome import Outcome
from subak.engine.runner import Runner
from subak.engine.stage import Item, Stage
from subak.engine.steady_clock import SteadyClock
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from subak.evaluation.document_file import read_document
from subak.evaluation.facts_design import facts_design
from subak.evaluation.gold import read_value
from subak.evaluation.labelled_set import Case, LabelledSet, find_set, load_set
from subak.evaluation.one_prompt_design import example_of, one_prompt_design
from subak.evaluation.reading import Reading
from subak.evaluation.score import score
from subak.evaluation.trial import Design, Trial
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import FieldValue
from subak.llm.client import Model
from subak.llm.open_model import open_model
from subak.llm.tuning_memory import TuningMemory
from subak.recipes.resources import PROMPTS
from subak.recipes.settings import load_settings
from subak.views.summary import run_summary

_DOCUMENTS = JsonCodec(Document)


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """What is to be tried.

    Args:
        labelled: A folder, or the name of a set that ships.
        models: Specs or names; none takes that of the settings.
        limit: Only the first documents.
        folder: The workspace whose journal keeps the answers.
        refresh: Ask for all answers anew.
    """

    labelled: str = "tax"
    models: tuple[str, ...] = ()
    designs: tuple[Design, ...] = ("facts",)
    limit: int | None = None
    folder: Path = Path()
    refresh: bool = False
    max_parallel: int | None = None


@dataclass(frozen=True, slots=True)
class _Sample:
    """A set and its documents, read.

    Args:
        documents: By the name of the case.
    """

    labelled: LabelledSet
    cases: tuple[Case, ...]
    documents: Mapping[str, Document]

    def previous(self) -> dict[str, Mapping[str, FieldValue]]:
        """Return the older records, by document."""
        return {self.documents[case.name].id: case.previous for case in self.cases}


@dataclass(frozen=True, slots=True)
class _Lab:
    """What trials share."""

    request: EvaluationRequest
    store: Store
    journal: Journal
    clock: Clock
    control: Control | None


async def evaluate(
    request: EvaluationRequest,
    *,
    listeners: Sequence[Listener] = (),
    control: Control | None = None,
    clock: Clock | None = None,
) -> list[Trial]:
    """Try each design with each model and return how right they were.

    Raises:
        UserError: The set or a model spec is wrong, or another run is on.
        Unreachable: A model can't be reached; what is answered is kept.
    """
    sample = _read_sample(request)
    flags = {"max_parallel": request.max_parallel}
    settings = load_settings(request.folder, os.environ, flags).settings
    names = request.models or (os.environ.get("SUBAK_MODEL") or settings.model,)
    workspace = Workspace(request.folder)
    steady = SteadyClock(clock or SystemClock())
    trials: list[Trial] = []
    with WorkspaceLock(workspace):
        store = Store.open(workspace.journal)
        try:
            journal = Journal(store, steady)
            for listener in listeners:
                journal.subscribe(listener)
            lab = _Lab(request, store, journal, steady, control)
            for name in names:
                spec = settings.models.get(name, name)
                for design in request.designs:
                    trial = await _try(lab, sample, spec, design)
                    trials.append(trial)
                    if trial.status == "interrupted":
                        return trials
        finally:
            await store.close()
    return trials


def _read_sample(request: EvaluationRequest) -> _Sample:
    labelled = load_set(find_set(request.labelled))
    cases = labelled.cases[: request.limit]
    documents = {
        case.name: read_document(
            case.path,
            entity=case.entity,
            language=case.language,
            category=labelled.schema.category,
        )
        for case in cases
    }
    return _Sample(labelled, cases, documents)


async def _try(lab: _Lab, sample: _Sample, spec: str, design: Design) -> Trial:
    name = f"eval-{sample.labelled.name}"
    options = json.dumps({"model": spec, "design": design, "limit": lab.request.limit})
    run = await lab.journal.begin_run(name, _digest(sample, options), options)
    status, told = "interrupted", ""
    try:
        async with _open(spec, lab) as model:
            stage = _stage(lab, sample, model, design)
            outcome = await _execute(lab, sample, stage, run.id, model)
        status = _status(outcome)
        await lab.store.flush()
        summary = run_summary(lab.store.read(), run.id, status=status)
        told = json.dumps(summary.to_json())
    finally:
        await lab.journal.end_run(run.id, status, told)
    return Trial(
        model=spec,
        design=design,
        score=score(
            sample.cases,
            _readings(lab.journal, sample, stage, run.id, outcome),
            {name: document.text for name, document in sample.documents.items()},
            _example(sample) if design == "one-prompt" else None,
        ),
        sent=summary.calls.sent,
        status=status,
        failures=outcome.failures,
    )


def _stage(
    lab: _Lab, sample: _Sample, model: Model, design: Design
) -> Stage[Document, Reading]:
    if design == "one-prompt":
        return one_prompt_design(model, sample.labelled.schema, sample.previous())
    template = (PROMPTS / "facts.md").read_text(encoding="utf-8")
    return facts_design(model, sample.labelled.recipe, template, lab.journal)


async def _execute(
    lab: _Lab,
    sample: _Sample,
    stage: Stage[Document, Reading],
    run: str,
    model: Model,
) -> Outcome:
    graph = Graph()
    items = [Item(name, document) for name, document in sample.documents.items()]
    graph.then(stage, graph.source("documents", items, _DOCUMENTS))
    refresh = frozenset({stage.name}) if lab.request.refresh else frozenset[str]()
    runner = Runner(
        graph, lab.journal, RunOptions(run=run, clock=lab.clock, refresh=refresh)
    )
    if lab.control is not None:
        lab.control.attach(_Drained(runner, model))
    return await runner.run()


@dataclass(frozen=True, slots=True)
class _Drained:
    """A trial to be stopped: its tasks, and the calls they wait to send."""

    runner: Runner
    model: Model

    def drain(self) -> None:
        """Begin nothing new; calls under way finish and are kept."""
        self.runner.drain()
        self.model.drain()


def _readings(
    journal: Journal,
    sample: _Sample,
    stage: Stage[Document, Reading],
    run: str,
    outcome: Outcome,
) -> dict[str, Reading]:
    """Return what the run found, as the journal keeps it; of a failure, nothing."""
    readings = {each.item: Reading(problem=each.error) for each in outcome.failures}
    for name, document in sample.documents.items():
        digest = value_digest(_DOCUMENTS.encode(document))
        packed = journal.find_result(memo_key(stage, digest, run).digest)
        for output in unpack(packed) if packed is not None else ():
            readings[name] = stage.codec.decode(output.data)
    return readings


def _example(sample: _Sample) -> dict[str, FieldValue]:
    """Return the worked example as typed values."""
    schema = sample.labelled.schema
    shown = example_of(schema)
    return {
        field.name: read_value(shown[field.name], field)
        for field in schema.fields
        if shown[field.name] is not None
    }


@asynccontextmanager
async def _open(spec: str, lab: _Lab) -> AsyncIterator[Model]:
    model = open_model(
        spec,
        journal=lab.journal,
        clock=lab.clock,
        cap=lab.request.max_parallel,
        memory=TuningMemory(),
    )
    try:
        yield model
    finally:
        await model.close()


def _digest(sample: _Sample, options: str) -> str:
    texts = [document.id for document in sample.documents.values()]
    data = json.dumps([options, sample.labelled.schema.digest, *texts])
    return hashlib.blake2b(data.encode(), digest_size=16).hexdigest()


def _status(outcome: Outcome) -> str:
    if outcome.interrupted:
        return "interrupted"
    if not outcome.failures:
        return "done"
    return "partial" if outcome.done + outcome.cached else "failed"
