"""The fetch stage: a target becomes a page whose bytes lie in the blob store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit

from subak.engine.blobs import Blobs
from subak.engine.clock import Clock, SystemClock
from subak.engine.context import current_task
from subak.engine.events import EventSink
from subak.engine.stage import Stage
from subak.errors import Gone, NotServed, SubakError, UnusableContent
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.snapshot import Snapshot
from subak.knowledge.documents.visits import (
    Visit,
    Wish,
    after_answer,
    after_failure,
    decide,
)
from subak.sources.failure import failure_reason
from subak.sources.readers import READERS
from subak.sources.request import Reply, Request, Validators
from subak.sources.source import Page, Target

Forget = Callable[[str], Awaitable[None]]

# Two connections a host, and one more fetch that is ready when one of them is free.
_PER_HOST = 3


class Fetching(Protocol):
    """Whatever gets the body of a target, see ``sources.ways.Ways``."""

    async def fetch(self, target: Target, request: Request) -> Reply:
        """Return a 200 with the body, or a 304."""
        ...


def fetch(
    ways: Fetching,
    archive: Archive,
    blobs: Blobs,
    events: EventSink,
    forget: Forget | None = None,
    clock: Clock | None = None,
) -> Stage[Target, Page]:
    """Visit each target once a run; unchanged bytes give an equal Page.

    Whether a page known before is asked for, and how, ``knowledge.visits`` decides.
    One that cannot be fetched keeps its last copy, and the failure is reported; one
    that is gone yields nothing.

    Args:
        forget: Takes the document of a page that is gone out of the index.
    """
    fetcher = _Fetcher(ways, archive, blobs, events, forget, clock or SystemClock())

    async def run(target: Target) -> AsyncIterator[Page]:
        try:
            page = await fetcher.visit(target)
        except SubakError as error:
            fetcher.tell(
                "fetch.failed",
                url=target.url,
                error=type(error).__name__,
                message=error.message,
                reason=failure_reason(error),
            )
            raise
        if page is not None:
            yield page

    return Stage(
        name="fetch",
        run=run,
        codec=JsonCodec(Page),
        version=2,
        once_per_run=True,
        keep_last=True,
        lane=_host,
        lane_limit=_PER_HOST,
    )


def _host(target: Target) -> str:
    """Return whose turn a fetch has to wait for: that of its host."""
    return "" if target.way == "file" else urlsplit(target.url).netloc


@dataclass(frozen=True, slots=True)
class _Fetcher:
    ways: Fetching
    archive: Archive
    blobs: Blobs
    events: EventSink
    forget: Forget | None
    clock: Clock

    async def visit(self, target: Target) -> Page | None:
        """Return the page as it stands now, None when it is gone."""
        known = self.archive.find_snapshot(target.url)
        visit = self._decide(target, known)
        if visit.how == "spare" and known is not None:
            return self._spare(target, known, visit)
        is_conditional = visit.how == "conditional"
        try:
            reply = await self.ways.fetch(
                target, _request(target, known if is_conditional else None)
            )
            snapshot = await self._answered(target, reply, known, is_conditional)
        except (NotServed, UnusableContent) as error:
            await self._failed(target, known, error)
            return None
        self.archive.note(snapshot, known, reason=visit.reason, size=len(reply.body))
        self.tell(
            "fetch.done",
            url=target.url,
            status=reply.status,
            bytes=len(reply.body),
            seconds=round(reply.seconds, 4),
            not_modified=reply.status == 304,
            reason=visit.reason,
        )
        return _page(target, snapshot)

    def tell(self, kind: str, **data: str | float | bool) -> None:
        """Tell what became of the running task."""
        self.events.emit(kind, stage="fetch", item=current_task().item, **data)

    def _decide(self, target: Target, known: Snapshot | None) -> Visit:
        if known is None:
            return Visit("anew", "new")
        task = current_task()
        if task.refresh:
            return Visit("anew", "refresh")
        if known.body and not self.archive.has_body(known):
            return Visit("anew", "lost copy")
        if task.run and known.run == task.run and not known.failures:
            return Visit("spare", "this run")  # killed before its task was committed
        may_rest = target.way != "file" and target.reading != "listing"
        wish = Wish(target.hint, target.rest_s, may_rest)
        return decide(known, wish, self.clock.now(), self.archive.trust(known))

    def _spare(self, target: Target, known: Snapshot, visit: Visit) -> Page | None:
        if visit.reason == "failing" and not _was_removed(known):
            raise UnusableContent(
                f"{known.failure}; not asked for again before {_day(known.next_due)}",
                where=target.url,
                hint="subak run RECIPE --refresh fetch asks at once",
            )
        self.tell("fetch.spared", url=target.url, reason=visit.reason)
        if known.source != target.source:
            self.archive.note(replace(known, source=target.source), known)
        return None if _was_removed(known) else _page(target, known)

    async def _answered(
        self,
        target: Target,
        reply: Reply,
        known: Snapshot | None,
        is_conditional: bool,
    ) -> Snapshot:
        now = self.clock.now()
        if reply.status != 304:
            answer = Snapshot(
                url=target.url,
                final_url=reply.url,
                body=await self.blobs.put(reply.body),
                content_type=reply.content_type,
                charset=reply.charset,
                etag=reply.etag,
                last_modified=reply.last_modified,
                last_read=now,
                published=target.published,
            )
        elif known is None or not is_conditional or reply.url != known.final_url:
            raise UnusableContent(
                "HTTP 304 to a request without a copy at hand",
                where=reply.url,
                hint="the server is broken; name another address of the page",
            )
        else:
            answer = known
        stated = replace(
            answer,
            source=target.source,
            hint=target.hint,
            run=current_task().run,
        )
        return after_answer(known, stated, now)

    async def _failed(
        self,
        target: Target,
        known: Snapshot | None,
        error: NotServed | UnusableContent,
    ) -> None:
        """Note a failure that is likely to last; a page known before may be gone."""
        before = known or Snapshot(target.url, target.url, "", status=0)
        status = error.status if isinstance(error, Gone) else before.status
        failed = after_failure(before, error.message, status, self.clock.now())
        self.archive.note(
            replace(failed, source=target.source), before, reason=error.message
        )
        if known is None or not _was_removed(failed):
            raise error
        if known.document and self.forget is not None:
            await self.forget(known.document)
        self.tell("fetch.removed", url=target.url, status=status)


def _request(target: Target, known: Snapshot | None) -> Request:
    validators = None
    if known is not None:
        validators = Validators(known.final_url, known.etag, known.last_modified)
    return Request(
        target.url,
        types=frozenset(READERS),
        allow_hosts=target.allow_hosts,
        validators=validators,
        site=target.source,
    )


def _page(target: Target, snapshot: Snapshot) -> Page:
    """Return the page without what may differ although its bytes are the same."""
    return Page(
        replace(target, hint="", rest_s=0.0, source="", published=snapshot.published),
        snapshot.final_url,
        snapshot.content_type,
        snapshot.charset,
        snapshot.body,
    )


def _was_removed(snapshot: Snapshot) -> bool:
    return snapshot.is_removed and bool(snapshot.body)


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
