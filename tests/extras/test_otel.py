"""Spans on their way to a collector."""

from __future__ import annotations

import logging

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SentSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from subak.errors import Unreachable
from subak.extras.otel import Collector, send_spans
from subak.extras.spans import Mark, Span
from tests.extras.collector import attributes, collecting

_WHEN = 1_795_327_200.25


def _span(number: int, parent: int | None = None, error: str = "") -> Span:
    return Span(
        trace=0xABCD,
        id=number,
        parent=parent,
        name="chat qwen",
        kind="client",
        started=_WHEN,
        ended=_WHEN + 1.5,
        attributes={"a": 1, "b": "two", "c": ("x", "y"), "d": True, "e": 0.5},
        marks=(Mark(_WHEN + 1, "exception", {"exception.type": "Overloaded"}),),
        error=error,
    )


def test_span_arrives_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids, parent, times to the microsecond, attributes, events and status."""
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=bali")
    with collecting() as collector:
        spans = [_span(7, parent=3, error="HTTP 429"), _span(3)]
        assert send_spans(spans, Collector(collector.url, "1.2")) == 2
    child, root = collector.spans
    assert child.trace_id.hex() == f"{0xABCD:032x}"
    assert (child.span_id.hex(), child.parent_span_id.hex()) == (
        f"{7:016x}",
        f"{3:016x}",
    )
    assert root.parent_span_id == b""
    assert child.start_time_unix_nano == 1_795_327_200_250_000_000
    assert child.end_time_unix_nano - child.start_time_unix_nano == 1_500_000_000
    assert child.kind == SentSpan.SPAN_KIND_CLIENT
    assert (child.status.code, child.status.message) == (
        Status.STATUS_CODE_ERROR,
        "HTTP 429",
    )
    assert root.status.code == Status.STATUS_CODE_UNSET
    told = attributes(child)
    assert told == {"a": 1, "b": "two", "c": ["x", "y"], "d": True, "e": 0.5}
    assert [event.name for event in child.events] == ["exception"]
    assert collector.resource["service.name"] == "subak"
    assert collector.resource["service.version"] == "1.2"
    assert collector.resource["deployment.environment"] == "bali"


def test_spans_are_sent_in_batches() -> None:
    """However long a run was, no request grows with it."""
    with collecting() as collector:
        spans = (_span(number) for number in range(1, 1_101))
        assert send_spans(spans, Collector(collector.url)) == 1_100
    sizes = [
        len(request.resource_spans[0].scope_spans[0].spans)
        for request in collector.requests
    ]
    assert sizes == [512, 512, 76]


def test_collector_that_refuses_is_told_with_its_reason(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The exporter's own log line becomes our error, and is not shown besides."""
    with (
        collecting(status=401) as collector,
        caplog.at_level(logging.DEBUG),
        pytest.raises(Unreachable, match="401") as caught,
    ):
        send_spans([_span(1)], Collector(collector.url))
    assert caught.value.where == f"{collector.url}/v1/traces"
    assert "subak trace" in caught.value.hint
    assert "Failed to export" not in caplog.text


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("http://host:4318", "http://host:4318/v1/traces"),
        ("http://host:4318/", "http://host:4318/v1/traces"),
        ("https://host/otlp/v1/traces", "https://host/otlp/v1/traces"),
        ("", None),
    ],
)
def test_collector_without_a_path_gets_the_usual_one(
    url: str, endpoint: str | None
) -> None:
    """As the variables of OpenTelemetry have it; a path of one's own stays."""
    assert Collector(url).endpoint == endpoint


def test_collector_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a URL the standard variable says where."""
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        assert send_spans([_span(1)], Collector()) == 1
    assert len(collector.spans) == 1
