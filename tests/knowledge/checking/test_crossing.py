"""Statements may change places, but not the words of two statements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.checking.crossing import crossing_problem
from subak.knowledge.checking.sense import Reading, read_senses
from subak.knowledge.checking.stretches import around_figures, clauses
from subak.knowledge.checking.support import check, check_loosely
from subak.knowledge.text.language import ENGLISH

PERCENT = ("percent", "", "")


def _read(text: str) -> Reading:
    return read_senses(text, (), ENGLISH)


MOVED = (
    (
        "Breweries pay 12 % and bakeries pay 7 %.",
        "Bakeries pay 7 %, while breweries pay 12 %.",
    ),
    (
        "The tram costs 2 euros from the harbour; the ferry costs 5 euros.",
        "The ferry costs 5 euros; the tram costs 2 euros from the harbour.",
    ),
    (
        "The toll rose from 3 % to 4 %.",
        "The toll rose to 4 % from 3 %.",
    ),
    (
        "La segale è esente, mentre l'orzo paga il 4 %.",
        "L'orzo paga il 4 %, mentre la segale è esente.",
    ),
)


@pytest.mark.parametrize(("sentence", "source"), MOVED)
def test_whole_statements_may_move(sentence: str, source: str) -> None:
    """What belongs together stays together."""
    support = check(sentence, source, names=())
    assert support.supported, support.reason


CROSSED = (
    (
        "Breweries pay 7 % and bakeries pay 12 %.",
        "Bakeries pay 7 %, while breweries pay 12 %.",
    ),
    (
        "The tram costs 5 euros from the harbour; the ferry costs 2 euros.",
        "The ferry costs 5 euros; the tram costs 2 euros from the harbour.",
    ),
    ("The toll rose from 4 % to 3 %.", "The toll rose to 4 % from 3 %."),
    (
        "Barley is not taxed; rye is taxed.",
        "Rye is not taxed; barley is taxed.",
    ),
    (
        "In Pavia, boats pay 4 % | Cars: 9 %",
        "Pavia, levy | Boats: 9 % | Cars: 4 %",
    ),
)


@pytest.mark.parametrize(("sentence", "source"), CROSSED)
def test_words_of_two_statements_are_not_exchanged(sentence: str, source: str) -> None:
    """Neither code nor a judge lets through who got what is another's."""
    assert not check(sentence, source, names=()).supported
    assert not check_loosely(sentence, source, names=()).supported


def test_figure_does_not_lose_all_that_was_said_of_it() -> None:
    """A word that goes over alone leaves its figure without any."""
    said = _read("The reduced fee is 20 %, otherwise 10 %.")
    source = _read("The fee is 20 %, reduced 10 %.")
    assert "figure" in crossing_problem(said, source)
    assert crossing_problem(source, source) == ""


_CROPS = ("barley", "rye", "maize", "millet", "sorghum", "rice")


@given(
    st.permutations(_CROPS).map(lambda each: each[:4]),
    st.lists(st.integers(3, 99), min_size=4, max_size=4, unique=True),
    st.permutations(range(4)),
)
def test_pairs_hold_in_any_order_and_only_as_pairs(
    crops: list[str], shares: list[int], order: list[int]
) -> None:
    """Each crop keeps its own share: any order of pairs is right, no other pairing."""
    pairs = [
        f"{crop} pays {share} %" for crop, share in zip(crops, shares, strict=True)
    ]
    source = _read("; ".join(pairs) + ".")
    moved = _read("; ".join(pairs[at] for at in order) + ".")
    assert crossing_problem(moved, source) == ""
    if order != sorted(order):
        wrong = [
            f"{crops[at]} pays {share} %"
            for at, share in zip(order, shares, strict=True)
        ]
        assert crossing_problem(_read("; ".join(wrong) + "."), source)


def test_stretches_are_cut_where_a_statement_ends() -> None:
    """Between two figures at the joint, or before the label of the second."""
    found = around_figures(_read("Boats: 9 % | Cars: 4 %"), PERCENT)
    assert [[part.text for part in one[1:]] for one in found] == [["boats"], ["cars"]]
    joined = around_figures(_read("Rye pays 9 %, while rice pays 4 %."), PERCENT)
    assert [one[-2].text for one in joined] == ["rye", "rice"]
    assert around_figures(_read("Rye is free."), PERCENT) == []
    assert len(clauses(_read("Rye is free; rice, which grows here, is not."))) == 4
