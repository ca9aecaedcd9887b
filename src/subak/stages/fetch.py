"""The fetch stage: a target becomes a page whose bytes lie in the blob store."""

from __future__ import annotations

from collections.abc import AsyncIterator

from subak.engine.blobs import Blobs
from subak.engine.context import current_task
from subak.engine.events import EventSink
from subak.engine.stage import Stage
from subak.errors import SubakError, UnusableContent
from subak.knowledge.archive import Archive
from subak.knowledge.codec import JsonCodec
from subak.knowledge.snapshot import Snapshot
from subak.sources.polite import Polite
from subak.sources.readers import READERS
from subak.sources.request import Reply, Request, Validators
from subak.sources.source import Page, Target


def fetch(
    polite: Polite, archive: Archive, blobs: Blobs, events: EventSink
) -> Stage[Target, Page]:
    """Fetch each target once a run; unchanged bytes give an equal Page.

    A page that cannot be fetched keeps its last copy; the failure is reported.
    """

    async def run(target: Target) -> AsyncIterator[Page]:
        task = current_task()
        known = None if task.refresh else archive.validators(target.url)
        try:
            reply = await polite.fetch(_request(target, known))
            snapshot = _snapshot(target, reply, known, blobs)
        except SubakError as error:
            events.emit(
                "fetch.failed",
                stage="fetch",
                item=task.item,
                url=target.url,
                error=type(error).__name__,
                message=error.message,
            )
            raise
        await archive.note_fetch(snapshot)
        events.emit(
            "fetch.done",
            stage="fetch",
            item=task.item,
            url=target.url,
            status=reply.status,
            bytes=len(reply.body),
            seconds=round(reply.seconds, 4),
            not_modified=reply.status == 304,
        )
        yield Page(
            target,
            snapshot.final_url,
            snapshot.content_type,
            snapshot.charset,
            snapshot.body,
        )

    return Stage(
        name="fetch",
        run=run,
        codec=JsonCodec(Page),
        once_per_run=True,
        keep_last=True,
    )


def _request(target: Target, known: Snapshot | None) -> Request:
    validators = None
    if known is not None:
        validators = Validators(known.final_url, known.etag, known.last_modified)
    return Request(
        target.url,
        types=frozenset(READERS),
        allow_hosts=target.allow_hosts,
        validators=validators,
    )


def _snapshot(
    target: Target, reply: Reply, known: Snapshot | None, blobs: Blobs
) -> Snapshot:
    if reply.status != 304:
        return Snapshot(
            url=target.url,
            final_url=reply.url,
            body=blobs.put(reply.body),
            content_type=reply.content_type,
            charset=reply.charset,
            etag=reply.etag,
            last_modified=reply.last_modified,
        )
    if known is None or reply.url != known.final_url:
        raise UnusableContent(
            "HTTP 304 to a request without a copy at hand",
            where=reply.url,
            hint="the server is broken; name another address of the page",
        )
    return known
