"""FakeCollector: an OpenTelemetry collector that keeps what it is sent (OTLP, HTTP)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from subak.testing.site import FakeSite
from tests.job.serving import serving

PATH = "/v1/traces"


class FakeCollector:
    """Takes spans on a real socket; each request is decoded as the protocol says.

    Args:
        status: What it answers with.
    """

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.requests: list[ExportTraceServiceRequest] = []
        self.site = FakeSite({PATH: self._take})

    @property
    def url(self) -> str:
        """Return its address, without a path."""
        return self.site.base

    @property
    def spans(self) -> list[Span]:
        """Return all spans, in the order they came."""
        return [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def resource(self) -> dict[str, str]:
        """Return what is said of the sender."""
        (told,) = {
            tuple((one.key, one.value.string_value) for one in each.resource.attributes)
            for request in self.requests
            for each in request.resource_spans
        }
        return dict(told)

    async def _take(self, request: web.Request) -> web.Response:
        if self.status != 200:
            return web.Response(status=self.status, reason="No Thanks")
        assert request.content_type == "application/x-protobuf"
        told = ExportTraceServiceRequest()
        told.ParseFromString(await request.read())
        self.requests.append(told)
        body = ExportTraceServiceResponse().SerializeToString()
        return web.Response(body=body, content_type="application/x-protobuf")


@contextmanager
def collecting(status: int = 200) -> Iterator[FakeCollector]:
    """Serve a collector while the block runs."""
    collector = FakeCollector(status)
    with serving(collector.site):
        yield collector


def attributes(span: Span) -> dict[str, object]:
    """Return a span's attributes as plain values."""
    found: dict[str, object] = {}
    for one in span.attributes:
        kind = one.value.WhichOneof("value")
        value: object = getattr(one.value, str(kind))
        if kind == "array_value":
            value = [each.string_value for each in one.value.array_value.values]
        found[one.key] = value
    return found
