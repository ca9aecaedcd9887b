"""One model call with its full prompt and answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import apsw

from subak.engine.call_key import told_key
from subak.engine.call_reader import CallReader
from subak.engine.records import CallRecord
from subak.errors import StorageError, UserError

_HEX = re.compile("[0-9a-f]+")


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


_BETWEEN = (
    "SELECT key FROM call WHERE substr(key, 1, 8) BETWEEN ?1 AND ?2"
    " UNION SELECT key FROM call WHERE substr(key, 1, 8) BETWEEN ?3 AND ?4"
)


def find_call_key(db: apsw.Connection, beginning: str) -> str | None:
    """Return the one key that begins so, None if there is none.

    Raises:
        UserError: More than one call's key begins so.
    """
    asked = beginning.lower()
    rows = {told_key(row[0]) for row in db.execute(_BETWEEN, _bounds(asked))}
    rows = {key for key in rows if key.startswith(asked)}
    if len(rows) > 1:
        raise UserError(
            f"more than one call begins with '{beginning}'",
            hint="give more of its trace id",
        )
    return min(rows, default=None)


def _bounds(beginning: str) -> tuple[bytes, bytes, str, str]:
    """Return between what the first 8 bytes of keys lie that begin so, or may."""
    low, high = b"", b""  # an empty span where it cannot begin hex digits
    if _HEX.fullmatch(beginning):
        low = bytes.fromhex(beginning[:16].ljust(16, "0"))
        high = bytes.fromhex(beginning[:16].ljust(16, "f"))
    start = beginning[:8]
    return low, high, start, start + chr(0x10FFFF)


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
    found = CallReader(db).find(key)
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
