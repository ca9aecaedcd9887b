"""Units: exact offsets, full cover, and the structure above each unit."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.text.units import Unit, cells, units

_LINES = st.sampled_from(
    [
        "# Germany",
        "## Taxes  ",
        "Legal system",
        "civil law system",
        "citizenship by birth: no",
        "The rate is 1.234,5 EUR. It was 3.5 % in the U.S. before 2020.",
        "- first item",
        "  - nested item: 15 %",
        "1. numbered",
        "| a | b |",
        "| --- | --- |",
        "| VAT | 19 % |",
        "|",
        "",
        "   ",
        "\u2028odd break\x0b",
        "ends with dots ... and “quotes”.",
    ]
)


def _texts(text: str) -> list[tuple[str, str]]:
    return [(unit.kind, unit.text) for unit in units(text)]


def _only(text: str, wanted: str) -> Unit:
    return next(unit for unit in units(text) if unit.text == wanted)


def _names(unit: Unit) -> list[str]:
    return [heading.text for heading in unit.headings]


@given(st.one_of(st.text(max_size=200), st.lists(_LINES, max_size=12).map("\n".join)))
def test_units_hold_every_character_once(text: str) -> None:
    """Units are exact, in order, without overlap, and leave only blanks out."""
    position = 0
    left_out = ""
    for unit in units(text):
        assert text[unit.start : unit.end] == unit.text
        assert unit.start >= position
        left_out += text[position : unit.start]
        position = unit.end
    assert not (left_out + text[position:]).strip()


@given(st.lists(_LINES, max_size=12).map("\n".join))
def test_units_headings_point_at_their_own_text(text: str) -> None:
    """A heading's offsets lie before the unit and hold the heading's words."""
    for unit in units(text):
        for heading in unit.headings:
            assert heading.end <= unit.start
            assert heading.text in text[heading.start : heading.end]


@pytest.mark.parametrize(
    "paragraph",
    [
        "The limit is 1.234,5 EUR a year.",
        "It costs approx. 5 EUR, e.g. for adults.",
        "The U.S. Congress sets it at 7.25 USD.",
        "See Art. 12 and No. 5 of the law.",
        "Batasnya Rp. 60.000.000 per tahun.",
        "Secondo il d.lgs. 231 vale il 22 %.",
        "J. Smith wrote it.",
    ],
)
def test_units_do_not_split_inside_a_sentence(paragraph: str) -> None:
    """Abbreviations, initials and decimal points end no sentence."""
    assert _texts(paragraph) == [("sentence", paragraph)]


def test_units_split_sentences() -> None:
    """A full stop before a capital, a digit or a quote ends one."""
    text = 'In 2024 it was 19 %. "Soon" it falls! Why? 5 years remain.'
    assert [text for _, text in _texts(text)] == [
        "In 2024 it was 19 %.",
        '"Soon" it falls!',
        "Why?",
        "5 years remain.",
    ]


def test_units_join_wrapped_lines_but_not_labels() -> None:
    """A long line that goes on in lower case is one sentence; a label starts anew."""
    wrapped = "The standard rate of the value added tax in the country\nis 19 percent."
    assert [unit.text for unit in units(wrapped)] == [wrapped]
    labels = (
        "citizenship by descent only: at least one parent must be a citizen\n"
        "dual citizenship recognized: yes"
    )
    assert [unit.text for unit in units(labels)] == labels.split("\n")


def test_units_take_label_lines_as_headings() -> None:
    """A short line directly above a text is its heading until the block ends."""
    text = "# Germany\n\nLegal system\ncivil law system\n\nAnother text.\n"
    assert _names(_only(text, "civil law system")) == ["Germany", "Legal system"]
    assert _names(_only(text, "Another text.")) == ["Germany"]


def test_units_know_their_heading_path() -> None:
    """Deeper headings end where a higher one begins."""
    text = "# A\n## B\n### C\none.\n## D\ntwo."
    assert _names(_only(text, "one.")) == ["A", "B", "C"]
    assert _names(_only(text, "two.")) == ["A", "D"]


def test_units_of_a_table_know_its_header() -> None:
    """Rows carry the header row above them; a table without one has none."""
    text = "| Kind | Rate |\n| --- | ---: |\n| standard | 19 % |\n\n| VAT | 7 % |"
    rows = [unit for unit in units(text) if unit.kind == "row"]
    headers = [unit.header.text if unit.header else "" for unit in rows]
    assert headers == ["| Kind | Rate |", ""]


def test_units_nested_items_stand_under_their_parent() -> None:
    """An item above a deeper one is its heading."""
    text = "- VAT:\n  - standard: 19 %\n  - reduced: 7 %\n- Income tax"
    assert _names(_only(text, "- standard: 19 %")) == ["VAT"]
    assert _names(_only(text, "- Income tax")) == []


def test_cells_are_exact_and_keep_escaped_bars() -> None:
    """Cells come without outer blanks; an escaped bar belongs to its cell."""
    row = r"| a \| b |  | 19 % |"
    assert [row[cell.start : cell.end] for cell in cells(row)] == [
        r"a \| b",
        "",
        "19 %",
    ]


def test_units_reads_hostile_lines_quickly() -> None:
    """Long runs of marks don't make the patterns backtrack."""
    hostile = ("|" + "-" * 50_000, "# " + " " * 50_000, "a: " * 20_000)
    runs = (part * 40_000 for part in (".", ". ", "a ....", "…", "1.", "(", "!?"))
    begun = time.process_time()
    for text in (*hostile, *runs):
        assert units(f"{text}x 5 %")
    assert time.process_time() - begun < 8


def test_units_take_a_line_by_itself_for_a_heading() -> None:
    """Between blank lines, short and without a full stop; the first is the title."""
    text = (
        "Ferries of the coast\n\nA word first, to those who have never sailed.\n\n"
        "2. Fees\n\nThey are due on board, in cash, and no later.\n\nA second one.\n"
    )
    unit = _only(text, "A second one.")
    assert [(each.text, each.level) for each in unit.headings] == [
        ("Ferries of the coast", 1),
        ("2. Fees", 6),
    ]


def test_units_leave_loose_lists_and_sentences_alone() -> None:
    """An item among items, or a line that ends as a sentence does, heads nothing."""
    text = "1. Rope\n\n2. Oar\n\n3. Sail and mast\n\nGood-bye then.\n\nYours.\n"
    assert [unit.text for unit in units(text) if unit.kind == "item"][:2] == [
        "1. Rope",
        "2. Oar",
    ]
    assert _names(_only(text, "Yours.")) in ([], ["3. Sail and mast"])


def test_units_of_a_list_stand_under_the_sentence_that_introduces_it() -> None:
    """Also where other sentences come before it in its paragraph."""
    text = "Ferries run 12 times a day. There are two reduced fares:\n\n"
    text += "- 5 % for hens;\n"
    text += "- 4 % for cats.\n\nDogs swim.\n"
    names = _names(_only(text, "- 4 % for cats."))
    assert names == ["There are two reduced fares"]
    assert _names(_only(text, "Dogs swim.")) == []
