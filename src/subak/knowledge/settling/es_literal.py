"""read_literal: data written as a JavaScript or JSON5 literal, read and never executed.

Grammar: https://spec.json5.org, with numeric separators, template strings without
substitutions and ``undefined`` besides. Anything else (a call, an expression, a
spread) is an error with its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from subak.errors import UserError

_SPACE = re.compile(r"(?:[\s\ufeff]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)"
    r"(?:[eE][+-]?[0-9]+)?|Infinity|NaN)"
)
_PLAIN = re.compile(r"[^'\"`\\\n]+")
_SURROGATES = re.compile("[\ud800-\udfff]+")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_WORDS: Mapping[str, object] = MappingProxyType(
    {
        "true": True,
        "false": False,
        "null": None,
        "undefined": None,
        "Infinity": float("inf"),
        "NaN": float("nan"),
    }
)
_DEEPEST = 60


def read_literal(text: str, start: int = 0, *, where: str = "") -> tuple[object, int]:
    """Return the value that begins at ``start``, and where it ends.

    Raises:
        UserError: It is no literal; names line and column.
    """
    reader = _Reader(text, start, where)
    value = reader.value(0)
    return value, reader.place


class _Reader:
    def __init__(self, text: str, place: int, where: str) -> None:
        self.place = place
        self._text = text
        self._where = where

    def value(self, depth: int) -> object:
        if depth > _DEEPEST:
            raise self._error(f"is nested deeper than {_DEEPEST} levels")
        char = self._next()
        if char == "{":
            return self._table(depth)
        if char == "[":
            return self._list(depth)
        if char and char in "'\"`":
            return self._string(char)
        if number := _NUMBER.match(self._text, self.place):
            self.place = number.end()
            return _number(number.group())
        word = _NAME.match(self._text, self.place)
        if word and word.group() in _WORDS:
            self.place = word.end()
            return _WORDS[word.group()]
        raise self._error("expected a value")

    def _table(self, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        self.place += 1
        while self._next() != "}":
            key = self._key()
            if self._next() != ":":
                raise self._error("expected ':' after a key")
            self.place += 1
            found[key] = self.value(depth + 1)
            self._separator("}")
        self.place += 1
        return found

    def _list(self, depth: int) -> list[object]:
        found: list[object] = []
        self.place += 1
        while self._next() != "]":
            found.append(self.value(depth + 1))
            self._separator("]")
        self.place += 1
        return found

    def _separator(self, closing: str) -> None:
        char = self._next()
        if char == ",":
            self.place += 1
        elif char != closing:
            raise self._error(f"expected ',' or '{closing}'")

    def _key(self) -> str:
        char = self._next()
        if char and char in "'\"":
            return self._string(char)
        name = _NAME.match(self._text, self.place) or _NUMBER.match(
            self._text, self.place
        )
        if name is None:
            raise self._error("expected a key")
        self.place = name.end()
        return name.group()

    def _string(self, quote: str) -> str:
        parts = []
        self.place += 1
        while (char := self._text[self.place : self.place + 1]) != quote:
            if char == "\\":
                parts.append(self._escape())
            elif plain := _PLAIN.match(self._text, self.place):
                parts.append(plain.group())
                self.place = plain.end()
            elif not char or (char == "\n" and quote != "`"):
                raise self._error("a string does not end")
            else:
                parts.append(char)
                self.place += 1
        self.place += 1
        text = "".join(parts)
        if quote == "`" and "${" in text:
            raise self._error("a template string has a substitution")
        return _SURROGATES.sub(_joined, text)

    def _escape(self) -> str:
        char = self._text[self.place + 1 : self.place + 2]
        digits = {"x": 2, "u": 4}.get(char, 0)
        start = self.place + 2
        self.place = start + digits
        if not digits:
            return "" if char == "\n" else _ESCAPES.get(char, char)
        code = self._text[start : start + digits]
        if not re.fullmatch(f"[0-9a-fA-F]{{{digits}}}", code):
            raise self._error("a string has a broken escape")
        return chr(int(code, 16))

    def _next(self) -> str:
        space = _SPACE.match(self._text, self.place)
        self.place = space.end() if space else self.place
        return self._text[self.place : self.place + 1]

    def _error(self, message: str) -> UserError:
        line = self._text.count("\n", 0, self.place) + 1
        column = self.place - self._text.rfind("\n", 0, self.place)
        found = self._text[self.place : self.place + 20].split("\n")[0]
        return UserError(
            f"{message}, found '{found}'" if found else f"{message}, the text ends",
            where=f"{self._where} line {line} column {column}".strip(),
            hint="only plain data is read: write the value out",
        )


def _joined(match: re.Match[str]) -> str:
    """Return what two escapes of one character stand for."""
    data = match.group().encode("utf-16-le", "surrogatepass")
    return data.decode("utf-16-le", "replace")


def _number(text: str) -> int | float:
    sign = -1 if text.startswith("-") else 1
    plain = text.lstrip("+-").replace("_", "")
    if plain.lower().startswith("0x"):
        return sign * int(plain, 16)
    if plain in {"Infinity", "NaN"}:
        return sign * float(plain)
    is_whole = not set(plain) & set(".eE")
    return sign * (int(plain) if is_whole else float(plain))
