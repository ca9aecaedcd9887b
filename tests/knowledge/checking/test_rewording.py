"""What a judge may be asked: only other words, never another thing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.knowledge.checking.support import check, check_loosely

OPEN = (
    (
        "Citizens of 87 countries can visit Colombia visa-free for a maximum of"
        " 90 days.",
        "Nationals of 87 countries may enter Colombia without a visa for stays of up"
        " to 90 days.",
    ),
    (
        "Taiwan's first wind farm on the seabed started commercial service in 2019.",
        "The first offshore wind farm in Taiwan began commercial operation in 2019.",
    ),
    (
        "Kenya's central bank kept its key rate at 13 percent in August 2024.",
        "The Central Bank of Kenya left its policy rate unchanged at 13 % in August"
        " 2024.",
    ),
    (
        "People who work for themselves may subtract up to 30 percent of their"
        " business expenses from taxable income.",
        "Self-employed persons may deduct up to 30 % of their business expenses from"
        " taxable income.",
    ),
)


@pytest.mark.parametrize(("sentence", "source"), OPEN)
def test_other_words_are_left_to_a_judge(sentence: str, source: str) -> None:
    """Where only words differ, code neither proves nor refuses."""
    assert not check(sentence, source, names=()).supported
    support = check_loosely(sentence, source, names=())
    assert support.supported, support.reason


TWINS = (
    # a figure, a date, a unit
    ("Citizens of 78 countries can visit Colombia visa-free for 90 days at most.", 0),
    ("Citizens of 87 countries can visit Colombia visa-free for 90 weeks at most.", 0),
    ("Taiwan's first wind farm at sea started operating commercially in 2017.", 1),
    # a name, on either side
    ("Citizens of 87 countries can visit Bolivia visa-free for 90 days at most.", 0),
    ("Japan's first wind farm at sea started operating commercially in 2019.", 1),
    ("Citizens of 87 countries can visit Colombia's Amazon for 90 days at most.", 0),
    # denial, bound, quantity, modality, time, cause
    ("Citizens of 87 countries can visit Colombia with a visa for 90 days at most.", 0),
    ("Citizens of 87 countries can visit Colombia visa-free for at least 90 days.", 0),
    ("Citizens of 87 countries must visit Colombia visa-free for 90 days at most.", 0),
    ("Most citizens of 87 countries can visit Colombia visa-free for 90 days.", 0),
    ("Kenya's central bank will keep its key rate at 13 percent in August 2024.", 2),
    (
        "Kenya's central bank kept its key rate at 13 percent in August 2024 because"
        " of drought.",
        2,
    ),
    # the contrary, another party
    ("Taiwan's last wind farm at sea started operating commercially in 2019.", 1),
    ("Taiwan's first solar farm at sea started operating commercially in 2019.", 1),
    ("Foreigners of 87 countries can visit Colombia visa-free for 90 days at most.", 0),
    # something more, something less
    (
        "Taiwan's first offshore wind farm began commercial operation in 2019, a"
        " milestone for fishermen.",
        1,
    ),
    ("Taiwan's first farm began commercial operation in 2019.", 1),
)


@pytest.mark.parametrize(("sentence", "place"), TWINS)
def test_what_says_another_thing_is_not_even_asked(sentence: str, place: int) -> None:
    """Everything that counts is compared by code, whatever the words."""
    source = OPEN[place][1]
    assert not check(sentence, source, names=()).supported
    assert not check_loosely(sentence, source, names=()).supported


CONTRARIES = (
    ("Imports were cheaper in May.", "Exports were cheaper in May."),
    ("The tenant keeps the deposit of 5 %.", "The landlord keeps the deposit of 5 %."),
    ("The rule is unfair to 5 towns.", "The rule is fair to 5 towns."),
    ("Jobless people get 5 visas.", "Job holders get 5 visas."),
    ("La ditta della città vende 5 treni.", "La ditta della città compra 5 treni."),
    ("Perusahaan itu menjual 5 kapal.", "Perusahaan itu membeli 5 kapal."),
)


@pytest.mark.parametrize(("sentence", "source"), CONTRARIES)
def test_a_contrary_is_no_other_word(sentence: str, source: str) -> None:
    """Words that exclude each other never stand for one another."""
    assert not check_loosely(sentence, source, names=()).supported


@pytest.mark.parametrize(
    "source",
    ["Fee | Days\nEUR 90 | 15", "Capital: Riga; currency: euro", "A is 5.\nB is 6."],
)
def test_lists_are_for_the_strict_check(source: str) -> None:
    """What belongs to what in a table is never guessed."""
    support = check_loosely("The fee amounts to 90 euros.", source, names=())
    assert not support.supported


ADDED = (
    *("not", "never", "only", "both", "most", "sometimes", "formerly", "must", "or"),
    *("unless", "almost", "twice", "reportedly", "without", "7", "2031", "France"),
)


@settings(max_examples=80, deadline=None)
@given(
    pair=st.sampled_from(OPEN),
    word=st.sampled_from(ADDED),
    place=st.integers(min_value=1, max_value=12),
)
def test_no_word_that_counts_can_be_put_in(
    pair: tuple[str, str], word: str, place: int
) -> None:
    """Denials, bounds, quantities, figures and names are noticed anywhere."""
    sentence, source = pair
    words = sentence.rstrip(".").split()
    if word in sentence or word in source:
        return
    words.insert(min(place, len(words)), word)
    assert not check_loosely(f"{' '.join(words)}.", source, names=()).supported


@settings(max_examples=150, deadline=None)
@given(sentence=st.text(max_size=80), source=st.text(max_size=80))
def test_any_text_gets_an_answer(sentence: str, source: str) -> None:
    """Nothing breaks it."""
    assert isinstance(check_loosely(sentence, source, names=["Italy"]).supported, bool)
