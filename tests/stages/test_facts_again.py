"""Facts of a document that changed: only what the change speaks of is asked for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.context import TaskContext, set_current_task
from subak.engine.memo import memo_key, pack, produce, value_digest
from subak.engine.stage import Stage
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.facts.fact import Record
from subak.knowledge.facts.schema import FactSchema, Field
from subak.llm.foreign import fenced_texts
from subak.llm.model import Completion, ModelId, Prompt, Timing, Usage
from subak.stages.earlier import Earlier
from subak.stages.facts import facts
from tests.stages.test_facts import TEMPLATE, FakeEvents

URL = "http://127.0.0.1/germany"
CODEC = JsonCodec(Document)
FIELDS = {"vat": "VAT rate", "wealth": "wealth tax", "exit": "exit levy"}
SCHEMA = FactSchema(
    "tax",
    "country",
    tuple(
        Field(name, title, "percent", words=(title,)) for name, title in FIELDS.items()
    ),
)
FILLER = "The office is open on weekdays and answers letters within a fortnight."


def text(vat: object = 19, wealth: object = 2, *more: str) -> str:
    """Return a page that states two rates and whatever else."""
    lines = (f"The VAT rate is {vat} %.", f"The wealth tax is {wealth} %.", *more)
    return "\n\n".join(("# Germany", *lines, FILLER))


@dataclass
class Reader:
    """A model that reads the numbers off the passages it is shown."""

    asked: list[Prompt] = field(default_factory=list)

    @property
    def id(self) -> ModelId:
        """Identify the model."""
        return ModelId("reader")

    async def complete(self, prompt: Prompt) -> Completion:
        """Return of each wanted field the number behind its title."""
        self.asked.append(prompt)
        (shown,) = fenced_texts(prompt.messages[-1].content)
        answer = {name: _number(shown, FIELDS[name]) for name in _wanted(prompt)}
        return Completion(json.dumps(answer), Usage(), Timing(0))


def _wanted(prompt: Prompt) -> Sequence[str]:
    assert prompt.schema is not None
    return list(json.loads(prompt.schema)["properties"])


def _number(shown: str, title: str) -> float | None:
    for line in shown.splitlines():
        if title in line:
            return float(line.rsplit(" ", 2)[1])
    return None


class Desk:
    """A facts stage with the archive and results of the days before."""

    def __init__(self, schema: FactSchema = SCHEMA) -> None:
        self.model = Reader()
        self.results: dict[str, bytes] = {}
        self.documents: list[Document] = []
        self.stage: Stage[Document, Record] = facts(
            self.model,
            {"tax": schema},
            TEMPLATE,
            FakeEvents(),
            earlier=Earlier(self._previous, self.results.get, CODEC),
        )

    def _previous(self, document: Document) -> Document | None:
        others = [each for each in self.documents if each.id != document.id]
        return others[-1] if others else None

    def read(
        self, words: str, *, refresh: bool = False, title: str = "Germany"
    ) -> Record:
        """Run the stage on the page's text of today and keep what it found."""
        document = Document(document_id(URL, words), URL, title, words, category="tax")

        async def scenario() -> Record:
            set_current_task(TaskContext(stage="facts", item="g", refresh=refresh))
            (record,) = [record async for record in self.stage.run(document)]
            return record

        self.model.asked.clear()
        record = asyncio.run(scenario())
        digest = value_digest(CODEC.encode(document))
        packed = pack([produce(self.stage, record)])
        self.results[memo_key(self.stage, digest, "").digest] = packed
        self.documents.append(document)
        for fact in record.facts:
            for proof in fact.evidence:
                assert proof.document == document.id
                assert words[proof.start : proof.end] == proof.quote
        return record

    @property
    def shown(self) -> list[str]:
        """Return what the model was shown in the last reading."""
        return [fenced_texts(each.messages[-1].content)[0] for each in self.model.asked]


def values(record: Record) -> dict[str, object]:
    """Return the values by field."""
    return {fact.field: fact.value for fact in record.facts}


def test_facts_change_that_speaks_of_no_field_costs_no_call() -> None:
    """A new opening time is no question; the old values are proved in the new text."""
    desk = Desk()
    before = desk.read(text())
    assert values(before) == {"vat": 19, "wealth": 2}
    record = desk.read(
        "The portal was renewed.\n\n" + text(19, 2, "Call in the morning.")
    )
    assert desk.model.asked == []
    assert values(record) == values(before)
    assert [fact.level for fact in record.facts] == [
        fact.level for fact in before.facts
    ]


def test_facts_changed_passage_is_all_that_is_shown() -> None:
    """One rate changed: one field is asked for, and only its passage is shown."""
    desk = Desk()
    desk.read(text())
    record = desk.read(text(20))
    assert values(record) == {"vat": 20, "wealth": 2}
    (shown,) = desk.shown
    assert "The VAT rate is 20 %." in shown
    assert FILLER not in shown
    assert "wealth" not in shown
    assert _wanted(desk.model.asked[0]) == ["vat"]


def test_facts_new_passage_gives_a_new_field() -> None:
    """What was not stated before is asked for once it is."""
    desk = Desk()
    desk.read(text())
    record = desk.read(text(19, 2, "The exit levy is 5 %."))
    assert values(record) == {"vat": 19, "wealth": 2, "exit": 5}
    assert _wanted(desk.model.asked[0]) == ["exit"]


def test_facts_value_that_went_is_not_kept() -> None:
    """A passage that is gone takes its value with it."""
    desk = Desk()
    desk.read(text())
    record = desk.read("\n\n".join(("# Germany", "The wealth tax is 2 %.", FILLER)))
    assert values(record) == {"wealth": 2}


def test_facts_moved_value_is_found_over_the_whole_text() -> None:
    """A value whose passage went, but which stands elsewhere, is found there."""
    desk = Desk()
    twice = "Since March the VAT rate is 19 %."
    desk.read(text(19, 2, twice))
    record = desk.read("\n\n".join(("# Germany", "The wealth tax is 2 %.", twice)))
    assert values(record) == {"vat": 19, "wealth": 2}


@pytest.mark.parametrize("why", ["refresh", "schema", "first"])
def test_facts_without_an_earlier_reading_are_asked_whole(why: str) -> None:
    """A refresh, another schema or a first reading shows the whole document."""
    desk = Desk()
    if why == "schema":
        other = Desk(replace(SCHEMA, fields=SCHEMA.fields[:2]))
        other.read(text())
        desk.documents, desk.results = other.documents, other.results
    elif why == "refresh":
        desk.read(text())
    desk.read(text(20), refresh=why == "refresh")
    assert FILLER in desk.shown[0]


def test_facts_of_another_country_are_read_anew() -> None:
    """A page that changed its subject is a new page."""
    desk = Desk()
    desk.read(text())
    desk.read(text().replace("Germany", "France"), title="France")
    assert FILLER in desk.shown[0]


rates = st.integers(1, 40)
endings = st.lists(
    st.sampled_from(
        [FILLER, "The exit levy is 5 %.", "Call in the morning.", "VAT is explained."]
    ),
    max_size=3,
)
states = st.tuples(rates, rates, endings)


@settings(max_examples=12, deadline=None)
@given(st.lists(states, min_size=2, max_size=4))
def test_facts_of_changes_are_those_of_the_whole(
    days: list[tuple[int, int, list[str]]],
) -> None:
    """Day after day a page changes: its values are those of a first reading."""
    desk = Desk()
    for vat, wealth, more in days:
        words = text(vat, wealth, *more)
        assert values(desk.read(words)) == values(Desk().read(words))
