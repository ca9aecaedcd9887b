"""Articles of plain markup, told without another reader's help."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from subak.sources.block import join_blocks
from subak.sources.plain_article import plain_article
from subak.sources.prose import measure_prose
from subak.sources.whole_text import read_blocks

SENTENCE = (
    "On day {} the council decided that the fee for a new card stays as it was, and "
    "that whoever lives in the town may ask for the form at the office of the mayor. "
)


def paragraphs(first: int, last: int, tag: str = "p") -> str:
    """Return paragraphs that are told from each other."""
    return "".join(
        f"<{tag}>{SENTENCE.format(number) * 2}</{tag}>"
        for number in range(first, last + 1)
    )


def plain(html: str) -> str | None:
    """Return the text of a plain article, None where there is doubt."""
    tree = LexborHTMLParser(f"<html><body>{html}</body></html>")
    body = tree.body
    assert body is not None
    prose = measure_prose(body)
    root = prose.deepest(body, 0.8)
    inside = {node.mem_id for node in root.css("*")}
    inner = [block for block in read_blocks(body) if block.node in inside]
    found = plain_article(root, inner, prose, body)
    return None if found is None else join_blocks(found)


def test_plain_article_takes_paragraphs_and_what_is_between() -> None:
    """Headings, lists and tables between paragraphs stay where they are."""
    text = plain(
        "<main><h2>Fees</h2>"
        + paragraphs(1, 2)
        + "<ul><li>Card: 10</li><li>Form: none</li></ul><h3>Later</h3>"
        + "<table><tr><td>Year</td><td>2026</td></tr></table>"
        + paragraphs(3, 4)
        + "</main>"
    )
    assert text is not None
    assert text.startswith("## Fees\n\nOn day 1")
    assert "- Card: 10\n- Form: none\n\n### Later\n\n| Year | 2026 |" in text
    assert "On day 4" in text


def test_plain_article_goes_on_below_the_last_paragraph() -> None:
    """A list with its heading at the end is part of it, a label alone is not."""
    text = plain(
        f"<main>{paragraphs(1, 4)}<h2>You need</h2><ul><li>A card</li></ul>"
        "<p>More</p></main>"
    )
    assert text is not None
    assert text.endswith("## You need\n\n- A card")


def test_plain_article_leaves_captions_but_no_table_in_a_figure() -> None:
    """What is said of a picture is no part of the text; a table is."""
    text = plain(
        "<main>"
        + paragraphs(1, 3)
        + "<figure><img><figcaption>Photo: a mayor</figcaption></figure>"
        + "<figure><table><tr><td>Fee</td><td>10</td></tr></table></figure>"
        + paragraphs(4, 5)
        + "</main>"
    )
    assert text is not None
    assert "Photo" not in text
    assert "| Fee | 10 |" in text


def test_plain_article_leaves_a_short_page_to_others() -> None:
    """Little text says little about the page's shape."""
    assert plain(f"<main>{paragraphs(1, 1)}</main>") is None


def test_plain_article_leaves_paragraphs_of_two_shapes_to_others() -> None:
    """Where prose is in different elements, one sort of them may be no article."""
    mixed = f"<section>{paragraphs(3, 5, 'blockquote')}</section>"
    assert plain(f"<main>{paragraphs(1, 2)}{mixed}</main>") is None


def test_plain_article_leaves_a_page_with_much_else_to_others() -> None:
    """An element with many short lines besides its paragraphs may be a list."""
    lines = "".join(f"<p>Line {number} of it</p>" for number in range(80))
    assert plain(f"<main>{lines}{paragraphs(1, 3)}</main>") is None
