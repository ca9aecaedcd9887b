"""Row statement: a table row or a list of labels said as a sentence.

"Country | Capital" over "Latvia | Riga" is "the capital of Latvia is Riga". Each value
stands beside its own label; other rows and other labels may stay unsaid, a part of a
value may not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subak.knowledge.checking.bounds import is_currency, is_date, states_same
from subak.knowledge.checking.doing import times_of
from subak.knowledge.checking.sense import Part, Reading, read_senses
from subak.knowledge.text.language import Language

_LABEL = re.compile(r"\s*([^:;|]{2,60}?)(?:\(s\))?\s*:\s+([^;|]+?)\s*")
_HEAD = re.compile(r"\s*([^:;|]{2,80}?)\s+[–—-]\s+(?=\S)")
_TIED = re.compile(r"\b(?:by|to|from|with|da|dal|oleh|ke|dari)$", re.IGNORECASE)
_SKIPPED_TEXT = (
    "is are was were has have and the of in at for e è di il ha sono adalah dan it its"
    " their amounts sua suo per with con dengan / rate rates amount level value applies"
    " apply aliquota tarif"
)
_SKIPPED = frozenset(_SKIPPED_TEXT.split())
_HAVING = frozenset({"has", "have", "costs", "cost", "ha", "hanno", "memiliki"})
_COPULAS = frozenset({"is", "are", "was", "were", "è", "sono", "adalah", "ialah"})
_DIRECTED = frozenset({"to", "from", "by", "with", "against", "into", "ke", "dari"})


@dataclass(frozen=True, slots=True)
class _Pair:
    """A label and its value; either may be of several words."""

    label: tuple[Part, ...]
    value: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """Whom a row is about, what kind of thing that is, and what the row says."""

    subject: tuple[Part, ...]
    kind: tuple[Part, ...]
    pairs: tuple[_Pair, ...]


def states_row(
    said: Reading, source: str, names: Sequence[str], language: Language
) -> bool:
    """Tell whether a sentence says labels of one row, each with its whole value."""
    rows = list(_rows(source))
    if not rows:
        return False
    is_dated = any(is_date(part) for part in said.figures)
    for kind, subject, pairs in rows:
        row = _Row(
            _read(subject, names, language),
            _read(kind, names, language),
            tuple(
                _Pair(
                    _read(_turned_label(label), names, language),
                    _read(value, names, language),
                )
                for label, value in pairs
            ),
        )
        if _states(said, row) and (not times_of(said) or is_dated):
            return True
    return False


def is_listed(source: str) -> bool:
    """Tell whether the source holds several labels: then each keeps its own value."""
    return any(len(pairs) > 1 for _, _, pairs in _rows(source))


def _read(text: str, names: Sequence[str], language: Language) -> tuple[Part, ...]:
    return _content(read_senses(text, names, language)) if text else ()


def _content(reading: Reading) -> tuple[Part, ...]:
    return tuple(
        part
        for part in reading.parts
        if part.kind not in {"mark", "small"}
        and (part.kind == "operator" or part.text not in _SKIPPED)
    )


def _rows(source: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield the subject of each row and its labels with values."""
    lines = [line for line in source.splitlines() if line.strip()]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    if len(lines) > 1 and len({len(row) for row in cells}) == 1 and len(cells[0]) > 1:
        head, *rest = cells
        for row in rest:
            yield head[0], row[0], list(zip(head[1:], row[1:], strict=True))
        return
    if len(lines) != 1:
        return
    if len(cells[0]) == 3 and ":" not in lines[0] and ";" not in lines[0]:
        subject, label, value = cells[0]
        yield "", subject, [(label, value)]
        return
    yield from _labelled(lines[0])


