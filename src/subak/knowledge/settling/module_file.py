"""ModuleFile: the data of an ES module or of JSON, and how it is written.

What stands before and after the data is kept, so that the file can be written anew
for the programs that import it. Nothing of it is executed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from subak.errors import UserError
from subak.knowledge.settling.es_literal import read_literal

_NO_CODE = re.compile(
    r"'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`|//[^\n]*|/\*.*?\*/",
    re.DOTALL,
)
_DECLARED = re.compile(
    r"(?:\b(?:const|let|var)\s+(?P<name>[\w$]+)\s*(?::[^={;]+)?=|\bexport\s+default\b|"
    r"\bmodule\.exports\s*=)\s*(?=[\[{])"
)
_INDENT = re.compile(r"\n([ \t]+)\S")
_FIRST_KEY = re.compile(r"\{(?:\s|//[^\n]*|/\*.*?\*/)*([\"'])?", re.DOTALL)
_FIRST_TEXT = re.compile(r":\s*([\"'])")


@dataclass(frozen=True, slots=True)
class Style:
    """How a literal is written.

    Args:
        indent: Of one level.
        quote: Of strings.
        has_quoted_keys: Keys stand in quotes, too.
        is_json: Nothing but JSON is allowed.
    """

    indent: str = "  "
    quote: str = '"'
    has_quoted_keys: bool = False
    is_json: bool = False


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """A file that holds one literal.

    Args:
        head: What stands before it.
        data: The value.
        tail: What stands after it.
    """

    head: str
    data: object
    tail: str
    style: Style


def read_module(text: str, *, where: str) -> ModuleFile:
    """Return the first list or table that a module declares.

    Raises:
        UserError: There is none, or it is more than plain data.
    """
    bare = _NO_CODE.sub(_blanked, text)
    declared = _DECLARED.search(bare)
    if declared is None:
        raise UserError(
            "the module declares no list and no table",
            where=where,
            hint="it should read: export const taxData = { ... };",
        )
    data, end = read_literal(text, declared.end(), where=where)
    literal = text[declared.end() : end]
    return ModuleFile(text[: declared.end()], data, text[end:], _style(literal))


def read_json(text: str, *, where: str) -> ModuleFile:
    """Return the data of a JSON file; comments and trailing commas are forgiven.

    Raises:
        UserError: It is no JSON.
    """
    data, end = read_literal(text, where=where)
    if text[end:].strip():
        read_literal(text, end, where=where)
        raise UserError(
            "there is more than one value", where=where, hint="name it FILE.jsonl"
        )
    style = _style(text)
    return ModuleFile("", data, "\n", Style(style.indent, '"', True, True))


def _blanked(match: re.Match[str]) -> str:
    """Return as many blanks: declarations in comments and strings are none."""
    return re.sub(r"[^\n]", " ", match.group())


def _style(literal: str) -> Style:
    indent = _INDENT.search(literal)
    key = _FIRST_KEY.search(literal)
    text = _FIRST_TEXT.search(literal)
    return Style(
        indent=indent.group(1) if indent else "  ",
        quote=text.group(1) if text else '"',
        has_quoted_keys=bool(key and key.group(1)),
    )
