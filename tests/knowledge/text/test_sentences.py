"""Sentences: where they end, told as plainly as possible and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.text.sentences import read_sentences

_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019\xbb)\]]*(?=\s)")
_OPENING = "\"'\u201c\u2018\xab([*_\xbf\xa1"
_LAST_WORD = re.compile(r"[^\s(\[\"'\u201c\u2018\xab]*$")
_LABEL = re.compile(r"[^.:;!?|]{1,60}:\s")
_SHORTENED = ("no", "art", "e.g", "mr", "u.s")
_PIECES = st.sampled_from(
    [
        "The fee is 5 EUR",
        "e.g.",
        "U.S.",
        "Art.",
        "(no.",
        "J.",
        "a.b.c.",
        "and the rest of a line that is long enough to be wrapped by its author",
        "office hours:",
        "paid",
        "Paid",
        "ends...",
        "ends.\u201d",
        "\u201cSo",
        "why?",
        "[*",
        ". ",
        " ",
        "\n",
        "\n\n",
        "\u2003",
        "\x1c",
        "5",
        "\u00e9t\u00e9",
    ]
)


@given(
    st.one_of(
        st.lists(_PIECES, max_size=25).map(" ".join),
        st.lists(_PIECES, max_size=25).map("".join),
        st.text(st.sampled_from('aB5.!? \n\t("\u201c:e'), max_size=80),
    ),
    st.integers(0, 20),
    st.integers(0, 20),
)
def test_read_sentences_end_where_the_plain_rules_say(
    text: str, left: int, right: int
) -> None:
    """Looking at little of the text finds what looking at all of it does."""
    start, end = min(left, len(text)), max(len(text) - right, min(left, len(text)))
    found = [(span.start, span.end) for span in read_sentences(text, start, end)]
    assert found == list(_plain_sentences(text, start, end))


def _plain_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    marks = [
        match.end()
        for match in _END.finditer(text, start, end)
        if _is_end(text, match.start(), match.end(), start, end)
    ]
    breaks = [
        index
        for index in range(start, end)
        if text[index] == "\n" and not _is_wrap(text, index, start, end)
    ]
    begin = start
    for boundary in (*sorted({*marks, *breaks}), end):
        part = text[begin:boundary]
        if stripped := part.strip():
            first = begin + len(part) - len(part.lstrip())
            yield first, first + len(stripped)
        begin = boundary


def _is_end(text: str, mark: int, after: int, start: int, end: int) -> bool:
    following = text[after:end].lstrip()
    first = following.lstrip(_OPENING)[:1]
    if not first or not (first.isupper() or first.isdigit() or not first.isalnum()):
        return not following
    if text[mark] != ".":
        return True
    match = _LAST_WORD.search(text, start, mark)
    word = match.group().casefold() if match else ""
    is_initial = len(word) == 1 and word.isalpha()
    is_dotted = "." in word and all(len(part) <= 1 for part in word.split("."))
    return not (word in _SHORTENED or is_initial or is_dotted)


def _is_wrap(text: str, index: int, start: int, end: int) -> bool:
    line_start = max(text.rfind("\n", start, index) + 1, start)
    following = text[index:end].lstrip()
    if not following[:1].islower() or index - line_start < 50:
        return False
    return text[index - 1] not in ".!?:;" and not _LABEL.match(following)
