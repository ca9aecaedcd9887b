"""Names and figures that trade places say something else, in whichever words."""

from __future__ import annotations

import itertools
import re

import pytest

from subak.knowledge.checking.support import check, check_loosely

NAMES = ("Kenya", "Estonia", "Panama", "Bulgaria", "Mauritius", "India", "Brazil")
EXCHANGED = (
    (
        "The Kenya of Central Bank left its rate at 13 %.",
        "The Central Bank of Kenya left its rate at 13 %.",
    ),
    (
        "The standard Estonia rate in VAT is 22 %.",
        "The standard VAT rate in Estonia is 22 %.",
    ),
    ("The Panama dollar is used in US.", "Panama uses the US dollar."),
    (
        "In Kenya 2024, August raised its rate to 5 %.",
        "In August 2024, Kenya raised its rate to 5 %.",
    ),
    (
        "Visitors pay a fee of INR 100; Indian citizens pay USD 1,200.",
        "Visitors pay a fee of USD 100; Indian citizens pay INR 1,200.",
    ),
    (
        "Mauritius and India signed an agreement in 2016 and amended it in 1982.",
        "Mauritius and India signed an agreement in 1982 and amended it in 2016.",
    ),
    (
        "Oil was discovered in 2019, and production began in December 2015.",
        "Oil was discovered in 2015, and production began in December 2019.",
    ),
    (
        "Brazil generated 2022 TWh in 428, or 63 % of its electricity.",
        "Brazil generated 428 TWh in 2022, or 63 % of its electricity.",
    ),
)


@pytest.mark.parametrize(("sentence", "source"), EXCHANGED)
def test_what_traded_places_is_refused(sentence: str, source: str) -> None:
    """Owners, months, currencies, years and units stay with what they belong to."""
    assert check(source, source, names=NAMES).supported
    assert not check(sentence, source, names=NAMES).supported
    assert not check_loosely(sentence, source, names=NAMES).supported


KEPT = (
    (
        "Kenya's Central Bank left its rate at 13 %.",
        "The Central Bank of Kenya left its rate at 13 %.",
    ),
    (
        "In Estonia, the standard VAT rate is 22 %.",
        "The standard VAT rate in Estonia is 22 %.",
    ),
    ("The US dollar is used in Panama.", "Panama uses the US dollar."),
    (
        "The agreement was in force from 1982 to 2016.",
        "From 1982 to 2016, the agreement was in force.",
    ),
)


@pytest.mark.parametrize(("sentence", "source"), KEPT)
def test_what_moves_with_its_own_is_kept(sentence: str, source: str) -> None:
    """A name or a span of years may stand elsewhere with what belongs to it."""
    support = check(sentence, source, names=NAMES)
    assert support.supported, support.reason


_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
FIGURED = (
    "Workers pay 5 % and employers pay 17 % of wages up to 2,000 euros.",
    "Debt rose from 40 % in 2019 to 62 % in 2023.",
    "The fee is 90 euros for 30 days and 120 euros for 60 days.",
    "Brazil generated 428 TWh in 2022, or 63 % of its electricity.",
)


@pytest.mark.parametrize("source", FIGURED)
def test_no_two_figures_can_be_exchanged(source: str) -> None:
    """Whichever two trade places, the sentence is refused."""
    found = list(_FIGURE.finditer(source))
    for one, other in itertools.combinations(found, 2):
        middle = source[one.end() : other.start()]
        end = source[other.end() :]
        swapped = f"{source[: one.start()]}{other[0]}{middle}{one[0]}{end}"
        assert not check(swapped, source, names=NAMES).supported, swapped
        assert not check_loosely(swapped, source, names=NAMES).supported, swapped
