"""Source lists: hundreds of sources in a file, every mistake with line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.errors import RecipeError
from subak.recipes.build import source_specs
from subak.recipes.load import load_recipe, parse_recipe
from subak.recipes.schema import Recipe

HEAD = 'name = "small"\n[[source]]\nlist = "sources.csv"\n'


def load(folder: Path, recipe: str = HEAD, **lists: str | bytes) -> Recipe:
    """Return a recipe with these lists (``sources_csv`` is "sources.csv")."""
    (folder / "recipe.toml").write_text(recipe, encoding="utf-8")
    for name, text in lists.items():
        body = text.encode() if isinstance(text, str) else text
        (folder / name.replace("_", ".")).write_bytes(body)
    return load_recipe(folder / "recipe.toml")


def mistakes(
    folder: Path, recipe: str = HEAD, **lists: str | bytes
) -> dict[str, tuple[str, str]]:
    """Return what is wrong and how to mend it, by place."""
    with pytest.raises(RecipeError) as caught:
        load(folder, recipe, **lists)
    return {each.path: (each.message, each.hint) for each in caught.value.problems}


def test_list_rows_become_sources(tmp_path: Path) -> None:
    """Cells fill keys, keys beside ``list`` count for all, names come from hosts."""
    recipe = f'{HEAD}limit = 10\nevery = "1d"\ncategory = "news"\n'
    recipe += '[[source]]\nkind = "page"\nurl = "https://z.example/"\n'
    rows = (
        "\ufeffname,kind,url,category,tier,limit,include,with_front\r\n"
        "# Ministries\r\n"
        "tax,index,https://tax.example/,tax,1,,/a/*; /b/*,yes\r\n"
        "\r\n"
        ',feed,https://www.press.example/f,,,3,"/x,y/*",no\r\n'
        ",feed,https://press.example/g\r\n"
    )
    specs = source_specs(load(tmp_path, recipe, sources_csv=rows))
    assert [(spec.name, spec.kind, spec.key_path) for spec in specs] == [
        ("tax", "index", "sources.csv:3"),
        ("press.example", "feed", "sources.csv:5"),
        ("press.example-2", "feed", "sources.csv:6"),
        ("page-4", "page", "source[1]"),
    ]
    first, second, third, last = specs
    assert (first.category, first.tier, first.limit) == ("tax", 1, 10)
    assert (first.include, first.with_front, first.every) == (
        ("/a/*", "/b/*"),
        True,
        "1d",
    )
    assert (second.category, second.tier, second.limit) == ("news", 2, 3)
    assert (second.include, second.with_front) == (("/x,y/*",), False)
    assert third.url == "https://press.example/g"
    assert (last.limit, last.every) == (None, "")


def test_list_mistakes_are_all_told_at_once(tmp_path: Path) -> None:
    """One run of the command is enough to mend a list."""
    rows = (
        "name,kind,url,catgory,tier,limit,with_front,every\n"
        "a,index,https://a.example/,tax,1,ten,,\n"
        "b,indx,https://b.example/,tax,9,3,maybe,daily\n"
        "a,feed,,t,2,5,,\n"
        "c,feed,https://c.example/,t,2,5,,,,\n"
        "c,feed,ftp://c.example/,t,2,5,,\n"
    )
    found = mistakes(tmp_path, sources_csv=rows)
    assert set(found) == {
        "sources.csv:1.catgory",
        "sources.csv:2.limit",
        "sources.csv:3.kind",
        "sources.csv:3.tier",
        "sources.csv:3.with_front",
        "sources.csv:3.every",
        "sources.csv:4.url",
        "sources.csv:5",
        "sources.csv:6.url",
    }
    assert "'category'" in found["sources.csv:1.catgory"][1]
    assert "'index'" in found["sources.csv:3.kind"][1]
    assert "whole number" in found["sources.csv:2.limit"][0]
    assert "`6h`" in found["sources.csv:3.every"][1]
    assert "10 cells" in found["sources.csv:5"][0]


def test_list_name_that_stands_twice_is_told_with_both_places(tmp_path: Path) -> None:
    """Names tell sources apart, so each stands once."""
    row = "a,page,https://a.example/\n"
    found = mistakes(tmp_path, sources_csv=f"name,kind,url\n{row}{row}")
    assert "sources.csv:2" in found["sources.csv:3.name"][0]


@pytest.mark.parametrize(
    ("body", "place", "said"),
    [
        ("", "source[0].list", "holds no sources"),
        ("kind,url\n", "source[0].list", "holds no sources"),
        ("name;kind;url\na;page;u\n", "sources.csv:1", "single column"),
        ("kind,url,url\n", "sources.csv:1.url", "stands twice"),
        ("name,url\na,https://a.example/\n", "sources.csv:1.kind", "is missing"),
        (b"kind,url\npage,\xff\xfe\n", "source[0].list", "not UTF-8"),
        (b"#" * 5_000_001, "source[0].list", "larger than 5 MB"),
        ("kind,url\n" + "\n" * 10_000 + "page,u\n", "source[0].list", "10,000 lines"),
    ],
)
def test_list_that_is_none_says_so(
    tmp_path: Path, body: str | bytes, place: str, said: str
) -> None:
    """A file that cannot be a list is told with what to do."""
    found = mistakes(tmp_path, sources_csv=body)
    assert said in " ".join(found[place])


def test_list_with_tabs_is_read(tmp_path: Path) -> None:
    """What spreadsheets paste."""
    rows = "kind\turl\tinclude\npage\thttps://a.example/\t/x,y;/z\n"
    (spec,) = source_specs(load(tmp_path, sources_csv=rows))
    assert spec.include == ("/x,y", "/z")


def test_list_in_toml_is_read(tmp_path: Path) -> None:
    """The tables of a recipe, in a file of their own, with their lines."""
    recipe = HEAD.replace("csv", "toml")
    rows = (
        '[[source]]\nkind = "feed"\nurl = "https://a.example/f"\n\n'
        '[[source]] # second\nkind = "page"\nurls = ["https://b.example/"]\n'
    )
    specs = source_specs(load(tmp_path, recipe, sources_toml=rows))
    assert [(spec.name, spec.key_path) for spec in specs] == [
        ("a.example", "sources.toml:1"),
        ("b.example", "sources.toml:5"),
    ]


def test_list_in_toml_mistakes_are_told_with_their_lines(tmp_path: Path) -> None:
    """As in a recipe, with the file and the line of the table."""
    recipe = HEAD.replace("csv", "toml")
    rows = 'x = 1\n[[source]]\nknd = "feed"\nlist = "more.csv"\n'
    found = mistakes(tmp_path, recipe, sources_toml=rows)
    assert set(found) == {
        "sources.toml.x",
        "sources.toml:2.knd",
        "sources.toml:2.kind",
        "sources.toml:2.list",
    }
    found = mistakes(tmp_path, recipe, sources_toml="a = = 1")
    assert "line 1" in found["source[0].list"][0]
    found = mistakes(tmp_path, recipe, sources_toml="source = 1")
    assert "sources.toml.source" in found


def test_list_that_is_not_there_names_where_it_was_looked_for(tmp_path: Path) -> None:
    """The whole path stands in the hint."""
    message, hint = mistakes(tmp_path)["source[0].list"]
    assert "sources.csv" in message
    assert str(tmp_path / "sources.csv") in hint


def test_list_needs_a_recipe_file_and_no_address_beside_it(tmp_path: Path) -> None:
    """Text without a folder has no lists; an address for all makes no sense."""
    with pytest.raises(RecipeError, match="beside the recipe"):
        parse_recipe(HEAD)
    recipe = f'{HEAD}url = "https://a.example/"\n'
    rows = "kind,url\npage,https://b.example/\n"
    assert set(mistakes(tmp_path, recipe, sources_csv=rows)) == {"source[0].url"}


def test_list_of_hundreds_of_sources_is_read(tmp_path: Path) -> None:
    """518 rows are 518 sources, each with a name of its own."""
    rows = "".join(f"index,https://s{n}.example/\n" for n in range(518))
    specs = source_specs(load(tmp_path, sources_csv=f"kind,url\n{rows}"))
    assert len({spec.name for spec in specs}) == 518
