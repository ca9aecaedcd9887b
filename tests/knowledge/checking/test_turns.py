"""Plain order is reached from either way of turning a sentence, and only from those."""

from __future__ import annotations

import pytest

from subak.knowledge.checking.support import check
from subak.knowledge.checking.turns import straight

TURNED = (
    (
        "Rwanda's former capital, Nyanza, was the seat of the king until 1961.",
        "Nyanza, Rwanda's former capital, was the seat of the king until 1961.",
    ),
    (
        "Uruguay's largest trading partner is China, followed by Brazil.",
        "China is Uruguay's largest trading partner, followed by Brazil.",
    ),
    (
        "The president, who can be re-elected once, is elected for 5 years.",
        "The president is elected for 5 years and can be re-elected once.",
    ),
    (
        "Suva and Labasa are where the High Court of Fiji sits.",
        "The High Court of Fiji sits in Suva and Labasa.",
    ),
    (
        "By 2030, public debt could reach 90 %, the Treasury estimates.",
        "The Treasury estimates that by 2030, public debt could reach 90 %.",
    ),
    (
        "The reduced rate of 5 % applies to books and medicines.",
        "Books and medicines are subject to the reduced rate of 5 %.",
    ),
    (
        "Chile is the largest producer of copper in the world.",
        "Chile is the world's largest producer of copper.",
    ),
    (
        "Retirement age: 65 (men), 60 (women)",
        "Retirement age: 65 for men, 60 for women",
    ),
    (
        "Owning agricultural land is prohibited for foreign investors.",
        "Foreign investors are prohibited from owning agricultural land.",
    ),
)


@pytest.mark.parametrize(("turned", "plain"), TURNED)
def test_turned_sentences_have_one_plain_order(turned: str, plain: str) -> None:
    """What is already plain stays as it is."""
    assert straight(turned, "en") == plain
    assert straight(plain, "en") == plain


@pytest.mark.parametrize(("one", "other"), TURNED)
def test_either_order_supports_the_other(one: str, other: str) -> None:
    """Both ways of saying it are one statement."""
    if ":" in one:
        one, other = "The retirement age is 65 for men and 60 for women.", one
    support = check(one, other, names=())
    assert support.supported, support.reason


KEPT = (
    "The reduced rate of 5 % does not apply to books.",
    "The capital of Italy is large.",
    "Finland, Sweden, and Norway have a treaty.",
    "The tax applies.",
)


@pytest.mark.parametrize("text", KEPT)
def test_other_sentences_stay_as_they_are(text: str) -> None:
    """A turn that does not fit is not made, nor one in another language."""
    assert straight(text, "en") == text
    assert straight(TURNED[0][0], "it") == TURNED[0][0]


TWINS = (
    (
        "Nyanza, Rwanda's capital, was the seat of the former king until 1961.",
        "Rwanda's former capital, Nyanza, was the seat of the king until 1961.",
    ),
    (
        "China is Brazil's largest trading partner, followed by Uruguay.",
        "Uruguay's largest trading partner is China, followed by Brazil.",
    ),
    (
        "The president, who is elected for 5 years, can be re-elected twice.",
        "The president is elected for 5 years and can be re-elected once.",
    ),
    (
        "Suva and Labasa sit where the High Court of Fiji is.",
        "The High Court of Fiji sits in Suva and Labasa.",
    ),
    (
        "Books and medicines are not subject to the reduced rate of 5 %.",
        "The reduced rate of 5 % applies to books and medicines.",
    ),
    (
        "The retirement age is 60 for men and 65 for women.",
        "Retirement age: 65 (men), 60 (women)",
    ),
    (
        "Foreign investors are prohibited from owning agricultural land for banks.",
        "Owning agricultural land is prohibited for foreign investors.",
    ),
    (
        "By 2030, the Treasury could reach 90 %, public debt estimates.",
        "By 2030, public debt could reach 90 %, the Treasury estimates.",
    ),
)


@pytest.mark.parametrize(("sentence", "source"), TWINS)
def test_turns_swap_nobody(sentence: str, source: str) -> None:
    """Whoever is said to be what keeps being it."""
    assert not check(sentence, source, names=()).supported
