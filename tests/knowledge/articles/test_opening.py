"""How another wording of a sentence can begin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subak.knowledge.articles.opening import (
    beginning,
    is_turned,
    opening,
    without_echo,
)
from tests.knowledge.articles.taxes import fact, propositions, record


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Prices rose by 3.2 % in 2024, after 5.6 % in 2023.", "In 2024,"),
        (
            "Estonia raised its rate from 22 % to 24 % on 1 July 2025.",
            "On 1 July 2025,",
        ),
        ("Firms in Estonia make out their invoices in EUR.", "In Estonia,"),
        (
            "Firms hold 38 leases through local subsidiaries.",
            "Through local subsidiaries,",
        ),
        ("Australia recognizes dual citizenship.", "Dual citizenship"),
        ("Italy does not grant citizenship by birth.", "Citizenship by birth"),
        ("Germany is large.", ""),
        ("In 2024, prices rose by 3.2 %.", ""),
        ("Late returns cost a fine of 1,000,000 rupiah.", ""),
        ("Nel paese i prezzi sono saliti del 3 % nel 2024.", "Nel 2024,"),
        (
            "Tarif PPN yang berlaku naik menjadi 12 persen pada 1 Januari 2025.",
            "Pada 1 ",
        ),
        ("The fee is 12.5 in 2024.5 units.", ""),
    ],
)
def test_opening_is_a_phrase_of_the_sentence(text: str, begins: str) -> None:
    """Of time, else of place; one that stands first already is none."""
    found = opening(text)
    assert found.startswith(begins)
    assert bool(found) == bool(begins)


def test_beginning_of_a_yes_or_no_is_what_it_is_about() -> None:
    """The title, where the sentence has its words."""
    stated = fact("Italy", "wealth", False, statement="Italy has no wealth tax.")
    (one,) = propositions(record("Italy", stated))
    assert beginning(one) == "Wealth tax"
    assert beginning(replace(one, text="Italy taxes no fortunes.")) == ""


@pytest.mark.parametrize(
    ("text", "source", "said"),
    [
        (
            "In Japan, foreigners must live in Japan for 5 years.",
            "Foreigners must live in Japan for 5 years.",
            "In Japan, foreigners must live for 5 years.",
        ),
        (
            "In Japan, foreigners in Japan must stay in Japan.",
            "Foreigners in Japan must stay in Japan.",
            "In Japan, foreigners in Japan must stay in Japan.",
        ),
        (
            "In Japanese law, people live in Japan.",
            "People live in Japan.",
            "In Japanese law, people live in Japan.",
        ),
        ("They live in Japan.", "They live in Japan.", "They live in Japan."),
    ],
)
def test_echo_of_the_beginning_is_taken_out(text: str, source: str, said: str) -> None:
    """Once where its source has it once; what only looks alike stays."""
    assert without_echo(text, source, "In Japan,") == said


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("Wealth tax is not levied by Italy.", True),
        ("Wealth tax is levied by Italy.", True),
        ("Wealth tax does not levy Italy.", False),
        ("Wealth tax in Italy does not levy a tax.", False),
        ("Italy does not levy a wealth tax.", False),
    ],
)
def test_a_yes_or_no_is_turned_in_one_way_only(text: str, is_kept: bool) -> None:
    """What the title does is another statement than what is done with it."""
    stated = fact("Italy", "wealth", False, statement="Italy levies no wealth tax.")
    (one,) = propositions(record("Italy", stated))
    assert is_turned(text, one) is is_kept
