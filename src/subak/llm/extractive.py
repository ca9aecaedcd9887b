"""Extractive answers: the value or line of a document that fits a question best."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBERED = re.compile(r"^\[(\d+)\]\s*(.+)$")
_NUMBER = re.compile(
    r"(?<![\w.,])[-−]?\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?|[-−]?\d+(?:\.\d+)?"
)
_PERCENT = re.compile(r"([-−]?\d+(?:[.,]\d+)?)\s*(?:%|percent|per cent|persen)")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_LABEL = re.compile(r"^[^:|]{1,80}:\s+(.+)$")
_DENIAL = re.compile(
    r"\b(no|not|none|never|without|abolished|exempt|tidak|bukan)\b", re.IGNORECASE
)
_SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and any as at be by for from has have how if in into is it its may of on "
        "or per than that the this to value was what when which who with",
    )
)
_WORTHLESS = re.compile(r"^[\s|:-]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line or sentence of a document, and the heading it stands under."""

    text: str
    words: frozenset[str]
    heading: frozenset[str]


def answer_schema(schema: Mapping[str, object], documents: Sequence[str]) -> object:
    """Return the value of a JSON Schema that the documents give.

    A property is answered by the line that shares most words with its name, title
    and description; null (or an empty value) where no line shares any.
    """
    lines = read_lines(documents)
    return _value(schema, lines, frozenset())


def pick_lines(documents: Sequence[str], task: str, budget_chars: int) -> str:
    """Return the lines that share most words with the task, in their own order."""
    lines = read_lines(documents)
    asked = words_of(task)
    order = sorted(range(len(lines)), key=lambda n: (-len(lines[n].words & asked), n))
    chosen: list[int] = []
    room = budget_chars
    for number in order:
        room -= len(lines[number].text) + 1
        if room < 0 and chosen:
            break
        chosen.append(number)
    return "\n".join(lines[number].text for number in sorted(chosen))


def read_lines(documents: Sequence[str]) -> tuple[Line, ...]:
    """Return the documents' lines and sentences; headings are kept as context."""
    found: list[Line] = []
    for document in documents:
        heading: frozenset[str] = frozenset()
        for line in document.splitlines():
            if line.startswith("#"):
                heading = words_of(line)
            elif not _WORTHLESS.match(line):
                found += [
                    Line(part, words_of(part), heading) for part in _sentences(line)
                ]
    return tuple(found)


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text that carry meaning, lower case, without plural s."""
    words = (word.casefold() for word in _WORD.findall(text.replace("_", " ")))
    return frozenset(_stem(word) for word in words if word not in _SMALL_WORDS)


def _stem(word: str) -> str:
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word


def _sentences(line: str) -> list[str]:
    if line.lstrip().startswith("|") or _NUMBERED.match(line):
        return [line.strip()]
    parts = re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ\[])", line.strip())
    return [part for part in parts if part]


def _value(
    schema: Mapping[str, object], lines: Sequence[Line], asked: frozenset[str]
) -> object:
    kinds = _kinds(schema)
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        return {
            name: _value(part, lines, _asked(name, part) or asked)
            for name, part in properties.items()
            if isinstance(part, Mapping)
        }
    if "array" in kinds:
        return _list(schema, lines, asked)
    line = _best(lines, asked, kinds)
    if line is None:
        return _empty(schema, kinds)
    return _read_or_empty(schema, line, asked)


def _read_or_empty(
    schema: Mapping[str, object], line: Line, asked: frozenset[str]
) -> object:
    kinds = _kinds(schema)
    value = _read(schema, kinds, line, asked)
    return _empty(schema, kinds) if value is None else value


def _kinds(schema: Mapping[str, object]) -> frozenset[str]:
    kind = schema.get("type")
    found = {kind} if isinstance(kind, str) else set(_strings(kind))
    for name in ("anyOf", "oneOf"):
        options = schema.get(name)
        for option in options if isinstance(options, list) else []:
            if isinstance(option, Mapping):
                found |= _kinds(option)
    if not found and _choices(schema):
        found = {"string"}
    return frozenset(found)


def _asked(name: str, schema: Mapping[str, object]) -> frozenset[str]:
    texts = [name, str(schema.get("title", "")), str(schema.get("description", ""))]
    return words_of(" ".join(texts))


def _best(
    lines: Sequence[Line], asked: frozenset[str], kinds: frozenset[str]
) -> Line | None:
    """Return the line that shares most words; the heading's count half."""

    def score(line: Line) -> float:
        own = len(line.words & asked)
        return own + 0.5 * len((line.heading & asked) - line.words) if own else 0.0

    needs_number = bool(kinds & {"number", "integer"})
    fit = [line for line in lines if not needs_number or _NUMBER.search(line.text)]
    best = max(fit, key=score, default=None)
    return best if best is not None and score(best) > 0 else None


