"""The fetch stage: a target becomes the page it answers now, politely and in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from subak.engine.blobs import Blobs
from subak.engine.context import current_task
from subak.engine.events import EventSink
from subak.engine.stage import Stage
from subak.errors import SubakError
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
    """Fetch pages, conditionally where a copy is at hand.

    A page whose bytes are the same gives an equal Page, so that everything behind it
    stays cached; a page that can't be fetched keeps its last copy.
    """
    fetching = _Fetching(polite, archive, blobs, events)

    async def run(target: Target) -> AsyncIterator[Page]:
        yield await fetching.fetch(target)

    return Stage(
        "fetch", run, JsonCodec(Page), version=1, once_per_run=True, keep_last=True
    )


@dataclass(frozen=True, slots=True)
class _Fetching:
    polite: Polite
    archive: Archive
    blobs: Blobs
    events: EventSink

    async def fetch(self, target: Target) -> Page:
        """Return the page a target answers now."""
        known = self.archive.validators(target.url)
        try:
            reply = await self.polite.fetch(_request(target, known))
        except SubakError as error:
            self._tell("fetch.failed", target, error=type(error).__name__)
            raise
        self._tell(
            "fetch.done",
            target,
            status=reply.status,
            bytes=len(reply.body),
            seconds=round(reply.seconds, 4),
            not_modified=reply.status == 304,
        )
        snapshot = self._snapshot(target, reply, known)
        await self.archive.note_fetch(snapshot)
        return Page(
            target=target,
            url=snapshot.final_url,
            content_type=snapshot.content_type,
            charset=snapshot.charset,
            body=snapshot.body,
        )

    def _snapshot(
        self, target: Target, reply: Reply, known: Snapshot | None
    ) -> Snapshot:
        if reply.status == 304 and known is not None:
            return known
        return Snapshot(
            url=target.url,
            final_url=reply.url,
            body=self.blobs.put(reply.body),
            content_type=reply.content_type,
            charset=reply.charset,
            etag=reply.etag,
            last_modified=reply.last_modified,
        )

    def _tell(
        self, kind: str, target: Target, **data: str | int | float | bool
    ) -> None:
        item = current_task().item
        self.events.emit(kind, stage="fetch", item=item, url=target.url, **data)


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
