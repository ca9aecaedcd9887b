"""Template: the prompt file, and what it says about one row.

``{field}`` and ``{field.sub}`` stand for a row's values, ``{row}`` for the whole row
as JSON, ``{{`` and ``}}`` for braces. A file that begins with ``system:`` has a system
part, up to a line ``---``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from subak.errors import Terminal, UserError
from subak.llm.foreign import neutralise
from subak.llm.model import Message

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_SYSTEM = "system:"
_RULE = re.compile(r"^---[ \t]*\n", re.MULTILINE)
_WHOLE = "row"
# Without one of these in an ASCII text, neutralise() changes nothing.
_SUSPECT = re.compile(r"[<>\[\x00-\x08\x0b-\x1f\x7f]")
_MISSING = object()


class MissingField(Terminal):
    """Raised for a row that lacks what the prompt shows."""


@dataclass(frozen=True, slots=True)
class Template:
    """What is said about every row.

    Args:
        system: The system part; has no fields, so that no row can speak in it.
        pieces: Literal text at even places, field names at odd ones.
        where: The file, for messages.
    """

    system: str
    pieces: tuple[str, ...]
    where: str = "prompt"

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the fields, each once."""
        return tuple(dict.fromkeys(self.pieces[1::2]))

    def render(self, values: Mapping[str, object]) -> tuple[Message, ...]:
        """Return the messages about one row, its values made harmless.

        Raises:
            MissingField: The row lacks one of the fields.
        """
        pieces = list(self.pieces)
        for place in range(1, len(pieces), 2):
            pieces[place] = _shown(values, pieces[place])
        said = Message("user", "".join(pieces))
        return (Message("system", self.system), said) if self.system else (said,)

    def unknown(self, names: Collection[str]) -> UserError | None:
        """Return what to raise when a field is in none of the rows, None if all are."""
        for name in self.fields:
            if name in (*names, _WHOLE) or name.partition(".")[0] in names:
                continue
            return UserError(
                f"no row has a field '{name}'",
                where=self.where,
                hint=f"{_guess(name, names)}for a literal brace write {{{{ or }}}}",
            )
        return None


def read_template(path: Path) -> Template:
    """Read a prompt file.

    Raises:
        UserError: It cannot be read or is no template.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UserError(
            f"cannot read the prompt: {reason}",
            where=str(path),
            hint="write the prompt into this file, with {field} for a row's values",
        ) from error
    return parse_template(text, where=str(path))


def parse_template(text: str, *, where: str = "prompt") -> Template:
    """Take a prompt's text apart.

    Raises:
        UserError: It is empty, has a stray brace, or a field in its system part.
    """
    system, said = "", text.strip()
    if said.startswith(_SYSTEM):
        system, said = _divided(said, where)
    pieces = _pieces(said, where)
    if not said or len(pieces) == 1:
        raise UserError(
            "the prompt shows nothing of the row",
            where=where,
            hint="write {field} where a row's value belongs, or {row} for all of it",
        )
    spoken = _pieces(system, where)
    if len(spoken) > 1:
        raise UserError(
            f"the system part has the field '{spoken[1]}'",
            where=where,
            hint="move it below the line ---: rows must not speak as the system",
        )
    return Template(spoken[0], tuple(pieces), where)


def _divided(text: str, where: str) -> tuple[str, str]:
    rule = _RULE.search(text)
    if rule is None:
        raise UserError(
            "the system part has no end",
            where=where,
            hint="put a line --- between it and the text about the row",
        )
    return text[len(_SYSTEM) : rule.start()].strip(), text[rule.end() :].strip()


def _pieces(text: str, where: str) -> list[str]:
    """Return literal texts at even places, field names at odd ones."""
    pieces, at = [""], 0
    for match in _PIECE.finditer(text):
        pieces[-1] += text[at : match.start()]
        at = match.end()
        found = match.group()
        if found in ("{{", "}}"):
            pieces[-1] += found[0]
            continue
        name = (match.group(1) or "").strip()
        if not name:
            line = text.count("\n", 0, match.start()) + 1
            raise UserError(
                f"a brace without a field's name: {found}",
                where=f"{where}:{line}",
                hint="write {{ and }} for literal braces, {field} for a value",
            )
        pieces += [name, ""]
    pieces[-1] += text[at:]
    return pieces


def _shown(values: Mapping[str, object], name: str) -> str:
    value = values.get(name, _MISSING)
    if value is _MISSING:
        value = _looked_up(values, name)
    if not isinstance(value, str):
        if value is None:
            return ""
        value = msgspec.json.encode(value).decode()
    if value.isascii() and not _SUSPECT.search(value):
        return value
    return neutralise(value)


def _looked_up(values: Mapping[str, object], name: str) -> object:
    if name == _WHOLE:
        return values
    value: object = values
    for key in name.split("."):
        value = value.get(key, _MISSING) if isinstance(value, Mapping) else _MISSING
    if value is _MISSING:
        raise MissingField(
            f"the row has no field '{name}'",
            hint=f"{_guess(name, values)}add it to the row, or change the prompt",
        )
    return value


def _guess(name: str, names: Collection[str]) -> str:
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'? " if close else ""
