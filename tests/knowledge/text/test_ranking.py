"""Texts are ranked by the words of a question, rare ones first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.text.ranking import Text, rank

TEXTS = [
    Text("The economy of the country grew by three percent."),
    Text("Value added tax is levied at 19 percent; a reduced rate is 7 percent."),
    Text("Books are taxed at 7 percent.", "Germany > Value added tax"),
    Text("The corporate tax rate is 15 percent."),
]


def test_rank_finds_text_and_heading() -> None:
    """What is named in the text or in a heading above it comes, other things don't."""
    assert set(rank("What is the rate of value added tax?", TEXTS)[:2]) == {1, 2}
    assert rank("corporate tax", TEXTS)[0] == 3


def test_rank_finds_nothing_for_other_words() -> None:
    """Words of asking alone find nothing, nor do words in no text."""
    assert rank("What is there, and how much?", TEXTS) == []
    assert rank("visa passport", TEXTS) == []
    assert rank("tax", []) == []


@given(st.lists(st.text(alphabet="abc ", max_size=20), max_size=6), st.text("abc "))
def test_rank_returns_each_position_once(bodies: list[str], query: str) -> None:
    """The answer is always a selection of the positions, the same every time."""
    texts = [Text(body) for body in bodies]
    found = rank(query, texts)
    assert len(set(found)) == len(found)
    assert set(found) <= set(range(len(texts)))
    assert found == rank(query, texts)
