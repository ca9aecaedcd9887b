"""Desk: a folder with rows and a prompt, at which somebody types `subak map`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from subak.cli.main import execute
from subak.llm.model import Message
from tests.mapping.serving import numbered, read_rows, write_rows

ROWS = 12


@dataclass(frozen=True, slots=True)
class Told:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, Any]:
        """Return the object of `--json`."""
        value: dict[str, Any] = json.loads(self.out)
        return value


class Desk:
    """Types commands in a folder.

    Args:
        rows: How many there are, with the ids r0, r1 ...
    """

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], rows: int = ROWS
    ) -> None:
        self.folder = folder
        self.out = folder / "out.jsonl"
        self._capsys = capsys
        self._model = ""
        self.rows(numbered(rows))
        (folder / "p.txt").write_text("Say {text}")

    def rows(self, rows: Sequence[dict[str, object]]) -> None:
        """Put other rows there."""
        self._count = len(rows)
        write_rows(self.folder / "rows.jsonl", rows)

    def words(self, model: str, *more: str) -> list[str]:
        """Return the words of a map with that model."""
        words = ["map", str(self.folder / "rows.jsonl"), "--model", model]
        words += ["--prompt", str(self.folder / "p.txt"), "--dir", str(self.folder)]
        return [*words, *([] if "--out" in more else ["--out", str(self.out)]), *more]

    def type(self, words: Sequence[str]) -> Told:
        """Run a command here, in this process."""
        self._capsys.readouterr()
        code = execute(words)
        shown = self._capsys.readouterr()
        return Told(code, shown.out, shown.err)

    def map(self, model: str, *more: str) -> Told:
        """Run a map, telling the object of `--json`."""
        return self.type(self.words(model, *more, "--json"))

    def spawn(self, words: Sequence[str]) -> subprocess.Popen[str]:
        """Run a command here, in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "subak", *words],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"},
        )

    def errors(self) -> dict[object, str]:
        """Return the errors in the output, by the row's id; all rows are there."""
        rows = read_rows(self.out)
        assert len(rows) == self._count
        return {row["id"]: str(row["error"]) for row in rows if row["error"]}

    def check_refused(self, told: Told, code: int, *said: str) -> None:
        """Assert that nothing was done and the screen says what, where, what next."""
        assert told.code == code, told.err
        for label in ("error:", "where:", "next:", *said):
            assert label in told.err, told.err
        assert "Traceback" not in told.err
        assert told.out == ""
        assert not self.out.exists()
        assert not list(self.folder.rglob("*.part"))

    def check_finished(self, told: Told, sent: int) -> None:
        """Assert that every row has its answer, after so many calls, none repeated."""
        assert told.code == 0, told.err
        calls = told.summary["calls"]
        assert (calls["sent"], calls["repeated"]) == (sent, 0)
        tasks = told.summary["tasks"]
        assert (tasks["done"] + tasks["cached"], tasks["failed"]) == (self._count, 0)
        rows = read_rows(self.out)
        assert len(rows) == self._count
        assert all(row["output"] for row in rows)
        assert self.errors() == {}


def answer(messages: Sequence[Message], _schema: str | None) -> str:
    """Answer by what was asked first, long enough to be cut in the middle."""
    return f"answer to {messages[0].content} " + "and some more " * 6
