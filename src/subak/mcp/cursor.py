"""Cursor: where an answer that was too long for one goes on."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from subak.errors import UserError

S = TypeVar("S")
T = TypeVar("T")

ROOM = 24_000
"""Characters of rows in one answer: about 6,000 tokens, what agents take at once."""


class Cursor(msgspec.Struct, frozen=True):
    """A place in the answer to one question.

    Args:
        question: Digest of the question it belongs to.
        at: Rows, or characters, that were told already.
        run: The run whose values are told, so that all parts are of one.
    """

    question: str
    at: int = 0
    run: str = ""

    @classmethod
    def read(cls, text: str, *question: object) -> Cursor:
        """Return the place that a cursor means, the beginning for "".

        Raises:
            UserError: It is none, or one of another question.
        """
        digest = _digest(question)
        if not text:
            return cls(digest)
        try:
            data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            found = msgspec.json.decode(data, type=cls)
        except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
            raise UserError(
                "this is no cursor", hint="pass next_cursor as it was given, or none"
            ) from error
        if found.question != digest or found.at < 0:
            raise UserError(
                "the cursor belongs to another question",
                hint="repeat the arguments of the answer that gave it",
            )
        return found

    def on(self, at: int | None, run: str = "") -> str | None:
        """Return the text of the cursor for a place further on, None for no place."""
        if at is None:
            return None
        data = msgspec.json.encode(Cursor(self.question, at, run))
        return base64.urlsafe_b64encode(data).decode().rstrip("=")


def fill(
    rows: Sequence[S], start: int, tell: Callable[[S], T], room: int = ROOM
) -> tuple[list[T], int | None]:
    """Return the rows from a place on that fit, at least one, and where to go on."""
    taken: list[T] = []
    used = 0
    for row in rows[start:]:
        told = tell(row)
        used += len(msgspec.json.encode(told).decode())
        if taken and used > room:
            break
        taken.append(told)
    end = start + len(taken)
    return taken, end if end < len(rows) else None


def _digest(question: Sequence[object]) -> str:
    return hashlib.blake2b(repr(question).encode(), digest_size=6).hexdigest()
