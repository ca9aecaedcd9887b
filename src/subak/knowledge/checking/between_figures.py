"""Between figures: with several figures in the same order, words stay with theirs.

"20 hours in term and 40 hours in holidays" is not "20 hours in holidays and 40 hours
in term", although every word and every figure is the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from subak.knowledge.checking.bounds import is_date, states_same
from subak.knowledge.checking.sense import Part, Reading

_OF = frozenset({"of", "di", "del", "dari"})


def exchange_problem(said: Reading, source: Reading) -> str:
    """Return whether words changed places between the figures they stand beside."""
    if problem := share_problem(said, source):
        return problem
    return _exchanged(said, source, of_dates=False) or _exchanged(
        said, source, of_dates=True
    )


def _exchanged(said: Reading, source: Reading, *, of_dates: bool) -> str:
    ours, theirs = _of_kind(said, of_dates), _of_kind(source, of_dates)
    if len(theirs) < 2 or len(ours) != len(theirs):
        return ""
    matched = [
        next((at for at, other in enumerate(theirs) if states_same(part, other)), -1)
        for part in ours
    ]
    if sorted(matched) != list(range(len(theirs))):
        return ""
    now, then = _segments(said, of_dates), _segments(source, of_dates)
    problem = "the sentence gives a figure to something else"
    if matched == sorted(matched):
        moves = {
            (here > there) - (here < there)
            for word, there in then.items()
            if there and (here := now.get(word, 0))
        }
        if {1, -1} <= moves:
            return problem
        if of_dates:  # "from 2009 to 2016" may come before or after what was so
            return ""
    for word, there in then.items():
        if word in now and not _beside(there, len(theirs)) & {
            matched[at] for at in _beside(now[word], len(theirs))
        }:
            return problem
    return ""


def share_problem(said: Reading, source: Reading) -> str:
    """A share is a share of the same thing: "90 % of exports"."""
    for part in said.figures:
        for other in source.figures:
            ours, theirs = _whole(said, part), _whole(source, other)
            if (
                ours
                and theirs
                and states_same(part, other)
                and not ours.says(theirs)
                and any(ours.says(one) for one in source.meant)
            ):
                return f'the sentence gives a share of "{ours.token.surface}"'
    return ""


def _whole(reading: Reading, figure: Part) -> Part | None:
    """Return what follows "5 % of", where a word of sense does."""
    at = reading.parts.index(figure)
    after = [part for part in reading.parts[at + 1 : at + 4] if part.text != "the"]
    if len(after) > 1 and after[0].text in _OF and after[1].kind == "sense":
        return None if after[1].is_proper else after[1]
    return None


def _beside(segment: int, count: int) -> set[int]:
    """Return which figures a segment stands between."""
    return {at for at in (segment - 1, segment) if 0 <= at < count}


def _of_kind(reading: Reading, of_dates: bool) -> list[Part]:
    return [part for part in reading.figures if is_date(part) == of_dates]


def _segments(reading: Reading, of_dates: bool) -> Mapping[str, int]:
    """Return after how many figures each word stands that occurs once."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    count = 0
    for part in reading.parts:
        if part.kind == "figure" and is_date(part) == of_dates:
            count += 1
        elif part.kind in {"sense", "light"} and not part.is_proper:
            word = part.token.stem if part.kind == "light" else min(part.senses)
            twice |= {word} & found.keys()
            found[word] = count
    return {word: at for word, at in found.items() if word not in twice}
