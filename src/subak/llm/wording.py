"""The text that asks for JSON where a server has no constrained decoding."""

from __future__ import annotations

from collections.abc import Sequence

from subak.llm.model import Message


def to_wire(messages: Sequence[Message]) -> list[dict[str, str]]:
    """Return the messages as every chat API takes them."""
    return [{"role": turn.role, "content": turn.content} for turn in messages]


def with_schema(messages: Sequence[Message], schema: str) -> tuple[Message, ...]:
    """Return the messages with the schema told in words at their end."""
    told = (
        "Answer with one JSON object and nothing else. "
        f"It must be valid under this JSON Schema:\n{schema}"
    )
    if messages and messages[-1].role == "user":
        last = Message("user", f"{messages[-1].content}\n\n{told}")
        return (*messages[:-1], last)
    return (*messages, Message("user", told))
