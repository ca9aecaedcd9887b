"""Words count in full only where all of them stand."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.search.fusion import fuse
from subak.knowledge.search.lexical import Lexical
from subak.knowledge.search.vectors import Nearest

_NEAREST = Nearest({1: 0.90, 2: 0.88, 3: 0.80}, mean=0.80, spread=0.04)


def _order(scores: Mapping[int, float]) -> list[int]:
    return sorted(scores, key=lambda passage: -scores[passage])


def test_fusion_full_coverage_lifts_a_close_second() -> None:
    """A passage with all words overtakes one that is a little nearer in meaning."""
    assert _order(fuse(_NEAREST, [Lexical(2, 7.0, 1.0)])) == [2, 1, 3]


def test_fusion_some_words_change_nothing() -> None:
    """However high its BM25: with a word missing, meaning alone decides."""
    assert _order(fuse(_NEAREST, [Lexical(3, 99.0, 0.9)])) == [1, 2, 3]


def test_fusion_by_words_alone_puts_all_words_first() -> None:
    """Then the share of the words, then BM25."""
    found = [Lexical(1, 9.0, 0.5), Lexical(2, 1.0, 1.0), Lexical(3, 8.0, 0.5)]
    assert _order(fuse(None, found)) == [2, 1, 3]


def test_fusion_named_things_come_first() -> None:
    """What the query names outweighs a few places."""
    assert _order(fuse(_NEAREST, [], named={2}))[0] == 2


def test_fusion_of_nothing_is_nothing() -> None:
    """No findings, no order."""
    assert fuse(None, []) == {}
    assert fuse(Nearest({}, 0.0, 0.0), []) == {}


@given(
    st.dictionaries(st.integers(1, 9), st.floats(-1, 1), max_size=9),
    st.lists(
        st.builds(Lexical, st.integers(1, 12), st.floats(0, 50), st.floats(0, 1)),
        max_size=9,
        unique_by=lambda found: found.passage,
    ),
)
def test_fusion_never_loses_a_finding_of_all_words(
    cosines: dict[int, float], lexical: list[Lexical]
) -> None:
    """Whatever is found by meaning or with all words has a score; scores are finite."""
    scores = fuse(Nearest(cosines, 0.0, 0.0), lexical)
    full = {found.passage for found in lexical if found.coverage == 1.0}
    assert scores.keys() >= cosines.keys() | full
    assert all(abs(score) < 1e9 for score in scores.values())
