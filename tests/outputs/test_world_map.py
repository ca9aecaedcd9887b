"""maps/: countries coloured by a number, each leading to its proof."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.results import Results
from subak.outputs.site import Site
from subak.outputs.website import WebsiteWriter
from subak.outputs.world_map import WorldMap, iter_maps
from subak.outputs.world_shapes import world_shapes
from tests.outputs.countries import VAT, with_values
from tests.outputs.test_website import broken_links, write_site

PAGE = "maps/tax--vat.html"


def _maps(results: Results) -> list[WorldMap]:
    return list(iter_maps(Site(results), "tax"))


def test_map_table_and_colours_say_the_same(results: Results, tmp_path: Path) -> None:
    """Each value stands in the table, on its country and in the class it is in."""
    page = write_site(with_values(results, VAT), tmp_path)[PAGE]
    rows = {
        (row.css_first("th") or row).text(): (row.css_first("td a") or row).text()
        for row in page.css("tbody tr")
    }
    drawn = {
        str(one.attributes["aria-label"]): one for one in page.css("svg a[aria-label]")
    }
    assert rows == {name: f"{value:g}%" for name, value in VAT.items()}
    assert set(drawn) == {f"{name}: {value}" for name, value in rows.items()}
    highest, lowest = drawn["Hungary: 27%"], drawn["United States: 0%"]
    assert highest.css_first(".shade5") is not None
    assert lowest.css_first(".shade1") is not None
    assert [one.split(":")[0] for one in drawn] != sorted(VAT, key=lambda x: VAT[x])


def test_map_classes_hold_all_countries_once(results: Results) -> None:
    """The legend counts every drawn country, from low to high, without overlap."""
    (world,) = _maps(with_values(results, VAT))
    assert sum(one.countries for one in world.classes) == len(VAT)
    assert [one.shade for one in world.classes] == [1, 2, 3, 4, 5]
    bounds = [
        float(shown.rstrip("%"))
        for one in world.classes
        for shown in (one.lowest, one.highest)
    ]
    assert bounds == sorted(bounds)
    assert bounds[0] == 0
    assert bounds[-1] == 27


def test_map_links_lead_to_the_proofs(results: Results, tmp_path: Path) -> None:
    """No link of the site is broken, and the category names its map."""
    pages = write_site(with_values(results, VAT), tmp_path)
    assert broken_links(pages, tmp_path) == []
    link = pages["categories/tax.html"].css_first(".maps a")
    assert link is not None
    assert link.attributes["href"] == f"../{PAGE}"


def test_map_draws_small_countries_as_points(results: Results, tmp_path: Path) -> None:
    """Singapore has no outline at this scale, and is there all the same."""
    page = write_site(with_values(results, VAT), tmp_path)[PAGE]
    point = page.css_first('a[aria-label^="Singapore"] circle')
    assert point is not None
    assert (point.attributes["cx"], point.attributes["cy"]) == tuple(
        map(str, world_shapes().points["SG"])
    )


def test_map_hatches_the_rest_and_says_so(results: Results, tmp_path: Path) -> None:
    """A country without a value is hatched; title and description are for readers."""
    page = write_site(with_values(results, VAT), tmp_path)[PAGE]
    rest = page.css_first("path.missing")
    assert rest is not None
    assert rest.attributes["fill"] == "url(#hatch)"
    assert world_shapes().paths["TD"] in str(rest.attributes["d"])
    assert world_shapes().paths["DE"] not in str(rest.attributes["d"])
    assert "All other countries are hatched" in (page.css_first("desc") or rest).text()


def test_map_leaves_out_other_units_and_other_things(results: Results) -> None:
    """What cannot be compared stands in the table only."""
    values: dict[str, FieldValue] = {
        **{name: VAT[name] for name in ("Germany", "France", "Italy", "Kenya")},
        "Japan": 1000.0,
        "Atlantis": 5.0,
        "Chad": "none",
        "Mali": float("nan"),
    }
    (world,) = _maps(with_values(results, values, others={"Japan": "JPY"}))
    assert set(world.by_code) == {"DE", "FR", "IT", "KE"}
    left = [one.settled.fact.entity for one in world.values if not one.shade]
    assert left == ["Japan", "Atlantis", "Chad", "Mali"]


@pytest.mark.parametrize(
    "values",
    [
        {"Germany": 19.0, "France": 20.0},
        {"Germany": True, "France": False, "Italy": True},
        {"Germany": "a", "France": "b", "Italy": "c"},
        {"Berlin": 1.0, "Paris": 2.0, "Rome": 3.0},
    ],
    ids=["two", "truths", "texts", "towns"],
)
def test_map_is_not_made_without_enough_to_compare(
    results: Results, values: dict[str, FieldValue]
) -> None:
    """Two countries, or things that are no numbers of countries, give no map."""
    assert _maps(with_values(results, values)) == []


def test_map_of_equal_values_has_one_class(results: Results) -> None:
    """One colour in the middle of the scale, not five for the same number."""
    (world,) = _maps(with_values(results, dict.fromkeys(VAT, 20.0)))
    assert [(one.shade, one.countries) for one in world.classes] == [(3, len(VAT))]


def test_map_needs_no_script_and_no_tiles(results: Results, tmp_path: Path) -> None:
    """The page is one file of at most 120 kB that asks nobody for anything."""
    WebsiteWriter().write(with_values(results, VAT), tmp_path)
    text = (tmp_path / "site" / PAGE).read_text(encoding="utf-8")
    assert len(text) < 120_000
    assert re.findall(r"<(?:script|img|image|iframe|use)\b|style=", text) == []
    ids = re.findall(r'\bid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert LexborHTMLParser(text).css_first("meta[http-equiv]") is not None


def test_map_knows_countries_by_other_names(results: Results) -> None:
    """Everyday names, slugs and names in other languages are the country."""
    names = ("Russia", "south-korea", "Guinea-Bissau", "UK", "Germania", "IT")
    (world,) = _maps(with_values(results, dict.fromkeys(names, 5.0)))
    assert set(world.by_code) == {"RU", "KR", "GW", "GB", "DE", "IT"}


def test_map_draws_a_country_once(results: Results) -> None:
    """Two names of one country: the second stands in the table only."""
    values = {"UK": 20.0, "United Kingdom": 21.0, "France": 20.0, "Italy": 22.0}
    (world,) = _maps(with_values(results, values))
    assert len(world.drawn) == 3
    assert [one.settled.fact.entity for one in world.values if not one.shade] == [
        "United Kingdom"
    ]
