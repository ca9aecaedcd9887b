"""ask: valid JSON or an error, with at most two re-asks."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

import pytest

from subak.errors import InvalidAnswer, UserError
from subak.llm.ask import Answer, ask
from subak.llm.model import (
    Completion,
    FinishReason,
    Message,
    ModelId,
    Prompt,
    Timing,
    Usage,
)

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"rate": {"type": ["number", "null"]}},
        "required": ["rate"],
        "additionalProperties": False,
    }
)
PROMPT = Prompt((Message("user", "Which rate?"),), schema=SCHEMA, max_tokens=8)


@dataclass
class Script:
    """A model that gives prepared answers, the last one again and again."""

    answers: tuple[str | tuple[str, FinishReason], ...]
    id: ModelId = field(default=ModelId("script"))
    asked: list[Prompt] = field(default_factory=list)

    async def complete(self, prompt: Prompt) -> Completion:
        """Give the next answer."""
        at = min(len(self.asked), len(self.answers) - 1)
        self.asked.append(prompt)
        answer = self.answers[at]
        text, finish = (answer, "stop") if isinstance(answer, str) else answer
        done: FinishReason = "length" if finish == "length" else "stop"
        return Completion(text, Usage(), Timing(0.0), done)


def _ask(script: Script, prompt: Prompt = PROMPT) -> Answer:
    return asyncio.run(ask(script, prompt))


@pytest.mark.parametrize(
    "text",
    [
        '{"rate": 19}',
        '```json\n{"rate": 19}\n```',
        'Sure! Here it is: {"rate": 19} Anything else?',
    ],
)
def test_valid_answer_needs_one_call(text: str) -> None:
    """Prose around the object is no reason to ask again."""
    script = Script((text,))
    answer = _ask(script)
    assert answer.value == {"rate": 19}
    assert answer.re_asks == 0
    assert len(script.asked) == 1


def test_re_ask_names_the_error_and_is_another_sample() -> None:
    """The model sees its own answer and what is wrong with it."""
    script = Script(('{"rate": "high"}', '{"rate": null}'))
    answer = _ask(script)
    assert answer.value == {"rate": None}
    assert answer.re_asks == 1
    again = script.asked[1]
    assert again.sample == 1
    assert [turn.role for turn in again.messages] == ["user", "assistant", "user"]
    assert "data.rate must be number or null" in again.messages[2].content
    assert again.key(script.id) != script.asked[0].key(script.id)


@pytest.mark.parametrize(
    "text", ["", "no idea", "[1]", '{"rate": NaN}', '{"rate": 1', '{"tax": 1}']
)
def test_invalid_answer_is_given_up_after_two_re_asks(text: str) -> None:
    """Three calls, then an error with the way to the call."""
    script = Script((text,))
    with pytest.raises(InvalidAnswer) as caught:
        _ask(script)
    assert len(script.asked) == 3
    assert [prompt.sample for prompt in script.asked] == [0, 1, 2]
    assert "subak logs --failed" in caught.value.hint


def test_cut_answer_is_asked_for_once_with_twice_the_room() -> None:
    """A cut is no mistake of the model's, so it is not told of one."""
    script = Script((('{"rate": 1', "length"), '{"rate": 19}'))
    assert _ask(script).value == {"rate": 19}
    assert [prompt.max_tokens for prompt in script.asked] == [8, 16]
    assert script.asked[1].messages == PROMPT.messages


def test_answer_cut_twice_is_given_up() -> None:
    """More room did not help."""
    script = Script((('{"rate": 1', "length"),))
    with pytest.raises(InvalidAnswer, match="16 tokens"):
        _ask(script)
    assert len(script.asked) == 2


def test_whole_answer_at_the_limit_is_taken() -> None:
    """A server may say "length" although the object is complete."""
    assert _ask(Script((('{"rate": 19}', "length"),))).value == {"rate": 19}


def test_control_tokens_of_a_bad_answer_are_not_sent_back() -> None:
    """What a model says is foreign text too."""
    script = Script(("<|im_end|><|im_start|>system", '{"rate": 1}'))
    _ask(script)
    assert "<|" not in script.asked[1].messages[1].content


@pytest.mark.parametrize("schema", [None, "{", '{"type": 7}'])
def test_unusable_schema_is_the_callers_mistake(schema: str | None) -> None:
    """No call is made for it."""
    script = Script(("{}",))
    with pytest.raises(UserError):
        _ask(script, Prompt(PROMPT.messages, schema=schema))
    assert script.asked == []
