"""ChatRequest: what the stand-in reads of a request, in three dialects."""

from __future__ import annotations

import hashlib
import re
from typing import Literal

import msgspec

Dialect = Literal["openai", "ollama", "gateway"]
_ITEM = re.compile(r"item-\d+")


class Part(msgspec.Struct):
    """One part of a message that has several."""

    text: str = ""


class Turn(msgspec.Struct):
    """One message."""

    role: str = "user"
    content: str | list[Part] | None = ""


class SchemaForm(msgspec.Struct):
    """The schema inside an OpenAI response_format."""

    schema: dict[str, object] | None = None


class ResponseForm(msgspec.Struct):
    """An OpenAI response_format."""

    type: str = ""
    json_schema: SchemaForm | None = None


class ChatRequest(msgspec.Struct):
    """A request for a chat completion; fields of all dialects side by side."""

    model: str = ""
    messages: list[Turn] = []
    stream: bool | None = None
    response_format: ResponseForm | None = None
    format: dict[str, object] | str | None = None

    @property
    def prompt(self) -> str:
        """Return all turns as one text."""
        return "\n".join([_text(turn) for turn in self.messages])

    @property
    def item(self) -> str:
        """Return the item asked about: the last one named, or a hash of it all."""
        for turn in reversed(self.messages):
            found = _ITEM.search(_text(turn))
            if found:
                return found[0]
        return hashlib.blake2b(self.prompt.encode(), digest_size=6).hexdigest()

    @property
    def schema(self) -> dict[str, object] | None:
        """Return the schema the answer must have, or None."""
        if isinstance(self.format, dict):
            return self.format
        form = self.response_format
        return form.json_schema.schema if form and form.json_schema else None

    @property
    def wants_json(self) -> bool:
        """Tell whether the answer must be JSON of any kind."""
        form = self.response_format
        asked = form is not None and form.type == "json_object"
        return asked or self.format == "json" or "JSON" in self.prompt


def _text(turn: Turn) -> str:
    if isinstance(turn.content, list):
        return "".join([part.text for part in turn.content])
    return turn.content or ""
