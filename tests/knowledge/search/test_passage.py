"""Passages: exact, about 120 words, never across a section."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.search.passage import passages

_PARTS = st.sampled_from(
    [
        "# Germany",
        "## Taxes",
        "### Rates",
        "Legal system\ncivil law",
        "word " * 70 + "end.",
        "Short one. Another one.",
        "| a | b |\n|---|---|\n| c | d |",
        "",
    ]
)


@given(st.lists(_PARTS, max_size=12).map("\n\n".join))
def test_passages_are_exact_and_hold_all_text(text: str) -> None:
    """Offsets are exact, in order; only blanks and bare headings are left out."""
    position, left_out = 0, ""
    for passage in passages(text):
        assert text[passage.start : passage.end] == passage.text
        assert passage.start >= position
        left_out += text[position : passage.start]
        position = passage.end
    left_out += text[position:]
    assert all(line.startswith("#") for line in left_out.split("\n") if line.strip())


def test_passages_leave_out_headings_with_nothing_under_them() -> None:
    """A title alone answers nothing; in a text of headings only, they are all."""
    assert [each.text for each in passages("# Italy\n\n## Tax\n\nIt is low.")] == [
        "## Tax\n\nIt is low."
    ]
    assert [each.text for each in passages("# Italy\n\n## Tax")] == [
        "# Italy",
        "## Tax",
    ]


@given(st.lists(_PARTS, max_size=12).map("\n\n".join))
def test_passages_do_not_cross_sections(text: str) -> None:
    """A heading of level 1 or 2 only opens a passage."""
    for passage in passages(text):
        later = passage.text.split("\n")[1:]
        assert not any(line.startswith(("# ", "## ")) for line in later)


def test_passages_are_about_120_words() -> None:
    """Sentences are packed until the next one wouldn't fit."""
    text = "One two three four five six seven eight nine ten. " * 30
    sizes = [len(passage.text.split()) for passage in passages(text)]
    assert sizes == [120, 120, 60]


def test_passages_keep_a_heading_with_its_text() -> None:
    """A heading at the end of a full passage goes to the next one."""
    text = "word " * 118 + "end.\n\n### Rates\n\n" + "more " * 50
    first, second = passages(text)
    assert "Rates" not in first.text
    assert second.text.startswith("### Rates")
    assert second.heading == "Rates"


def test_passages_name_their_headings() -> None:
    """The path is what a search result shows."""
    (passage,) = passages("# Germany\n\ntext.")
    assert passage.heading == "Germany"
