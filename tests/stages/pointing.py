"""A fake model that points at sentences of the text it is shown."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from subak.errors import SubakError
from subak.llm.foreign import fenced_texts
from subak.llm.model import Completion, Message, ModelId, Prompt, Timing, Usage

Entry = dict[str, str] | str
Point = Callable[[str, Sequence[str]], Sequence[Entry]]


@dataclass
class PointingModel:
    """Answers with entries made of the task and the sentences shown.

    Args:
        key: Name of the list in the answer.
        point: Task and sentences -> entries.
        error: Raised instead of an answer.
    """

    key: str
    point: Point
    error: SubakError | None = None
    asked: list[Prompt] = field(default_factory=list)

    @property
    def id(self) -> ModelId:
        """Name the fake."""
        return ModelId("pointer")

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer, or fail as told."""
        self.asked.append(prompt)
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        text = answering(self.key, self.point)(prompt.messages, prompt.schema)
        return Completion(text, Usage(), Timing(0.0))


def answering(key: str, point: Point) -> Callable[[Sequence[Message], str | None], str]:
    """Return what makes the text of an answer, for a fake server too."""

    def answer(messages: Sequence[Message], schema: str | None) -> str:
        # A re-ask stands behind the first question, which holds the text.
        content = next(turn.content for turn in messages if turn.role == "user")
        task = content.rpartition("===")[2]
        return json.dumps({key: list(point(task, sentences(content)))})

    return answer


def sentences(content: str) -> list[str]:
    """Return the sentences that a prompt shows, without headings."""
    (inner,) = fenced_texts(content)
    return [line for line in inner.splitlines() if line and line[0] != "#"]


def all_of(first: str, second: str) -> Point:
    """Point at every sentence, with the same words under both names."""

    def point(task: str, shown: Sequence[str]) -> list[Entry]:
        return [{first: line[:150], second: line[:40]} for line in shown]

    return point


def reword(task: str, shown: Sequence[str]) -> list[Entry]:
    """Restate every sentence: "The rate of X is" becomes "X's rate is"."""
    pattern = r"^The (.+) (?:of|in) ([A-Z]\w+) is"
    return [re.sub(pattern, r"\2's \1 is", line) for line in shown]


def copy(task: str, shown: Sequence[str]) -> list[Entry]:
    """Restate every sentence in its own words."""
    return list(shown)
