"""Gaps: what stayed open in a long document is asked for once more, in other text."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Record
from subak.knowledge.facts.schema import FactSchema, Field
from subak.llm.foreign import fenced_texts
from subak.llm.model import Completion, ModelId, Prompt, Timing, Usage
from subak.stages.facts import facts
from tests.stages.test_facts import TEMPLATE, FakeEvents

_SCHEMA = FactSchema(
    "tax",
    "country",
    (
        Field("vat", "VAT rate", "percent", words=("VAT",)),
        Field("wealth", "Wealth tax", "percent", words=("wealth tax",)),
    ),
)
_FILLER = "The office is open on weekdays and answers letters within a fortnight.\n\n"


@dataclass
class Reader:
    """A model that answers from the text it is shown."""

    answer: Callable[[str], Mapping[str, object]]
    shown: list[str] = field(default_factory=list)
    schemas: list[list[str]] = field(default_factory=list)

    @property
    def id(self) -> ModelId:
        """Identify the model."""
        return ModelId("reader")

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer the fields that are asked for."""
        (text,) = fenced_texts(prompt.messages[-1].content)
        self.shown.append(text)
        names = list(json.loads(prompt.schema or "{}")["properties"])
        self.schemas.append(names)
        found = self.answer(text)
        answer = {name: found.get(name) for name in names}
        return Completion(json.dumps(answer), Usage(), Timing(0))


def _read(model: Reader, text: str, budget: int) -> Record:
    document = Document(
        "d", "http://127.0.0.1/a", "Germany", text, language="en", category="tax"
    )
    stage = facts(model, {"tax": _SCHEMA}, TEMPLATE, FakeEvents(), {"tax": budget})

    async def scenario() -> list[Record]:
        return [record async for record in stage.run(document)]

    (record,) = asyncio.run(scenario())
    return record


def _wealth(text: str) -> Mapping[str, object]:
    """Know the wealth tax only where its own sentence is shown."""
    return {"vat": 19, "wealth": 2 if "wealth tax on estates is 2 %" in text else None}


_LONG = (
    "The VAT rate is 19 %.\n\n"
    + "".join(f"A wealth or land tax is {n} %.\n\n" for n in range(3, 7))
    + _FILLER * 20
    + "The wealth tax on estates is 2 %.\n"
)


def test_facts_asks_again_in_other_text() -> None:
    """One narrow question about the open field, over passages not shown before."""
    model = Reader(_wealth)
    record = _read(model, _LONG, 240)
    assert {fact.field: fact.value for fact in record.facts} == {"vat": 19, "wealth": 2}
    assert model.schemas == [["vat", "wealth"], ["wealth"]]
    first, second = model.shown
    assert "The wealth tax on estates is 2 %." not in first
    assert len(second) < 200


def test_facts_never_asks_a_whole_text_again() -> None:
    """The same question about the same text would get the same answer."""
    model = Reader(lambda _: {})
    _read(model, _LONG, 100_000)
    assert len(model.shown) == 1


def test_facts_asks_twice_at_most() -> None:
    """What stays open then is left open."""
    model = Reader(lambda _: {"vat": 19})
    record = _read(model, _LONG, 240)
    assert [fact.field for fact in record.facts] == ["vat"]
    assert len(model.shown) == 2


def test_facts_asks_once_when_nothing_stayed_open() -> None:
    """A long document whose values are all proved costs one call."""
    model = Reader(lambda _: {"vat": 19, "wealth": 3})
    text = "The VAT rate is 19 %.\n\nWealth tax: 3 %\n\n" + _FILLER * 20
    record = _read(model, text, 240)
    assert len(record.facts) == 2
    assert len(model.shown) == 1
