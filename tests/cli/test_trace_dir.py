"""`--trace-dir`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from subak.cli.main import execute
from tests.mapping.serving import write_rows


def test_map_leaves_three_files_for_each_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Request, response and summary of each row; how many is said at the end."""
    monkeypatch.chdir(tmp_path)
    write_rows(tmp_path / "rows.jsonl", [{"id": n, "text": f"t{n}"} for n in range(3)])
    (tmp_path / "p.txt").write_text("Say {text}")
    words = (
        "map rows.jsonl --prompt p.txt --model echo --out out.jsonl --trace-dir logs"
    )
    assert execute(words.split()) == 0
    assert "trace files of 3 calls: logs" in capsys.readouterr().err
    for kind in ("request.json", "response.txt", "summary.json"):
        assert len(list((tmp_path / "logs").glob(f"*_{kind}"))) == 3
    asked = [
        json.loads(path.read_text()) for path in Path("logs").glob("*_request.json")
    ]
    told = {request["messages"][-1]["content"] for request in asked}
    assert told == {"Say t0", "Say t1", "Say t2"}
