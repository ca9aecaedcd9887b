"""send_trace: a recorded run as spans to an OpenTelemetry collector."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import apsw

from subak import __version__
from subak.engine.events import Event
from subak.engine.holder import find_holder
from subak.engine.storage import storage_error
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.extras.otel import Collector, send_spans
from subak.extras.spans import iter_spans, trace_id
from subak.views.runs import get_run
from subak.views.stored_events import iter_events


@dataclass(frozen=True, slots=True)
class SentTrace:
    """What was sent.

    Args:
        trace: Its id, 32 hex digits, to look for in the collector.
        is_whole: The run is over; of one at work only what has ended was sent.
    """

    run: str
    trace: str
    spans: int
    is_whole: bool

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        return {
            "version": 1,
            "run": self.run,
            "trace": self.trace,
            "spans": self.spans,
            "whole": self.is_whole,
        }


def send_trace(workspace: Workspace, run: str = "", url: str = "") -> SentTrace:
    """Send a run, by default the newest, and return what was sent.

    Sent twice it is the same trace: its ids are made of what its spans are about.

    Args:
        url: Of the collector, "" for what ``OTEL_EXPORTER_OTLP_ENDPOINT`` says.

    Raises:
        UserError: There is no such run.
        MissingExtra: The extra ``otel`` isn't installed.
        Unreachable: The collector doesn't take it.
    """
    db = open_reader(workspace.journal)
    try:
        record = get_run(db, run)
        is_over = record.ended is not None or find_holder(workspace) is None
        spans = iter_spans(_events(db, record.id), is_over=is_over)
        sent = send_spans(spans, Collector(url, __version__))
        return SentTrace(record.id, f"{trace_id(record.id):032x}", sent, is_over)
    except apsw.Error as error:
        raise storage_error(error, workspace.journal) from error
    finally:
        db.close()


def _events(db: apsw.Connection, run: str) -> Iterator[Event]:
    return (stored.event for stored in iter_events(db, run))