def _read(
    schema: Mapping[str, object],
    kinds: frozenset[str],
    line: Line,
    asked: frozenset[str],
) -> object:
    if choices := _choices(schema):
        return _choose(choices, line)
    if "boolean" in kinds:
        return not _DENIAL.search(line.text)
    if kinds & {"number", "integer"}:
        return _number(line.text, asked, whole="number" not in kinds)
    if "string" in kinds:
        return _text(schema, line.text)
    return None


def _choose(choices: Sequence[str], line: Line) -> str | None:
    lowered = line.text.casefold()
    if {"yes", "no"} <= set(choices):
        return "no" if _DENIAL.search(line.text) else "yes"
    named = [choice for choice in choices if choice.casefold() in lowered]
    return max(named, key=len, default=None)


def _number(text: str, asked: frozenset[str], *, whole: bool) -> float | int | None:
    numbered = _NUMBERED.match(text)
    text = numbered.group(2) if numbered else text
    percent = _PERCENT.search(text)
    if percent is not None and asked & {"percent", "percentage", "rate", "tax"}:
        found = percent.group(1).replace(",", ".")
    else:
        numbers = [
            match.group().replace(",", "").replace(" ", "")
            for match in (_NUMBER.finditer(_after_words(text, asked)))
        ]
        if not numbers:
            return None
        found = numbers[0]
    value = float(found.replace("−", "-"))
    if whole:
        return int(value) if value.is_integer() else None
    return int(value) if value.is_integer() else value


def _after_words(text: str, asked: frozenset[str]) -> str:
    """Return the text from its first asked-for word on, if a number follows there."""
    for match in _WORD.finditer(text):
        if _stem(match.group().casefold()) in asked:
            rest = text[match.end() :]
            return rest if _NUMBER.search(rest) else text
    return text


def _text(schema: Mapping[str, object], text: str) -> str | None:
    if schema.get("format") == "date":
        date = _DATE.search(text)
        return date.group() if date else None
    numbered = _NUMBERED.match(text)
    if numbered is not None:
        return numbered.group(2)
    if text.startswith("|"):
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        return next((cell for cell in reversed(cells) if cell), None)
    label = _LABEL.match(text)
    found = label.group(1) if label else text
    length = schema.get("maxLength")
    return found[:length] if isinstance(length, int) else found


def _list(
    schema: Mapping[str, object], lines: Sequence[Line], asked: frozenset[str]
) -> list[object]:
    items = schema.get("items")
    if not isinstance(items, Mapping):
        return []
    limit = schema.get("maxItems")
    most = limit if isinstance(limit, int) else None
    properties = items.get("properties")
    if isinstance(properties, Mapping):
        if "quote" in properties:
            return _quoted(properties, lines, asked, most)
        numbered = [_numbered(properties, line) for line in lines]
        return [entry for entry in numbered if entry is not None][:most]
    fit = sorted(lines, key=lambda line: -len(line.words & asked))
    chosen = [line for line in fit if line.words & asked][: most or 3]
    values = [_read(items, _kinds(items), line, asked) for line in chosen]
    return [value for value in values if value is not None]


def _quoted(
    properties: Mapping[str, object],
    lines: Sequence[Line],
    asked: frozenset[str],
    most: int | None,
) -> list[object]:
    """Answer ``{"quote": str, ...}`` with the lines that fit best, in their order."""
    order = sorted(range(len(lines)), key=lambda n: (-len(lines[n].words & asked), n))
    return [
        {
            name: _read_or_empty(part, lines[place], asked)
            for name, part in properties.items()
            if isinstance(part, Mapping)
        }
        for place in sorted(order[:most])
    ]


def _numbered(properties: Mapping[str, object], line: Line) -> object:
    """Answer ``{"n": int, "text": str}`` with a line ``[n] text``."""
    match = _NUMBERED.match(line.text)
    if match is None:
        return None
    entry: dict[str, object] = {}
    for name, part in properties.items():
        kinds = _kinds(part) if isinstance(part, Mapping) else frozenset[str]()
        if kinds & {"integer", "number"}:
            entry[name] = int(match.group(1))
        elif "string" in kinds:
            entry[name] = match.group(2)
    return entry


def _choices(schema: Mapping[str, object]) -> list[str]:
    return list(_strings(schema.get("enum")))


def _strings(value: object) -> Sequence[str]:
    entries = value if isinstance(value, list) else []
    return [entry for entry in entries if isinstance(entry, str)]


def _empty(schema: Mapping[str, object], kinds: frozenset[str]) -> object:
    """Return null where it is allowed, else the emptiest value of the type."""
    enum = schema.get("enum")
    if "null" in kinds or (isinstance(enum, list) and None in enum) or not kinds:
        return None
    if choices := _choices(schema):
        return choices[0]
    if "boolean" in kinds:
        return False
    return 0 if kinds & {"number", "integer"} else ""
