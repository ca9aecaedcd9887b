"""ask: a model's answer as validated JSON, or an error; nothing in between."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

import fastjsonschema

from subak.errors import InvalidAnswer, UserError
from subak.llm.foreign import neutralise
from subak.llm.model import Completion, Message, ModelId, Prompt

_RE_ASKS = 2
_HINT = "subak logs --failed shows the calls; a larger model may do better"
_SHOWN_CHARS = 2_000
_Validate = Callable[[object], object]


class Answering(Protocol):
    """What ``ask`` needs of a model."""

    @property
    def id(self) -> ModelId:
        """Identify the model."""
        ...

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON object that is valid under the prompt's schema.

    Args:
        value: The parsed object.
        completion: The call it came from, the last one if there were re-asks.
        re_asks: How often the model had to be asked again.
    """

    value: Mapping[str, object]
    completion: Completion
    re_asks: int = 0


async def ask(model: Answering, prompt: Prompt) -> Answer:
    """Ask for an answer under ``prompt.schema`` and return it validated.

    An answer cut by ``max_tokens`` is asked for once more with twice as many; one
    that is not valid at most twice more, naming the error.

    Raises:
        InvalidAnswer: Still not valid; the calls are in the journal.
        UserError: The prompt has no usable schema.
    """
    validate = _validator(prompt.schema)
    asked, longer, re_asks = prompt, False, 0
    while True:
        completion = await model.complete(asked)
        try:
            value = _checked(completion.text, validate)
            return Answer(value, completion, re_asks)
        except _NotValid as error:
            problem = str(error)
        if completion.finish == "length":
            if longer:
                tokens = asked.max_tokens
                hint = f"allow longer answers, for example --max-tokens {2 * tokens}"
                raise _gave_up(model, f"longer than {tokens} tokens", re_asks, hint)
            longer = True
            asked = replace(asked, max_tokens=2 * asked.max_tokens)
        elif re_asks < _RE_ASKS:
            re_asks += 1
            asked = _again(prompt, asked, completion.text, problem)
        else:
            raise _gave_up(model, problem, re_asks)


def read_answer(text: str, schema: str) -> Mapping[str, object] | None:
    """Return the object in a text if it is valid under the schema, else None."""
    try:
        return _checked(text, _validator(schema))
    except _NotValid:
        return None


class _NotValid(ValueError):
    """Why a text is not the answer asked for."""


def _checked(text: str, validate: _Validate) -> Mapping[str, object]:
    value = _read_object(text)
    try:
        validate(value)
    except fastjsonschema.JsonSchemaValueException as error:
        raise _NotValid(str(error.message)) from error
    return value


def _read_object(text: str) -> Mapping[str, object]:
    """Parse the object; models without constrained decoding wrap it in prose."""
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        raise _NotValid("there is no JSON object in it")
    try:
        value = json.loads(text[begin : end + 1], parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _NotValid(f"it is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise _NotValid("it is not a JSON object")
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")


def _again(first: Prompt, last: Prompt, text: str, problem: str) -> Prompt:
    """Return the first prompt with the bad answer and its error after it."""
    messages = (
        *first.messages,
        Message("assistant", neutralise(text)[:_SHOWN_CHARS]),
        Message(
            "user",
            f"That answer is not valid: {neutralise(problem)[:300]}. "
            "Answer again with one JSON object that is.",
        ),
    )
    return replace(last, messages=messages, sample=last.sample + 1)


def _gave_up(
    model: Answering, problem: str, re_asks: int, hint: str = _HINT
) -> InvalidAnswer:
    times = {0: "", 1: " after 1 re-ask"}.get(re_asks, f" after {re_asks} re-asks")
    return InvalidAnswer(
        f"the answer is not valid{times}: {problem}",
        where=model.id,
        hint=hint,
    )


@lru_cache(maxsize=64)
def _validator(schema: str | None) -> _Validate:
    if schema is None:
        raise UserError("the prompt has no schema", hint="set Prompt.schema")
    try:
        compiled: _Validate = fastjsonschema.compile(json.loads(schema))
    except (ValueError, fastjsonschema.JsonSchemaDefinitionException) as error:
        raise UserError(
            f"the answer's JSON Schema is not valid: {error}",
            hint="mend the schema of the prompt",
        ) from error
    return compiled
