"""render_snapshot: the stored text, whole, with exactly the cited spans marked."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from subak.outputs.blocks import iter_blocks
from subak.outputs.highlight import Span
from subak.outputs.snapshot import render_snapshot

LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "   ",
            "# Title",
            "###### deep",
            "####### seven",
            "#no heading",
            "- item",
            "  - nested",
            "-no item",
            "| a | b |",
            "|a|b|c|",
            "| one |",
            "| x \\| y | z |",
            "| open \\|",
            "|",
            "||",
            "| --- | :-: |",
            "|---|",
            " | indented | row | ",
            "plain text.",
            "<script>alert(1)</script> & \"quotes\" 'single'",
            "\tTab and\xa0no-break",
        ]
    ),
    st.text(alphabet="ab |#-\\<>&\u05d0\U0001f33e", max_size=12),
)
TEXTS = st.lists(LINES, max_size=12).map("\n".join)


def _texts(html: str) -> tuple[str, dict[str, str], set[str]]:
    """Return all text, each mark's text and the anchors, as a browser reads them."""
    parser = LexborHTMLParser(f"<!doctype html><body><article>{html}</article></body>")
    article = parser.css_first("article")
    assert article is not None
    marked: dict[str, str] = {}
    whole = ""
    for node in article.traverse(include_text=True):
        if node.tag == "-text":
            text = node.text(deep=False)
            whole += text
            for name in _marks_around(node):
                marked[name] = marked.get(name, "") + text
    ids = [str(node.attributes["id"]) for node in article.css("[id]")]
    assert len(ids) == len(set(ids))
    return whole, marked, set(ids)


def _marks_around(node: LexborNode) -> set[str]:
    names = set()
    parent = node.parent
    while parent is not None:
        if parent.tag == "mark":
            names.add(str(parent.attributes["data-q"]))
        parent = parent.parent
    return names


@st.composite
def _cited(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(TEXTS)
    if not text:
        return text, []
    starts = st.integers(0, len(text) - 1)
    pairs = draw(st.lists(st.tuples(starts, st.integers(1, 30)), max_size=8))
    return text, [Span(a, min(a + size, len(text))) for a, size in pairs]


@settings(deadline=None)
@given(_cited())
@example(
    ("| a | b |\n| --- | --- |\n| c | d |", [Span(0, 9), Span(5, 30), Span(24, 33)])
)
@example(("abcdefgh", [Span(0, 5), Span(3, 8), Span(4, 5), Span(0, 8)]))
@example(("\n\n- a\n\n\n", [Span(0, 7)]))
def test_snapshot_marks_hold_exactly_their_quotes(case: tuple[str, list[Span]]) -> None:
    """Whatever overlaps, a span's marks together hold its characters, no others."""
    text, spans = case
    whole, marked, anchors = _texts(str(render_snapshot(text, spans)))
    assert whole == text
    assert marked == {span.id: text[span.start : span.end] for span in spans}
    assert anchors == {span.id for span in spans}


@settings(deadline=None)
@given(TEXTS)
def test_blocks_cover_every_character_once(text: str) -> None:
    """The leaves of all blocks are a partition of the text, in order."""
    leaves = [
        leaf for block in iter_blocks(text) for cell in block.cells for leaf in cell
    ]
    assert "".join(text[leaf.start : leaf.end] for leaf in leaves) == text
    ends = [0, *(leaf.end for leaf in leaves)]
    assert [leaf.start for leaf in leaves] == ends[:-1]


def test_snapshot_shows_structure() -> None:
    """Headings, lists and tables become what they are."""
    text = "# A\n\nb\nc\n\n- d\n- e\n\n| f | g |\n| --- | --- |\n| h \\| i | j |"
    page = LexborHTMLParser(str(render_snapshot(text, [])))
    assert [node.tag for node in page.css("h2, p, li, th, td")] == [
        *("h2", "p", "li", "li", "th", "th", "td", "td", "td")
    ]
    cell = page.css("tbody td")[0]
    for hidden in cell.css(".raw"):
        hidden.decompose()
    assert cell.text().strip() == "h | i"


def test_snapshot_hides_marks_of_structure() -> None:
    """No dash, hash or bar of the stored form is displayed."""
    page = LexborHTMLParser(str(render_snapshot("## A\n- b\n| c | d |", [])))
    for hidden in page.css(".raw"):
        hidden.decompose()
    body = page.body
    assert body is not None
    assert body.text().split() == ["A", "b", "c", "d"]


@pytest.mark.parametrize("start", [0, 1, 2])
def test_snapshot_anchor_is_where_a_reader_sees_it(start: int) -> None:
    """The anchor of a row's quote stands on its first cell, not on the hidden bar."""
    page = LexborHTMLParser(str(render_snapshot("| a | b |", [Span(start, 9)])))
    anchor = page.css_first(f"#q{start}-9")
    assert anchor is not None
    assert anchor.text().strip() == "a"
    assert page.css(".raw [id]") == []


def test_snapshot_anchors_even_what_is_not_seen() -> None:
    """A quote of nothing but a bar still has a place to lead to."""
    page = LexborHTMLParser(str(render_snapshot("| a | b |", [Span(0, 2)])))
    assert len(page.css("#q0-2")) == 1
    assert page.css(".raw [id]") == []


def test_snapshot_escapes_foreign_markup() -> None:
    """Markup inside a stored text is text."""
    html = str(render_snapshot('<script src="x"></script><b onclick=x>', [Span(0, 9)]))
    page = LexborHTMLParser(html)
    assert page.css("script, b") == []


def test_snapshot_keeps_carriage_returns_apart() -> None:
    """A carriage return inside a quote does not move the marks after it."""
    text = "a\rb\r\nc"
    whole, marked, _ = _texts(str(render_snapshot(text, [Span(1, 4)])))
    assert whole == text
    assert marked == {"q1-4": "\rb\r"}
