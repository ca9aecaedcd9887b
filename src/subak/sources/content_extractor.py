"""ContentExtractor: asks a web content extractor for one text."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from yarl import URL

from subak.errors import (
    ConnectionLost,
    Gone,
    Refused,
    ServerFailed,
    SubakError,
    UnusableContent,
)
from subak.sources.failure import is_forbidden_address
from subak.sources.polite import Polite
from subak.sources.request import ANY_TYPE, Reply, Request

JSON_TYPES = frozenset({"application/json", "text/json", "text/plain"})


class ContentExtractor:
    """Ask an extractor for a page or one of its texts.

    Guarantees: at most two requests at once to one extractor, as to every host.

    Args:
        polite: With time limits that let an extractor fetch the page first.
    """

    def __init__(self, polite: Polite) -> None:
        self._polite = polite

    async def fetch(self, request: Request) -> Reply:
        """Return the text it extracts, under the address of the page itself.

        Raises:
            Retryable: The extractor could not be reached, or failed.
            UnusableContent: It says that it could not read the page.
            Refused: The recipe does not allow its host.
        """
        url = URL(request.url)
        page = url.query.get("url", "")
        asked = replace(request, types=ANY_TYPE, is_api=True, site="")
        if page:
            posted = msgspec.json.encode({"url": page})
            asked = replace(
                asked,
                url=str(url.with_query(None)),
                types=JSON_TYPES,
                posted=posted,
                validators=None,
            )
        try:
            reply = await self._polite.fetch(asked)
        except SubakError as error:
            raise explain_failure(error, asked, page) from error
        if not page:
            return replace(reply, content_type="text/plain")
        return _text_reply(reply, page)


def explain_failure(error: SubakError, request: Request, page: str = "") -> SubakError:
    """Return the error as one of the extractor, with the line the recipe lacks."""
    host = URL(request.url).host or ""
    where = page or request.url
    told: SubakError = error
    if isinstance(error, Refused) and is_forbidden_address(error.__cause__):
        told = Refused(
            f"the extractor's host {host} is private, and the recipe doesn't allow it",
            where=where,
            hint=f'if it is yours, add at the source: allow_hosts = ["{host}"]',
        )
    elif isinstance(error, ConnectionLost) and not isinstance(error, ServerFailed):
        told = ConnectionLost(
            f"no extractor answers at {URL(request.url).origin()}: {error.message}",
            where=where,
            hint="start it, or correct url in the recipe",
        )
    elif isinstance(error, Gone) and request.posted is not None:
        told = UnusableContent(
            f"there is no extractor at {request.url}",
            where=where,
            hint="url must be its address without /extract",
        )
    elif page:
        told.message = f"the extractor could not read the page: {error.message}"
        told.where = page
    told.reason = error.reason
    return told


class _Extracted(msgspec.Struct):
    success: bool
    content: str | None = None
    error: str | None = None


def _text_reply(reply: Reply, page: str) -> Reply:
    try:
        answer = msgspec.json.decode(reply.body, type=_Extracted)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnusableContent(
            'the extractor does not answer {"success", "content"}',
            where=reply.url,
            hint="url must be the address of a web content extractor",
        ) from error
    if not answer.success or not (answer.content or "").strip():
        reason = " ".join((answer.error or "no text found").split())[:200]
        raise UnusableContent(
            f"the extractor could not read the page: {reason}",
            where=page,
            hint="open it in a browser; leave it out if it is empty there too",
        )
    return replace(
        reply,
        url=page,
        body=(answer.content or "").encode("utf-8", "replace"),
        content_type="text/plain",
        charset="utf-8",
    )
