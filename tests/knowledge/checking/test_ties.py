"""Names stay bound to what they were bound to; a judge may see where words tell."""

from __future__ import annotations

import pytest

from subak.knowledge.checking.support import check, check_loosely

NAMES = ("Ghana", "Togo", "Benin", "Niger")
SAME = (
    ("The Kara dam in Togo was opened in 1999.", "Togo's Kara dam was opened in 1999."),
    ("The VAT rate of Niger is 19 %.", "In Niger, the VAT rate is 19 %."),
    (
        "Benin stopped buying raw cotton from Ghana.",
        "Benin stopped buying Ghanaian raw cotton.",
    ),
    (
        "After repair work, trains on the Lomé railway resumed in May.",
        "The trains on the Lomé railway resumed in May after repair work.",
    ),
)


@pytest.mark.parametrize(("sentence", "source"), SAME)
def test_owner_scene_and_origin_of_one_thing_are_one(
    sentence: str, source: str
) -> None:
    """Beside the same thing a name says the same."""
    support = check(sentence, source, names=NAMES)
    assert support.supported, support.reason


OTHER = (
    ("Aid to Togo was 5 %.", "Aid from Togo was 5 %."),
    ("Investment in Togo was 5 %.", "Togo's investment was 5 %."),
    ("Fees paid by Togo were 5 %.", "Fees paid in Togo were 5 %."),
)


@pytest.mark.parametrize(("sentence", "source"), OTHER)
def test_other_tie_is_not_proved(sentence: str, source: str) -> None:
    """To and from, by and in, of what goes out and what is in it."""
    assert check(source, source, names=NAMES).supported
    assert not check(sentence, source, names=NAMES).supported


def test_tie_that_words_may_carry_is_left_to_a_judge() -> None:
    """Code cannot tell a board of a fund from one in it."""
    source = "Work on the Togolese section of the road ends in 2030."
    sentence = "The section of the road in Togo is finished in 2030."
    assert not check(sentence, source, names=NAMES).supported
    assert check_loosely(sentence, source, names=NAMES).supported
