"""changes.json and changes.md: what is other than at the last publication."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from subak.knowledge.results import Results
from subak.outputs.changes import ChangesWriter
from tests.outputs.settled_results import second_day


def _written(results: Results, folder: Path) -> tuple[dict[str, Any], str]:
    data, text = ChangesWriter().write(results, folder)
    return json.loads(data.read_bytes()), text.read_text(encoding="utf-8")


def test_changes_are_grouped_and_counted(results: Results, tmp_path: Path) -> None:
    """Each group has its rows, with the old value, the date and the reason."""
    content, _ = _written(second_day(results), tmp_path)
    assert content["version"] == 1
    assert content["counts"] == {
        "changed": 1,
        "new": 1,
        "conflicting": 1,
        "kept": 2,
        "refused": 3,
        "same": 1,
    }
    (changed,) = content["changed"]
    assert (changed["value"], changed["was"], changed["was_until"]) == (
        *(19.0, 16.0),
        "2026-06-30",
    )
    (disputed,) = content["conflicting"]
    assert [one["value"] for one in disputed["others"]] == [49.0]
    threshold, vat = content["kept"]
    assert threshold["confirmed"] is False
    assert [one["reason"] for one in threshold["refused"]] == ["no quote"]
    assert (vat["value"], vat["last_confirmed"], vat["sources"]) == (19.6, "", [])


def test_changes_read_as_a_page(results: Results, tmp_path: Path) -> None:
    """One line a value, under a heading with the number of them."""
    _, text = _written(second_day(results), tmp_path)
    assert "1 values are as before." in text
    assert (
        "## Changed (1)\n\n- Germany, Standard VAT rate: 19% (was 16% until 2026-06-30)"
        in text
    )
    assert "- Brazil, Years of residence: 4 years" in text
    assert "45% says https\\://impots" in text
    assert "49% says https\\://news" in text
    assert "(last proved on 2026-11-20); no quote" in text
    assert "19.6% (from before the first run)" in text
    assert "- Germany, corporate\\_rate: 15%; The quote is not there." in text


def test_changes_of_nothing_say_so(results: Results, tmp_path: Path) -> None:
    """A day on which nothing moved has a page too."""
    same = [replace(one, status="same") for one in second_day(results).settled[:1]]
    quiet = replace(results, settled=tuple(same), records=())
    content, text = _written(quiet, tmp_path)
    assert content["counts"]["same"] == 1
    assert text.endswith("Nothing changed.\n")


def test_changes_cannot_be_injected(results: Results, tmp_path: Path) -> None:
    """What pages say is text in the page, whatever it holds."""
    fact = replace(second_day(results).settled[0].fact, value="[x](http://evil)\n# <b>")
    settled = (replace(second_day(results).settled[0], fact=fact),)
    _, text = _written(replace(results, settled=settled), tmp_path)
    assert "\\[x\\]" in text
    assert "\n# <b>" not in text
