"""Selection: a model sees what it needs, and is asked what could be proved."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.documents.document import Document
from subak.knowledge.facts.schema import FactSchema, Field
from subak.knowledge.facts.selection import choose, select

_FILLER = "Nothing here is of any use to anybody at all. " * 3
_SCHEMA = FactSchema(
    "test",
    "country",
    (
        Field("vat", "VAT rate", "percent", words=("VAT",)),
        Field("stay", "Residence", "number", unit="years"),
        Field("capital", "Capital", "text"),
    ),
)


def _document(text: str) -> Document:
    return Document("d", "u", "Page", text, entity="Germany", language="en")


_LONG = (
    f"# Germany\n\n{_FILLER}\n\n## Taxes\n\n### VAT\n\n{_FILLER}\n\n"
    f"The rate is 19 %.\n\n## Stay\n\nResidence: 8 years\n\n{_FILLER}\n"
)


def test_select_shows_a_short_text_whole() -> None:
    """Within the budget nothing is cut."""
    assert select(_document(_LONG), _SCHEMA, len(_LONG)) == _LONG


def test_select_keeps_what_speaks_of_the_fields() -> None:
    """Units with their headings, in order, and no filler."""
    shown = select(_document(_LONG), _SCHEMA, 200)
    assert shown.split("\n") == [
        "# Germany",
        "## Taxes",
        "### VAT",
        "The rate is 19 %.",
        "## Stay",
        "Residence: 8 years",
    ]


def test_select_serves_every_field_before_any_twice() -> None:
    """With little room the best unit of each field comes first."""
    many = "".join(f"The VAT rate of region {n} is {n} %.\n\n" for n in range(9))
    shown = select(_document(many + "Residence: 8 years\n"), _SCHEMA, 60)
    assert "Residence: 8 years" in shown
    assert shown.count("VAT") == 1


def test_choose_asks_only_for_what_could_be_proved() -> None:
    """Fields the text doesn't speak of, or gives no value of, are left out."""
    text = "VAT is 19 %. Residence is a matter of debate."
    asked = choose(_document(text), _SCHEMA, 1000).schema
    assert [field.name for field in asked.fields] == ["vat"]


def test_select_shows_the_newest_of_a_series() -> None:
    """Older years could only be refused, so they cost no tokens."""
    years = "".join(
        f"VAT rate {year}: {year - 2000} %\n" for year in (2021, 2023, 2022)
    )
    assert (
        select(_document(_FILLER + "\n\n" + years), _SCHEMA, 99)
        == "VAT rate 2023: 23 %"
    )


def test_select_keeps_the_header_of_a_row() -> None:
    """A row is not readable without its header."""
    text = f"{_FILLER}\n\n| Tax | Rate |\n|---|---|\n| VAT | 19 % |\n| Dog | 3 EUR |"
    assert select(_document(text), _SCHEMA, 60) == "| Tax | Rate |\n| VAT | 19 % |"


@given(
    st.lists(st.sampled_from([*_LONG.split("\n"), "VAT: 5 %", "- Capital: Rome"])),
    st.integers(0, 400),
)
def test_select_keeps_to_the_budget(lines: list[str], budget: int) -> None:
    """What is shown fits, and every line of it is the document's."""
    document = _document("\n".join(lines))
    shown = select(document, _SCHEMA, budget)
    assert len(shown) <= budget
    assert all(line in document.text for line in shown.split("\n"))


def test_select_shows_a_list_of_ranges_whole() -> None:
    """A list without one of its brackets could never be proved."""
    rows = "".join(f"| {n},000 to {n + 1},000 | {n + 1} % |\n" for n in range(9))
    table = (
        f"## Income tax\n\n| Income | Rate |\n|---|---|\n{rows}| over 9,000 | 10 % |"
    )
    schema = FactSchema("t", "", (Field("income", "Income tax", "ranges"),))
    document = _document(f"{_FILLER * 9}\n\n{table}\n\n{_FILLER}")
    assert select(document, schema, 900).count(" % |") == 10
    assert " % |" not in select(document, schema, 200)


def test_choose_shows_other_text_a_second_time() -> None:
    """Two passages a field at most, none of those shown; of a whole text none."""
    many = "".join(f"The VAT rate of region {n} is {n} %.\n\n" for n in range(1, 9))
    document = _document(many)
    first = choose(document, _SCHEMA, 90).text
    second = choose(document, _SCHEMA, 900, besides=first)
    assert len(second.text.splitlines()) == 2
    assert not set(second.text.splitlines()) & set(first.splitlines())
    assert choose(document, _SCHEMA, 900, besides=many).schema.fields == ()


def test_choose_asks_for_no_ranges_where_there_is_no_list() -> None:
    """A text that only speaks of brackets has nothing a list could be proved by."""
    schema = FactSchema("t", "", (Field("income", "Income tax", "ranges"),))
    text = "There are no brackets of income tax. The income tax is 22 %."
    assert choose(_document(text), schema, 1000).schema.fields == ()


def test_choose_leaves_to_code_what_follows_from_a_rate() -> None:
    """A stated rate answers whether there is such a tax; a label is asked about."""
    words = ("wealth tax",)
    schema = FactSchema(
        "t",
        "",
        (
            Field("wealth", "Wealth tax rate", "percent", words=words),
            Field("has_wealth_tax", "Wealth tax is levied", "boolean", words=words),
        ),
    )
    stated = choose(_document("The wealth tax is 2 % of net assets."), schema, 1000)
    labelled = choose(_document("Wealth tax: yes"), schema, 1000)
    assert [field.name for field in stated.schema.fields] == ["wealth"]
    assert [field.name for field in labelled.schema.fields] == ["has_wealth_tax"]


def test_select_shows_what_is_said_of_the_years_of_a_table() -> None:
    """Which column is in force decides what a row says; other notes aren't shown."""
    text = (
        f"{_FILLER}\n\n## VAT\n\n| Tax | 2023 | 2024 |\n|---|---|---|\n"
        "| VAT | 19 % | 21 % |\n\nThe column for 2023 is in force. It rains.\n\n"
        "## Weather\n\nIn 2023 it rained.\n"
    )
    assert select(_document(text), _SCHEMA, 150).split("\n") == [
        "## VAT",
        "| Tax | 2023 | 2024 |",
        "| VAT | 19 % | 21 % |",
        "The column for 2023 is in force.",
    ]


def test_choose_shows_the_currency_where_only_its_name_stands() -> None:
    """The registry knows what a country's currency is called; no word else says so."""
    schema = FactSchema(
        "t", "country", (Field("currency", "Currency", "text", words=("currency",)),)
    )
    text = f"{_FILLER}\n\nThe euro came in 2002.\n\nIt rains."
    chosen = choose(_document(text), schema, 60)
    assert chosen.text == "The euro came in 2002."
    assert chosen.schema == schema
