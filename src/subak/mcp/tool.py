"""Tool: one thing an agent may ask for, with typed arguments and a typed answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from subak.errors import UserError
from subak.mcp.library import Library

A = TypeVar("A", bound=msgspec.Struct)
Tell = Callable[[str], Awaitable[None]]
"""Tells whoever waits that the work goes on."""


@dataclass(frozen=True, slots=True)
class Tool(Generic[A]):
    """A read-only tool.

    Args:
        text: What it does, for a model that decides whether to use it.
        asked: Its arguments.
        answer: What it answers with.
        run: Does it.
        is_open: It asks a model, so that it may take long and need a server.
    """

    name: str
    title: str
    text: str
    asked: type[A]
    answer: type[msgspec.Struct]
    run: Callable[[Library, A, Tell], Awaitable[msgspec.Struct]]
    is_open: bool = False

    @property
    def input_schema(self) -> dict[str, object]:
        """Return the JSON schema of its arguments."""
        return object_schema(self.asked)

    @property
    def output_schema(self) -> dict[str, object]:
        """Return the JSON schema of its answer."""
        return object_schema(self.answer)

    async def call(
        self, library: Library, arguments: dict[str, object], tell: Tell
    ) -> msgspec.Struct:
        """Return the answer to arguments as they came.

        Raises:
            UserError: They don't fit the schema.
            SubakError: It can't be answered.
        """
        try:
            asked = msgspec.convert(arguments, self.asked)
        except msgspec.ValidationError as error:
            raise UserError(
                f"wrong arguments: {error}",
                where=self.name,
                hint="see the tool's input schema",
            ) from error
        return await self.run(library, asked, tell)


def object_schema(kind: type[msgspec.Struct]) -> dict[str, object]:
    """Return the JSON schema of a type, its own object at the top."""
    (top,), others = msgspec.json.schema_components(
        [kind], ref_template="#/$defs/{name}"
    )
    name = str(top["$ref"]).rpartition("/")[2]
    schema = dict(others.pop(name))
    return {**schema, "$defs": others} if others else schema
