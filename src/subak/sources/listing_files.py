"""ListingFiles: reads index pages, feeds and sitemaps, and none of them in vain."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec

from subak.sources.raw_page import RawPage
from subak.sources.reach import Reach, Remembered
from subak.sources.request import Reply, Request, Validators
from subak.sources.spec import SourceSpec

FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
        "text/html",  # what many feeds are served as
        "text/plain",
    }
)
INDEX_TYPES = frozenset({"text/html", "application/xhtml+xml"})
SITEMAP_TYPES = frozenset(
    {
        "application/xml",
        "text/xml",
        "text/plain",
        "application/gzip",
        "application/x-gzip",
        "application/octet-stream",
        "binary/octet-stream",
    }
)
_VERSION = 1  # of what the readers make of the same bytes


@dataclass(frozen=True, slots=True)
class ListingFile:
    """One file as a reader in the workers understands it.

    Args:
        types: Media types it may have.
        reader: Name in ``readers.FUNCTIONS``.
        query: What the reader is told besides the page, as MessagePack.
        is_trusted: A server's word that the file has not changed is taken.
        is_document: It is fetched as a page as well.
    """

    address: str
    types: frozenset[str]
    reader: str
    query: bytes = b""
    is_trusted: bool = True
    is_document: bool = False


class ListingFiles:
    """Fetch and parse the listing files of one source.

    Guarantees: bytes that were parsed in an earlier run are not parsed again; once a
    server was caught with the validators of other bytes, its word is not taken again.
    """

    def __init__(self, spec: SourceSpec, reach: Reach) -> None:
        self._spec = spec
        self._reach = reach
        self._is_liar = False

    async def read(self, file: ListingFile) -> tuple[str, bytes]:
        """Return the final address and what the reader made of the file.

        Raises:
            Retryable: Not reachable now.
            Terminal: It can never be read.
        """
        key = _key(file)
        known = self._find(key)
        is_trusted = file.is_trusted and not self._is_liar
        reply = await self._fetch(
            file, self._request(file, known if is_trusted else None)
        )
        if known is not None and reply.status == 304:
            return known.final_url, known.parsed
        digest = hashlib.blake2b(reply.body, digest_size=16).hexdigest()
        if known is not None and known.final_url == reply.url:
            if known.digest == digest:
                return known.final_url, known.parsed
            self._is_liar |= known.etag == reply.etag != ""
        parsed = await self._parse(file, reply)
        self._keep(
            key,
            Remembered(reply.url, reply.etag, reply.last_modified, digest, parsed),
        )
        return reply.url, parsed

    async def _fetch(self, file: ListingFile, request: Request) -> Reply:
        ways = self._reach.ways
        if ways is None or file.types is not INDEX_TYPES:
            return await self._reach.polite.fetch(request)
        reply = await ways.fetch(self._spec.to_target(file.address), request)
        if file.is_document and reply.status == 200:
            ways.hold(file.address, reply)
        return reply

    def _request(self, file: ListingFile, known: Remembered | None) -> Request:
        validators = None
        if known is not None and (known.etag or known.last_modified):
            validators = Validators(known.final_url, known.etag, known.last_modified)
        return Request(
            file.address,
            types=file.types,
            allow_hosts=self._spec.allow_hosts,
            validators=validators,
        )

    async def _parse(self, file: ListingFile, reply: Reply) -> bytes:
        def payload() -> bytes:
            raw = RawPage(reply.url, reply.body, reply.content_type, reply.charset)
            return msgspec.msgpack.encode((raw, msgspec.Raw(file.query or b"\xc0")))

        # Made when a worker is free: 512 front pages waited with 22 MB of copies.
        return await self._reach.executor.submit(file.reader, file.address, payload)

    def _find(self, key: str) -> Remembered | None:
        kept = self._reach.memory.find(key) if self._reach.memory else None
        if kept is None:
            return None
        try:
            return msgspec.msgpack.decode(kept[1], type=Remembered)
        except msgspec.DecodeError:  # of another version: read anew
            return None

    def _keep(self, key: str, remembered: Remembered) -> None:
        if self._reach.memory is not None:
            self._reach.memory.keep(key, msgspec.msgpack.encode(remembered))


def _key(file: ListingFile) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in (file.address, file.reader, str(_VERSION)):
        digest.update(part.encode() + b"\0")
    digest.update(file.query)
    return f"file {digest.hexdigest()}"
