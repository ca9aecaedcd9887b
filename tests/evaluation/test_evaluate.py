"""evaluate: trials through the journal; what is asked once is not asked again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from subak.errors import UserError
from subak.evaluation.document_file import read_document
from subak.evaluation.evaluate import EvaluationRequest, evaluate
from subak.evaluation.one_prompt_design import example_of
from subak.evaluation.trial import Design, Trial
from subak.knowledge.facts.schema import FactSchema, Field, FieldKind
from subak.llm.model import Message
from subak.testing.model_server import FakeModelServer
from tests.evaluation.small_set import write_set


def _evaluate(request: EvaluationRequest) -> list[Trial]:
    return asyncio.run(evaluate(request))


def _request(
    folder: Path, *designs: Design, model: str = "echo", limit: int | None = None
) -> EvaluationRequest:
    labelled = folder / "mine"
    if not labelled.exists():
        write_set(labelled)
    return EvaluationRequest(
        str(labelled), (model,), designs or ("facts",), limit, folder / "work"
    )


def test_facts_stage_is_scored_on_the_set(tmp_path: Path) -> None:
    """The echo model finds what the documents say in plain words."""
    (trial,) = _evaluate(_request(tmp_path))
    assert (trial.status, trial.score.documents) == ("done", 2)
    assert trial.score.right == 4
    assert trial.score.unheld == 0
    assert trial.score.bill.calls == trial.sent > 0


def test_second_run_sends_no_call_and_keeps_the_bill(tmp_path: Path) -> None:
    """Answers come from the journal; what they took when made is told all the same."""
    (first,) = _evaluate(_request(tmp_path))
    (again,) = _evaluate(_request(tmp_path))
    assert again.sent == 0
    assert again.score == first.score


def test_refresh_asks_anew(tmp_path: Path) -> None:
    """Whoever wants to measure again says so."""
    request = _request(tmp_path)
    (first,) = _evaluate(request)
    anew = EvaluationRequest(
        request.labelled, request.models, folder=request.folder, refresh=True
    )
    (again,) = _evaluate(anew)
    assert again.sent == first.sent


def test_limit_reads_only_the_first_documents(tmp_path: Path) -> None:
    """Items of documents that were not read don't count."""
    (trial,) = _evaluate(_request(tmp_path, limit=1))
    assert (trial.score.documents, len(trial.score.items)) == (1, 2)


def _old_way(messages: Sequence[Message], _schema: str | None) -> str:
    """Answer as a model does that keeps the old record."""
    if "Norland" in messages[-1].content:
        return '```json\n{"vat": 16, "company": "none"}\n```'
    return "I cannot do that."


def test_one_prompt_design_is_believed_and_scored(tmp_path: Path) -> None:
    """Its prompt shows the old record; a kept value counts as old, prose as nothing."""

    async def scenario() -> tuple[list[Trial], list[str]]:
        async with FakeModelServer(_old_way) as server:
            spec = f"openai:fake@{server.url}"
            trials = await evaluate(_request(tmp_path, "one-prompt", model=spec))
            return trials, [asked.messages[-1].content for asked in server.asked]

    (trial,), prompts = asyncio.run(scenario())
    assert (trial.score.wrong, trial.score.old) == (1, 1)
    assert trial.score.refused == 1
    assert trial.score.missed == 1
    assert any("16" in prompt and "VAT" in prompt for prompt in prompts)


def test_document_that_cannot_be_read_by_the_model_counts_as_missed(
    tmp_path: Path,
) -> None:
    """A failed document is told, and its stated values are missed."""

    async def scenario() -> list[Trial]:
        async with FakeModelServer(lambda _messages, _schema: "no JSON") as server:
            spec = f"openai:fake@{server.url}"
            return await evaluate(_request(tmp_path, model=spec))

    (trial,) = asyncio.run(scenario())
    assert trial.status == "failed"
    assert len(trial.failures) == 2
    assert (trial.score.documents, trial.score.missed) == (2, 2)


def test_example_has_a_value_of_each_kind() -> None:
    """A worked example shows every field, and no two percentages alike."""
    kinds: tuple[FieldKind, ...] = (
        "percent",
        "percent",
        "money",
        "boolean",
        "text",
        "ranges",
    )
    fields = tuple(Field(f"f{n}", f"F{n}", kind) for n, kind in enumerate(kinds))
    shown = example_of(FactSchema("", "", fields))
    assert None not in shown.values()
    assert shown["f0"] != shown["f1"]
    json.dumps(shown)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.md", b"# Taxes\n\nThe VAT rate is 18 %.\n"),
        ("a.txt", b"Taxes\n\nThe VAT rate is 18 %.\n"),
        (
            "a.html",
            b"<html><main><h1>Taxes</h1><p>The VAT rate is 18 %.</p></main></html>",
        ),
    ],
)
def test_documents_are_read_by_their_format(
    tmp_path: Path, name: str, body: bytes
) -> None:
    """Markdown, text and HTML give the text a run would give."""
    (tmp_path / name).write_bytes(body)
    found = read_document(tmp_path / name, entity="Norland", category="tax")
    assert "The VAT rate is 18 %." in found.text
    assert "<" not in found.text
    assert (found.entity, found.category) == ("Norland", "tax")


def test_document_of_a_foreign_format_is_refused(tmp_path: Path) -> None:
    """The error names what can be read."""
    with pytest.raises(UserError, match=r"\.docx") as caught:
        read_document(tmp_path / "a.docx")
    assert ".md" in caught.value.hint
