"""send_spans: spans to an OpenTelemetry collector, by its own exporter (OTLP, HTTP).

What the exporter reads of the environment (OTEL_EXPORTER_OTLP_HEADERS, _TIMEOUT,
_CERTIFICATE ..., OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) holds here too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from subak.errors import MissingExtra, Unreachable
from subak.extras.spans import Span, Value

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import SpanContext

_BATCH = 512
_PATH = "/v1/traces"
_LOGGER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"


@dataclass(frozen=True, slots=True)
class Collector:
    """Where spans are sent.

    Args:
        url: Of the collector, "" for what the environment says. One without a path
            gets the usual /v1/traces.
        version: Of subak, told with each span.
    """

    url: str = ""
    version: str = ""

    @property
    def endpoint(self) -> str | None:
        """Return the full address, None for what the environment says."""
        if not self.url:
            return None
        base = self.url.rstrip("/")
        has_path = "/" in base.partition("://")[2]
        return base if has_path else f"{base}{_PATH}"


def check_otel() -> None:
    """Tell at once when spans could not be sent.

    Raises:
        MissingExtra: The library isn't installed.
    """
    if not is_installed():
        raise MissingExtra("otel", "sending traces")


def is_installed() -> bool:
    """Tell whether the exporter is there."""
    if find_spec("opentelemetry") is None:
        return False
    return find_spec("opentelemetry.exporter.otlp.proto.http") is not None


def send_spans(spans: Iterable[Span], collector: Collector) -> int:
    """Send spans and return how many there were; waits for each batch.

    Raises:
        MissingExtra: The library isn't installed.
        Unreachable: The collector doesn't take them.
    """
    check_otel()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import SpanExportResult

    exporter = OTLPSpanExporter(endpoint=collector.endpoint)
    resource = _sender(collector)
    sent = 0
    try:
        with _said() as said:
            for batch in _batches(spans):
                readable = [_readable(span, resource) for span in batch]
                if exporter.export(readable) is not SpanExportResult.SUCCESS:
                    raise _refused(collector, said)
                sent += len(batch)
    finally:
        exporter.shutdown()  # type: ignore[no-untyped-call]
    return sent


def _sender(collector: Collector) -> Resource:
    """Return who sends: subak, unless the environment gives it another name."""
    from opentelemetry.sdk.resources import Resource

    told = Resource.create({"service.version": collector.version})
    if str(told.attributes["service.name"]).startswith("unknown_service"):
        return told.merge(Resource({"service.name": "subak"}))
    return told


def _batches(spans: Iterable[Span]) -> Iterator[list[Span]]:
    batch: list[Span] = []
    for span in spans:
        batch.append(span)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Said(logging.Handler):
    """Keeps what the exporter says instead of showing it."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage())


@contextmanager
def _said() -> Iterator[_Said]:
    """Catch what the exporter says: it belongs into our error, not on the terminal."""
    logger, said = logging.getLogger(_LOGGER), _Said()
    was = logger.propagate
    logger.propagate = False
    logger.addHandler(said)
    try:
        yield said
    finally:
        logger.removeHandler(said)
        logger.propagate = was


def _refused(collector: Collector, said: _Said) -> Unreachable:
    reason = said.words[-1] if said.words else "it gave no reason"
    return Unreachable(
        f"the collector does not take the trace: {reason}",
        where=collector.endpoint or "OTEL_EXPORTER_OTLP_ENDPOINT",
        hint="when it is up: subak trace RUN --otlp URL",
    )


def _readable(span: Span, resource: Resource) -> ReadableSpan:
    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import SpanKind, Status, StatusCode

    version = resource.attributes.get("service.version")
    return ReadableSpan(
        name=span.name,
        context=_context(span.trace, span.id),
        parent=None if span.parent is None else _context(span.trace, span.parent),
        resource=resource,
        attributes=_told(span.attributes),
        events=[
            Event(mark.name, _told(mark.attributes), _ns(mark.ts))
            for mark in span.marks
        ],
        kind=SpanKind.CLIENT if span.kind == "client" else SpanKind.INTERNAL,
        status=Status(StatusCode.ERROR, span.error) if span.error else Status(),
        start_time=_ns(span.started),
        end_time=_ns(span.ended),
        instrumentation_scope=InstrumentationScope("subak", str(version or "")),
    )


def _told(attributes: Mapping[str, Value]) -> dict[str, Value]:
    return {str(name): value for name, value in attributes.items()}


def _context(trace: int, ident: int) -> SpanContext:
    from opentelemetry.trace import SpanContext, TraceFlags

    return SpanContext(trace, ident, False, TraceFlags(TraceFlags.SAMPLED))


def _ns(seconds: float) -> int:
    """Return nanoseconds; a float of today holds no more than microseconds."""
    return round(seconds * 1_000_000) * 1_000
