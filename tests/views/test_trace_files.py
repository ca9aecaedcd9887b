"""TraceFiles: each call as files, whole, and without any key."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from subak.api import RunRequest, arun
from subak.engine.events import Event, Scalar
from subak.engine.workspace import Workspace
from subak.testing.model_server import FakeModelServer, FakeSettings
from subak.testing.site import FakeSite
from subak.views.trace_files import TraceFiles
from tests.job.pages import pages
from tests.job.serving import write_job
from tests.views.sample import BASE, SampleJournal

KEY = "sk-very-secret-key"


@pytest.fixture
def traced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run the main job against a server that wants a key; return the trace folder."""
    monkeypatch.setenv("SUBAK_API_KEY", KEY)

    async def scenario() -> None:
        settings = FakeSettings(api_key=KEY)
        async with (
            FakeModelServer(settings=settings) as server,
            FakeSite(pages()) as it,
        ):
            folder = tmp_path / "job"
            recipe = write_job(folder, it, f"openai:fake@{server.url}/v1")
            files = TraceFiles(tmp_path / "logs", Workspace(folder).journal)
            request = RunRequest(str(recipe), workers=0)
            summary = await arun(request, listeners=[files])
            assert files.finish() == ""
            assert files.calls == summary.calls.sent == len(server.asked)

    asyncio.run(scenario())
    return tmp_path / "logs"


def test_each_call_has_request_response_and_summary(traced: Path) -> None:
    """Named by time, item, stage and trace id; nothing is cut."""
    summaries = sorted(traced.glob("*_summary.json"))
    assert summaries
    for path in summaries:
        told = json.loads(path.read_text())
        stem = path.name.removesuffix("_summary.json")
        request = json.loads((traced / f"{stem}_request.json").read_text())
        answer = (traced / f"{stem}_response.txt").read_text()
        assert told["state"] == "answered"
        assert stem.endswith(f"_{told['stage']}_{told['key'][:12]}")
        assert request["messages"][-1]["content"]
        assert answer


def test_no_key_is_in_the_files(traced: Path) -> None:
    """Neither the server's key nor a header of it."""
    everything = "".join(path.read_text() for path in traced.iterdir())
    assert KEY not in everything
    assert "Authorization" not in everything


def test_failed_call_leaves_a_summary_with_its_reason(tmp_path: Path) -> None:
    """There is no answer to write; the name stays harmless whatever the item is."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    path = journal.save()
    files = TraceFiles(tmp_path / "logs", path)
    data: dict[str, Scalar] = {"key": "ab" * 32, "error": "TimedOut", "slot": 1}
    files(Event(BASE, "call.failed", "r", "facts", "../../etc/passwd", data))
    assert files.finish() == ""
    (written,) = (tmp_path / "logs").iterdir()
    assert written.name.endswith("_etc-passwd_facts_abababababab_summary.json")
    assert json.loads(written.read_text())["error"] == "TimedOut"


def test_folder_that_cannot_be_made_costs_no_call(tmp_path: Path) -> None:
    """What is missing is told once, at the end."""
    (tmp_path / "logs").write_text("a file")
    journal = SampleJournal(tmp_path)
    journal.begin()
    files = TraceFiles(tmp_path / "logs", journal.save())
    for number in range(3):
        files(Event(BASE + number, "call.failed", "r", "facts", "x", {"key": "ab"}))
    assert files.finish().startswith("3 calls have no trace files: ")
