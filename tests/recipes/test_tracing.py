"""A recorded run on its way to a collector."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from subak.errors import StorageError, UserError
from subak.recipes.tracing import send_trace
from tests.extras.collector import attributes, collecting
from tests.views.sample import RUN, SampleJournal, write_synthetic_run


def test_run_is_one_trace_of_all_that_was_done(tmp_path: Path) -> None:
    """Each task worked on and each call is a span, with its parent among them."""
    write_synthetic_run(tmp_path, items=12)
    with collecting() as collector:
        sent = send_trace(Workspace(tmp_path), RUN, collector.url)
    spans = collector.spans
    assert (len(spans), sent.run, sent.is_whole) == (sent.spans, RUN, True)
    assert {span.trace_id.hex() for span in spans} == {sent.trace}
    ids = [span.span_id for span in spans]
    assert len(set(ids)) == len(ids)
    roots = [span.name for span in spans if not span.parent_span_id]
    assert roots == ["run intel"]
    assert {span.parent_span_id for span in spans if span.parent_span_id} <= set(ids)
    calls = [span for span in spans if span.name.startswith("chat ")]
    assert calls
    for call in calls:
        told = attributes(call)
        assert told["gen_ai.request.model"] == "qwen2.5-coder-1.5b"
        assert told["gen_ai.provider.name"] == "openai"


def test_same_run_sent_twice_is_the_same_trace(tmp_path: Path) -> None:
    """Sending again after a break of the line makes nothing twice."""
    write_synthetic_run(tmp_path, items=5)
    with collecting() as collector:
        first = send_trace(Workspace(tmp_path), RUN, collector.url)
        again = send_trace(Workspace(tmp_path), RUN, collector.url)
    assert first == again
    ids = {(span.trace_id, span.span_id) for span in collector.spans}
    assert len(ids) == first.spans


def test_run_at_work_is_sent_in_part(tmp_path: Path) -> None:
    """While a process holds the workspace only what has ended goes out."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("fetch", "germany", at=0)
    journal.begun("fetch", "france", at=1)
    journal.save()
    workspace = Workspace(tmp_path)
    with collecting() as collector:
        with WorkspaceLock(workspace):
            part = send_trace(workspace, "", collector.url)
        whole = send_trace(workspace, "", collector.url)
    assert (part.spans, part.is_whole) == (1, False)
    assert (whole.spans, whole.is_whole) == (4, True)


def test_run_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Nothing is sent of a wrong name or an empty folder."""
    with pytest.raises(StorageError, match="no journal"):
        send_trace(Workspace(tmp_path), "", "http://127.0.0.1:9")
    SampleJournal(tmp_path).save()
    with pytest.raises(UserError, match="no run"):
        send_trace(Workspace(tmp_path), "nobody", "http://127.0.0.1:9")