def _labelled(line: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    subject, text = "", line
    if head := _HEAD.match(line):
        subject, text = head[1], line[head.end() :]
    pairs: list[tuple[str, str]] = []
    for part in re.split(r"[;|]", text) if ":" in text else re.split(";", text):
        plain = part.strip().rstrip(".")
        if match := _LABEL.fullmatch(plain):
            tie = _TIED.search(match[1])
            pairs.append((match[1], f"{tie[0]} {match[2]}" if tie else match[2]))
        elif plain.count("|") == 1:
            label, value = plain.split("|")
            pairs.append((label.strip(), value.strip()))
        elif not pairs and not subject:
            subject = plain
        else:
            return
    if len(pairs) > 1 or (pairs and subject):
        yield "", subject, pairs


def _states(said: Reading, row: _Row) -> bool:
    """Give each word of the sentence to the label or value that holds it."""
    tags = _tags(_content(said), row)
    if tags is None or not any(kind == "value" for kind, _ in tags):
        return False
    used = sorted({at for kind, at in tags if kind == "value"})
    if row.subject and not any(kind == "subject" for kind, _ in tags):
        return False
    if _names_value_as_owner(said, row):
        return False
    if any(
        part.preposition in _DIRECTED and kind == "subject"
        for part, (kind, _) in zip(_content(said), tags, strict=True)
    ):
        return False
    ours = _operators(_content(said))
    theirs = _operators(
        [
            *row.subject,
            *row.kind,
            *(
                part
                for at in used
                for part in (*row.pairs[at].label, *row.pairs[at].value)
            ),
        ]
    )
    if ours - theirs:
        return False
    return _are_beside(tags, used) and all(
        _is_whole(_content(said), row, row.pairs[at]) for at in used
    )


def _names_value_as_owner(said: Reading, row: _Row) -> bool:
    """Tell whether it is "the capital of Riga is ...": label and value before "is"."""
    opening: list[Part] = []
    for part in said.parts:
        if part.text in _HAVING:
            return False
        if part.kind == "small" and part.text in _COPULAS:
            break
        opening.append(part)
    else:
        return False
    return any(
        any(_holds(opening, one) for one in pair.value)
        and any(_holds(opening, one) for one in pair.label)
        for pair in row.pairs
    )


def _operators(parts: Sequence[Part]) -> Counter[str]:
    return Counter(min(part.senses) for part in parts if part.kind == "operator")


def _tags(parts: Sequence[Part], row: _Row) -> list[tuple[str, int]] | None:
    """Return whose each word is; None where one is nobody's."""
    found: list[tuple[str, int]] = []
    for part in parts:
        tag = _tag(part, row)
        if tag is None:
            return None
        found.append(tag)
    return found


def _tag(part: Part, row: _Row) -> tuple[str, int] | None:
    if any(part.token.stem == one.token.stem for one in row.subject):
        return "subject", 0
    labels = [at for at, pair in enumerate(row.pairs) if _holds(pair.label, part)]
    values = [at for at, pair in enumerate(row.pairs) if _holds(pair.value, part)]
    if values and labels:
        return None
    if len(values) > 1:
        return None
    if values:
        return "value", values[0]
    if len(labels) == 1:
        return "label", labels[0]
    if labels:
        return "shared", 0
    if _holds(row.subject, part) or _holds(row.kind, part):
        return "subject", 0
    is_priced = any(is_currency(one) for pair in row.pairs for one in pair.value)
    return ("price", 0) if is_priced and "cost" in part.senses else None


def _holds(parts: Sequence[Part], part: Part) -> bool:
    return any(_same(part, other) for other in parts)


def _same(one: Part, other: Part) -> bool:
    if one.figure or other.figure:
        return states_same(one, other)
    if one.kind != other.kind:
        return False
    return (
        one.token.stem == other.token.stem if one.kind == "light" else one.says(other)
    )


def _is_whole(parts: Sequence[Part], row: _Row, pair: _Pair) -> bool:
    """Tell whether the sentence holds all of a label and of its value, in order."""
    shared = [one for other in row.pairs if other is not pair for one in other.label]
    if not all(_holds(parts, one) for one in (*pair.value, *row.subject)):
        return False
    own = [one for one in pair.label if not _holds(shared, one)]
    if not all(_holds(parts, one) for one in own if one.kind != "light"):
        return False
    return _in_order(parts, own) and _in_order(parts, pair.value)


def _turned_label(label: str) -> str:
    """Return "former president" for "president, former"."""
    first, comma, rest = label.partition(", ")
    return f"{rest} {first}" if comma and rest.count(" ") < 2 else label


def _in_order(parts: Sequence[Part], wanted: Sequence[Part]) -> bool:
    """Tell whether words stand in the order given, under the same prepositions."""
    places: list[int] = []
    for one in wanted:
        at = next((at for at, part in enumerate(parts) if _same(part, one)), None)
        if at is None:
            continue
        governing = {one.preposition, parts[at].preposition}
        if governing & _DIRECTED and len(governing) > 1:
            return False
        places.append(at)
    return places == sorted(places)


def _are_beside(tags: Sequence[tuple[str, int]], used: Sequence[int]) -> bool:
    """Tell whether the words of each label and value stand together, none between."""
    order = [at for kind, at in tags if kind in {"label", "value"}]
    blocks = [
        at for place, at in enumerate(order) if not place or order[place - 1] != at
    ]
    return sorted(blocks) == list(used)
