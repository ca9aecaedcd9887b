"""The design of the old scripts: one big prompt, the answer is taken as it comes.

For comparison only. The prompt shows the record to update and a worked example, and
asks to keep a present value that the document doesn't settle.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping

from subak.engine.stage import Stage
from subak.errors import InvalidAnswer
from subak.evaluation.bill import Bill
from subak.evaluation.gold import read_value
from subak.evaluation.metered import Metered
from subak.evaluation.reading import Asserted, Reading, Refused
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.facts.ranges import Range
from subak.knowledge.facts.schema import FactSchema
from subak.llm.ask import Answering
from subak.llm.model import Message, Prompt

MAX_CHARS = 12_000
_MAX_TOKENS = 1_200
# Values of an imaginary country, by kind: a worked example has to show something.
_SHOWN: Mapping[str, tuple[object, ...]] = {
    "percent": (20.0, 5.0, 25.0, 45.0, 7.65, 15.5, 10.0),
    "money": (12_000,),
    "number": (3,),
    "date": ("2024-01-01",),
    "enum": (),
    "text": ("dollar",),
    "boolean": (True,),
    "ranges": ([[0, 10_000, 10], [10_000, 50_000, 25], [50_000, None, 45]],),
}
_SYSTEM = (
    "You are an expert who keeps records up to date. You read documents carefully and "
    "answer with nothing but JSON."
)
_TASK = """Update the record of {entity} from the document below.

What the keys mean:
{meanings}

Values of {entity} as they are on record now:
{previous}

The form of the answer, with the values of another country:
{example}

Document:
\"\"\"
{text}
\"\"\"

Give the updated record of {entity} as one JSON object with exactly these keys. Take \
the values from the document. If you are not sure of one, use the value that is on \
record now. Use null for what is neither in the document nor on record."""


def one_prompt_design(
    model: Answering,
    schema: FactSchema,
    previous: Mapping[str, Mapping[str, FieldValue]],
) -> Stage[Document, Reading]:
    """Return the stage that asks for a whole record and believes it.

    Args:
        previous: The record to update, by document.
    """
    metered = Metered(model)

    async def run(document: Document) -> AsyncIterator[Reading]:
        known = previous.get(document.id, {})
        completion = await metered.complete(_prompt(document, schema, known))
        bill = metered.take_bill()
        try:
            answer = _read(completion.text, metered.id)
        except InvalidAnswer as error:
            yield Reading(bill=bill, problem=error.message)
            return
        yield _reading(answer, schema, bill)

    kept = json.dumps([[key, _plain_all(value)] for key, value in previous.items()])
    return Stage(
        "one-prompt",
        run,
        JsonCodec(Reading),
        key={"model": model.id, "schema": schema.digest, "previous": kept},
        once_per_run=True,
    )


def example_of(schema: FactSchema) -> dict[str, object]:
    """Return the worked example the prompt shows."""
    shown: dict[str, int] = {}
    example: dict[str, object] = {}
    for field in schema.fields:
        values = _SHOWN[field.kind] or field.values or (None,)
        number = shown.get(field.kind, 0)
        example[field.name] = values[number % len(values)]
        shown[field.kind] = number + 1
    return example


def _prompt(
    document: Document, schema: FactSchema, known: Mapping[str, FieldValue]
) -> Prompt:
    record = {
        field.name: _plain(known[field.name]) if field.name in known else None
        for field in schema.fields
    }
    meanings = [f"- {field.name}: {field.meaning}" for field in schema.fields]
    task = _TASK.format(
        entity=document.entity or document.title,
        meanings="\n".join(meanings),
        previous=json.dumps(record, ensure_ascii=False),
        example=json.dumps(example_of(schema), ensure_ascii=False),
        text=document.text[:MAX_CHARS],
    )
    return Prompt(
        (Message("system", _SYSTEM), Message("user", task)), max_tokens=_MAX_TOKENS
    )


def _read(text: str, model: str) -> dict[str, object]:
    begin, end = text.find("{"), text.rfind("}")
    try:
        value = json.loads(text[begin : end + 1])
    except (ValueError, RecursionError) as error:
        raise InvalidAnswer(f"it is not JSON: {error}", where=model) from error
    if not isinstance(value, dict):
        raise InvalidAnswer("it is not a JSON object", where=model)
    return value


def _reading(answer: dict[str, object], schema: FactSchema, bill: Bill) -> Reading:
    asserted: list[Asserted] = []
    refused: list[Refused] = []
    for field in schema.fields:
        written = answer.get(field.name)
        if written is None:
            continue
        try:
            asserted.append(Asserted(field.name, read_value(written, field)))
        except ValueError as error:
            refused.append(Refused(field.name, str(written)[:80], str(error)))
    return Reading(tuple(asserted), tuple(refused), bill)


def _plain_all(values: Mapping[str, FieldValue]) -> dict[str, object]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: FieldValue) -> object:
    if isinstance(value, tuple):
        return [_row(each) for each in value]
    return value


def _row(each: Range) -> list[float | None]:
    return [each.lower, each.upper, each.value]
