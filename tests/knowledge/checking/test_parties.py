"""Who acts, who gets and when: kept where only the order of words is another."""

from __future__ import annotations

import pytest

from subak.knowledge.checking.support import check, check_loosely

NAMES = ("Ghana", "Togo", "Benin", "Niger")
SAME = (
    (
        "Landlords are paid a deposit by tenants in Togo.",
        "In Togo, landlords are paid a deposit by tenants.",
    ),
    (
        "School fees for orphans were abolished by Benin.",
        "Benin abolished school fees for orphans.",
    ),
    (
        "Under the treaty, Ghana delivers cocoa to Togo in exchange for cement.",
        "Ghana delivers cocoa to Togo in exchange for cement under the treaty.",
    ),
    (
        "Cars that were registered in 1990 are banned from the old harbour of Benin.",
        "Cars registered in 1990 are banned from the old harbour in Benin.",
    ),
)


@pytest.mark.parametrize(("sentence", "source"), SAME)
def test_order_and_voice_may_change(sentence: str, source: str) -> None:
    """Phrases move, a passive takes its doer along."""
    support = check(sentence, source, names=NAMES)
    assert support.supported, support.reason


SWAPPED = (
    ("The mayor elects the council.", "The council elects the mayor."),
    ("Togo delivers cocoa to Ghana.", "Ghana delivers cocoa to Togo."),
    ("Ghana buys maize from Togo.", "Togo buys maize from Ghana."),
    (
        "The dealer sells the boat to the fisherman.",
        "The fisherman sells the boat to the dealer.",
    ),
    ("Niger is charged a fee of 5 %.", "Niger charges a fee of 5 %."),
    ("School fees are abolished by Benin.", "Benin abolished school fees."),
    (
        "Imports outstrip exports in Togo.",
        "In Togo, exports outstrip imports.",
    ),
)


@pytest.mark.parametrize(("sentence", "source"), SWAPPED)
def test_nobody_takes_the_part_of_another(sentence: str, source: str) -> None:
    """Giver and taker, doer and thing done, then and now stay apart."""
    assert check(source, source, names=NAMES).supported
    assert not check(sentence, source, names=NAMES).supported
    assert not check_loosely(sentence, source, names=NAMES).supported
