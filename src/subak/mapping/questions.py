"""Questions: a row's prompt, and the model's answer to it as an output."""

from __future__ import annotations

import json
from dataclasses import dataclass

from subak.llm.ask import ask, read_answer
from subak.llm.client import Model
from subak.llm.model import Completion, Prompt
from subak.mapping.map_row import MapRow, RowUsage
from subak.mapping.row import InputRow, RowId
from subak.mapping.template import Template


@dataclass(frozen=True, slots=True)
class Answered:
    """An output and the call it came from."""

    output: str | dict[str, object]
    completion: Completion

    def row(self, name: RowId) -> MapRow:
        """Return it as an output row."""
        usage, is_cut = self.completion.usage, self.completion.finish == "length"
        return MapRow(
            name,
            self.output,
            None,
            RowUsage(
                usage.tokens_in,
                usage.tokens_out,
                usage.tokens_cached,
                is_cut and isinstance(self.output, str),
            ),
        )


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked about every row.

    Args:
        schema: JSON text of the answers' schema; None for text.
        refresh: Don't take answers of earlier runs.
    """

    template: Template
    schema: str | None = None
    max_tokens: int = 1024
    refresh: bool = False

    def prompt(self, row: InputRow) -> Prompt:
        """Return the prompt about a row.

        Raises:
            MissingField: The row lacks a field.
        """
        return Prompt(
            self.template.render(row.values),
            schema=self.schema,
            max_tokens=self.max_tokens,
        )

    def recalled(self, completion: Completion | None) -> Answered | None:
        """Return what the journal's answer says, None where it must be asked on."""
        if completion is None:
            return None
        if self.schema is None:
            return Answered(completion.text, completion)
        value = read_answer(completion.text, self.schema)
        return None if value is None else Answered(dict(value), completion)

    async def answer(self, model: Model, prompt: Prompt) -> Answered:
        """Return the model's answer.

        Raises:
            Terminal: There is none, and would be none if it were asked again.
            Unreachable: No server answers any more.
        """
        if self.schema is None:
            completion = await model.complete(prompt)
            return Answered(completion.text, completion)
        found = await ask(model, prompt)
        return Answered(dict(found.value), found.completion)

    @property
    def properties(self) -> tuple[str, ...]:
        """Return the names of the answers' properties; none for text."""
        value = json.loads(self.schema) if self.schema else {}
        names = value.get("properties")
        return tuple(names) if isinstance(names, dict) else ()
