"""verify: anyone's record judged against its document."""

from __future__ import annotations

from pathlib import Path

import pytest

import subak
from subak.errors import UserError
from subak.evaluation.judge import Judgement, Verification, verify
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.schema import FactSchema, Field

TEXT = """# Norland

The standard VAT rate is 18 %. Companies pay corporate tax at 21.5 %.

The capital of the fund is 60,000,000 dollars.

| Income from | to | Rate |
|---|---|---|
| 0 | 10,000 | 10% |
| 10,000 | | 30% |
"""
DOCUMENT = Document("d", "file:n.md", "Norland", TEXT, "en", entity="Norland")
SCHEMA = FactSchema(
    "",
    "title",
    (
        Field("vat", "VAT rate", "percent", words=("VAT", "standard VAT rate")),
        Field("company", "Corporate tax", "percent", words=("corporate tax",)),
        Field("fund", "Capital of the fund", "money", words=("capital of the fund",)),
        Field("dual", "Dual citizenship", "boolean"),
        Field("brackets", "Income brackets", "ranges", words=("income", "rate")),
    ),
)


def _judge(**record: object) -> dict[str, Judgement]:
    found = verify(record, DOCUMENT, SCHEMA)
    return {each.field: each for each in found.judgements}


def test_proved_value_comes_with_its_quote() -> None:
    """The quote stands at its offsets and holds the value."""
    found = _judge(vat=18)["vat"]
    assert found.ruling == "proved"
    assert found.level in ("agreed", "evidence")
    first = found.evidence[0]
    assert TEXT[first.start : first.end] == first.quote
    assert "18" in first.quote


def test_wrong_value_is_refused_with_what_the_document_says() -> None:
    """The reason names what stands there."""
    found = _judge(vat=19)["vat"]
    assert found.ruling == "refused"
    assert found.reason
    assert found.says in (18, None)


def test_share_of_one_is_a_percentage_written_otherwise() -> None:
    """0.215 for 21.5 % is repaired, not refused."""
    found = _judge(company=0.215)["company"]
    assert (found.ruling, found.says) == ("repaired", 21.5)
    assert "x100" in found.reason


def test_lost_zeros_are_refused() -> None:
    """6,000,000 is not 60,000,000, whoever writes it."""
    found = _judge(fund=6_000_000)["fund"]
    assert found.ruling == "refused"


def test_value_the_document_does_not_speak_of_is_refused() -> None:
    """A guess has no place in the text."""
    found = _judge(dual=True)["dual"]
    assert (found.ruling, found.evidence) == ("refused", ())


def test_ranges_are_judged_as_rows_or_tables() -> None:
    """Both ways to write brackets are the same to it."""
    rows: list[list[float | None]] = [[0, 10_000, 10], [10_000, None, 30]]
    tables = [dict(zip(("from", "to", "rate"), row, strict=True)) for row in rows]
    assert _judge(brackets=rows)["brackets"].ruling == "proved"
    assert _judge(brackets=tables)["brackets"].ruling == "proved"
    wrong = [[0, 10_000, 10], [10_000, None, 35]]
    assert _judge(brackets=wrong)["brackets"].ruling == "refused"


def test_missing_value_is_no_fault_of_the_record() -> None:
    """What the document says is told all the same."""
    found = verify({"vat": None}, DOCUMENT, SCHEMA)
    assert found.is_proved
    assert {each.ruling for each in found.judgements} == {"absent"}


def test_unknown_key_is_told() -> None:
    """A misspelt field is no value without proof."""
    with pytest.raises(UserError, match="'vatt' is no field") as caught:
        verify({"vatt": 18}, DOCUMENT, SCHEMA)
    assert "vat" in caught.value.hint


def test_json_shape_is_versioned() -> None:
    """Programs read the same as people."""
    told = verify({"vat": 18, "dual": True}, DOCUMENT, SCHEMA).to_json()
    assert told["version"] == 1
    assert told["proved"] is False


def test_verify_takes_texts_and_files(tmp_path: Path) -> None:
    """A notebook gives a text and a schema's name, or paths."""
    page = tmp_path / "page.html"
    page.write_text(
        "<html><body><main><h1>Taxes</h1><p>In Norland the standard VAT rate is 18% "
        "and has been so for years.</p></main></body></html>"
    )
    record = {"vat_standard": 18}
    by_file = subak.verify(record, page, "tax", entity="Norland")
    by_text = subak.verify(record, TEXT, "tax", entity="Norland")
    assert isinstance(by_file, Verification)
    assert by_file.is_proved
    assert by_text.is_proved
