"""The check of a reply: a model's sentences stand only as far as a line carries them.

The line is found by code: models point one to three lines off almost always, while
their values are right. A wording that the strict comparison refuses is replaced by
the line itself; what no line carries is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from subak.knowledge.articles.article import Citation, Dropped
from subak.knowledge.checking.quoted import unquoted_number
from subak.knowledge.checking.shape import markup_problem
from subak.knowledge.checking.support import check
from subak.knowledge.replies.reply import ReplySentence
from subak.knowledge.replies.source_line import SourceLine
from subak.knowledge.text.labels import label_words
from subak.knowledge.text.orders import ORDERS, gives_orders
from subak.knowledge.text.words import content_words, read_words

_LEAST_SHARE = 0.5
_LEAST_SHOWN = 0.25
_POINTED_AT = 0.4
_LABEL = re.compile(r"([^:]{1,80}):\s+(\S.*)")
_BARE_TEXT = "yes no not true false sì si non vero falso ya tidak bukan"
_BARE = frozenset(_BARE_TEXT.split())


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a model, and the number of the line it points at, from 1."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left of a model's sentences.

    Args:
        sentences: Those that are proved, a line each.
        dropped: The others, with the reason.
    """

    sentences: tuple[ReplySentence, ...]
    dropped: tuple[Dropped, ...]


def check_reply(said: Sequence[Said], lines: Sequence[SourceLine]) -> Checked:
    """Give each sentence the line that carries it, or drop it."""
    found: dict[tuple[str, int], ReplySentence] = {}
    dropped: dict[str, Dropped] = {}
    names = sorted({line.document.entity for line in lines} - {""})
    for one in said:
        sentence = " ".join(one.text.split())
        problem = _own_problem(sentence)
        line = None if problem else _bearer(replace(one, text=sentence), lines, names)
        if line is None:
            reason = problem or "no source carries it"
            dropped.setdefault(sentence, Dropped(sentence, reason))
            continue
        place = (line.document.id, line.start)
        proved = _proved(sentence, line, names)
        if place not in found or found[place].verdict == "quoted":
            found[place] = proved
    return Checked(tuple(found.values()), tuple(dropped.values()))


def _own_problem(sentence: str) -> str:
    if not {word.text.casefold() for word in read_words(sentence)} - _BARE:
        return "it says nothing by itself"
    if gives_orders(sentence):
        return ORDERS
    return markup_problem(sentence)


def _bearer(
    said: Said, lines: Sequence[SourceLine], names: Sequence[str]
) -> SourceLine | None:
    """Return the line that says most of a sentence, None when none says enough.

    That the model points at a line decides only between lines that say as much.
    """
    best: tuple[float, int] = (0.0, 0)
    for number, line in enumerate(lines, start=1):
        likeness = _likeness(said.text, line, names)
        if likeness and number == said.line:
            likeness += _POINTED_AT
        best = max(best, (likeness, -number))
    return lines[-best[1] - 1] if best[0] > 0 else None


def _likeness(sentence: str, line: SourceLine, names: Sequence[str]) -> float:
    """Return how much of a sentence a line says, 0 when it is too little.

    The line must hold every number. Words of its headings count half; the longest
    run of words that both share decides between lines that share as many.
    """
    sources = (line.quote, line.text, line.context)
    if unquoted_number(sentence, sources, names):
        return 0.0
    said = [word.stem for word in content_words(read_words(sentence))]
    own = [word.stem for word in content_words(read_words(line.text))]
    above = {word.stem for word in content_words(read_words(line.context))}
    if not said:
        return 0.0
    shared = [stem for stem in said if stem in own]
    beside = [stem for stem in said if stem in above and stem not in own]
    share = (len(shared) + len(beside)) / len(said)
    is_said = bool(shared) and len(set(shared)) >= _LEAST_SHOWN * min(
        len(set(own)), len(set(said))
    )
    if share < _LEAST_SHARE or not is_said:
        return 0.0
    run = SequenceMatcher(None, said, own, autojunk=False).find_longest_match().size
    return len(shared) + 0.5 * len(beside) + 0.1 * run


def _proved(sentence: str, line: SourceLine, names: Sequence[str]) -> ReplySentence:
    document = line.document
    # The line again is no wording: alone, "11 %" may be taken for anything.
    is_worded = not _is_same(sentence, line.text) and any(
        check(sentence, source, names=names).supported for source in _sources(line)
    )
    return ReplySentence(
        text=sentence if is_worded else line.text,
        verdict="worded" if is_worded else "quoted",
        citation=Citation(
            document.id, document.url, document.title, line.start, line.end, line.quote
        ),
        heading=" > ".join(line.headings),
        published=document.published,
        tier=document.tier,
    )


def _is_same(sentence: str, text: str) -> bool:
    said, own = read_words(sentence), read_words(text)
    return [word.stem for word in said] == [word.stem for word in own]


def _sources(line: SourceLine) -> Iterator[str]:
    """Yield the statements a line makes: alone, of its entity, under its heading.

    A label that says nothing ("name", "total") leaves the word to the heading.
    """
    yield line.text
    entity = line.document.entity
    last = line.headings[-1] if line.headings else ""
    label = _LABEL.fullmatch(line.text)
    if entity and entity not in line.text:
        yield f"{entity}: {line.text}"
        if label:
            yield f"{label[1]} of {entity}: {label[2]}"
        if last and last != entity:
            bare = label[2] if label and not label_words(label[1]) else line.text
            yield f"{last} of {entity}: {bare}"
    elif last:
        yield f"{last}: {line.text}"
