"""One model call with its full prompt and answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import apsw

from subak.engine.records import CallRecord
from subak.engine.rows import find_call
from subak.errors import StorageError, UserError


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a prompt."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked, what was answered, and what it took.

    Args:
        call: The journaled call.
        turns: The messages of the prompt, in order.
        settings: What else the request said (schema, temperature ...), by name.
        answer: The generated text, or the response as JSON text.
    """

    call: CallRecord
    turns: tuple[Turn, ...]
    settings: Mapping[str, object]
    answer: str

    @property
    def tokens_per_s(self) -> float:
        """Return the speed of generation after the first token."""
        spent = self.call.seconds - (self.call.first_token_s or 0.0)
        return self.call.tokens_out / spent if spent > 0 else 0.0

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        call = self.call
        return {
            "version": 1,
            "key": call.key,
            "run": call.run,
            "stage": call.stage,
            "item": call.item,
            "model": call.model,
            "endpoint": call.endpoint,
            "started": call.started,
            "seconds": call.seconds,
            "first_token_s": call.first_token_s,
            "tokens": {
                "in": call.tokens_in,
                "out": call.tokens_out,
                "cached": call.tokens_cached,
            },
            "finish": call.finish,
            "slot": call.slot,
            "messages": [
                {"role": turn.role, "content": turn.text} for turn in self.turns
            ],
            "settings": dict(self.settings),
            "answer": self.answer,
        }


def find_call_key(db: apsw.Connection, beginning: str) -> str | None:
    """Return the one key that begins so, None if there is none.

    Raises:
        UserError: More than one call's key begins so.
    """
    rows = db.execute(
        "SELECT key FROM call WHERE key >= ?1 AND key < ?1 || 'g' LIMIT 2",
        (beginning.lower(),),
    ).fetchall()
    if len(rows) > 1:
        raise UserError(
            f"more than one call begins with '{beginning}'",
            hint="give more of its trace id",
        )
    return str(rows[0][0]) if rows else None


def get_exchange(db: apsw.Connection, beginning: str) -> Exchange:
    """Return the answered call whose key begins so.

    Raises:
        UserError: There is none, or more than one.
        StorageError: Its record is damaged.
    """
    key = find_call_key(db, beginning)
    if key is None:
        raise UserError(
            f"no answered call '{beginning}'",
            hint="`subak trace RUN` lists calls with their trace ids;"
            " a call that failed has no answer: `subak logs --failed`",
        )
    found = find_call(db, key)
    if found.value is None:
        raise _damaged(key)
    call = found.value
    turns, settings = _split(_load(key, call.request))
    return Exchange(call, turns, settings, _answer(_load(key, call.response)))


def _load(key: str, data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError as error:
        raise _damaged(key) from error


def _damaged(key: str) -> StorageError:
    return StorageError(
        "the record of this call is damaged",
        where=f"call {key[:12]}",
        hint="`subak run` makes the call anew when it is needed",
    )


def _split(asked: object) -> tuple[tuple[Turn, ...], dict[str, object]]:
    if not isinstance(asked, dict):
        return (Turn("prompt", json.dumps(asked, ensure_ascii=False)),), {}
    messages = asked.get("messages")
    rest = {str(name): value for name, value in asked.items() if name != "messages"}
    if not isinstance(messages, list):
        return (), rest
    return tuple(_turn(message) for message in messages), rest


def _turn(message: object) -> Turn:
    if isinstance(message, dict):
        return Turn(str(message.get("role", "")), str(message.get("content", "")))
    if isinstance(message, list) and len(message) == 2:
        return Turn(str(message[0]), str(message[1]))
    return Turn("", str(message))


def _answer(answered: object) -> str:
    if isinstance(answered, dict) and isinstance(answered.get("text"), str):
        return str(answered["text"])
    if isinstance(answered, str):
        return answered
    return json.dumps(answered, ensure_ascii=False, indent=2)
