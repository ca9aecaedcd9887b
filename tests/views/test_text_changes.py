"""What of a text went and came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.text.units import units
from subak.views.text_changes import Line, text_changes

OLD = "# Taxes\n\nThe VAT is 19 percent. It is low.\n\n- one\n- two\n- three\n"
NEW = "# Taxes\n\nThe VAT is 21 percent. It is low.\n\n- one\n- three\n- four\n"
_SENTENCES = st.sampled_from(
    [
        "One is here.",
        "Two is here.",
        "Two was here.",
        "A third one.",
        "# Head",
        "- item",
    ]
)
_TEXTS = st.lists(_SENTENCES, max_size=8).map("\n\n".join)


def _texts(text: str) -> list[str]:
    return [" ".join(unit.text.split()) for unit in units(text)]


def test_text_changes_marks_the_words_that_differ() -> None:
    """A reworded line stands as it was and as it is, the figure marked in both."""
    lines = text_changes(OLD, NEW).lines
    gone = next(line for line in lines if line.kind == "gone")
    came = next(line for line in lines if line.kind == "came")
    assert [piece.text for piece in gone.pieces if piece.is_marked] == ["19"]
    assert [piece.text for piece in came.pieces if piece.is_marked] == ["21"]


def test_text_changes_leaves_out_what_is_far_from_a_change() -> None:
    """Of a long text only the neighbours of a change are shown."""
    lines = [f"Sentence number {number} stays." for number in range(50)]
    old = "\n\n".join(lines)
    new = "\n\n".join([*lines[:25], "A new one came.", *lines[25:]])
    found = text_changes(old, new)
    assert [line.kind for line in found.lines] == [
        *("skipped", "same", "came", "same", "skipped")
    ]
    assert sum(line.count for line in found.lines) == 51


def test_text_changes_of_unrelated_lines_marks_no_words() -> None:
    """A line that took another's place is not told as its rewording."""
    found = text_changes("Cats sleep all day.", "The budget passed in May 2026!")
    assert [line.kind for line in found.lines] == ["gone", "came"]
    assert not any(piece.is_marked for line in found.lines for piece in line.pieces)


@given(_TEXTS, _TEXTS)
def test_text_changes_hold_both_texts(old: str, new: str) -> None:
    """What went and stayed is the old text, what came and stayed the new one."""
    found = text_changes(old, new)
    assert found.is_same == (_texts(old) == _texts(new))
    assert _side(found.lines, "gone", _texts(old))
    assert _side(found.lines, "came", _texts(new))


def _side(lines: tuple[Line, ...], kind: str, texts: list[str]) -> bool:
    """Tell whether the lines of one side are its text, skipped ones counted."""
    place = 0
    for line in lines:
        if line.kind == "skipped":
            place += line.count
        elif line.kind in (kind, "same"):
            if texts[place : place + 1] != [line.text]:
                return False
            place += 1
    return place == len(texts)
