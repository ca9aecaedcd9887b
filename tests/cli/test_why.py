"""`subak why`."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from subak.cli.why import why
from tests.views.sample import RUN, SampleJournal


def _workspace(folder: Path) -> list[str]:
    journal = SampleJournal(folder)
    journal.begin("20261121-060000-cd34", at=-100)
    journal.task("fetch", "germany", at=-99)
    journal.task("facts", "germany", at=-99, parts={"version": "1", "model": "small"})
    journal.end(-90)
    journal.begin()
    journal.task("fetch", "germany", "cached", at=1)
    new = {"version": "2", "model": "large"}
    journal.task("facts", "germany", at=2, seconds=1.5, parts=new, attempts=2)
    journal.event(3, "fact.refused", "facts", "germany", field="vat", reason="no quote")
    journal.end(4)
    journal.save()
    return ["germany", "--dir", str(folder)]


def test_why_tells_stage_by_stage(tmp_path: Path) -> None:
    """The whole screen: cached, then done again with the parts that changed."""
    shown = CliRunner().invoke(why, _workspace(tmp_path), catch_exceptions=False)
    assert shown.stdout == (
        f"intel, run {RUN}, compared with 20261121-060000-cd34\n"
        "\n"
        "fetch/germany  cached\n"
        "  nothing it depends on changed; the journal had the result\n"
        "\n"
        "facts/germany  done in 1.5 s, 2 attempts\n"
        "  the model changed: small -> large\n"
        "  the stage itself changed: version 1 -> 2\n"
        "  refused vat: no quote\n"
    )


def test_why_json_is_one_object(tmp_path: Path) -> None:
    """Programs get the parts that changed by name."""
    words = [*_workspace(tmp_path), "--json"]
    shown = CliRunner().invoke(why, words, catch_exceptions=False)
    found = json.loads(shown.stdout)
    assert found["version"] == 1
    assert found["reasons"][1]["changed"] == ["model", "version"]
    assert found["reasons"][1]["refused"] == [{"field": "vat", "reason": "no quote"}]
