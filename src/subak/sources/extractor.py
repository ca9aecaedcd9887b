"""ExtractorSource: pages read for us by a web content extractor.

Its interface: ``POST /extract {"url"}`` answers ``{"success", "content"}``,
``GET /txt-files`` lists the texts it keeps, ``GET /files/NAME`` returns one of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from urllib.parse import quote

import msgspec

from subak.errors import Problem, RecipeError, Refused, SubakError, UnusableContent
from subak.sources.address import check_address, find_port
from subak.sources.content_extractor import JSON_TYPES, explain_failure
from subak.sources.page import page_targets
from subak.sources.reach import Reach
from subak.sources.request import Reply, Request
from subak.sources.source import Target
from subak.sources.spec import SourceSpec

MAX_FILES = 10_000
_LIST_BYTES = 2_000_000
_NAME_KEYS = ("name", "filename", "file")
_LIST_KEYS = ("files", "txt_files", "txt-files")


class ExtractorSource:
    """Lists the pages to extract, or else the texts an extractor keeps."""

    def __init__(self, spec: SourceSpec, reach: Reach) -> None:
        self._spec = spec
        self._reach = reach

    async def targets(self) -> AsyncIterator[Target]:
        """Yield pages in recipe order, or texts in the extractor's, each once.

        Raises:
            RecipeError: No address of the extractor, or a page that cannot be one.
            Retryable: Its list could not be read now.
            Terminal: It can never be read, or holds nothing.
        """
        spec = self._spec
        base = extractor_base(spec)
        if spec.urls:
            for target in extractor_targets(spec):
                yield target
            return
        names = [name for name in await self._names(base) if spec.selects(f"/{name}")]
        if not names:
            raise UnusableContent(
                "the extractor keeps no text files, or the recipe takes none of them",
                where=spec.key_path or spec.name,
                hint="give urls = [...] to extract, or correct include and exclude",
            )
        entity = "".join(spec.entities[:1])
        for name in names[: spec.limit]:
            target = spec.to_target(f"{base}/files/{quote(name, safe='')}", entity)
            yield replace(target, way="extractor")

    async def _names(self, base: str) -> list[str]:
        request = Request(
            f"{base}/txt-files",
            types=JSON_TYPES,
            allow_hosts=self._spec.allow_hosts,
            max_bytes=_LIST_BYTES,
            is_api=True,
        )
        try:
            reply = await self._reach.polite.fetch(request)
        except SubakError as error:
            raise explain_failure(error, request) from error
        return list(dict.fromkeys(_file_names(reply)))[:MAX_FILES]


def extractor_targets(spec: SourceSpec) -> tuple[Target, ...]:
    """Return the pages a spec names to be extracted; nothing is fetched for that.

    Raises:
        RecipeError: No address of the extractor, or a page that cannot be one.
    """
    base = extractor_base(spec)
    pages = page_targets(replace(spec, url="")) if spec.urls else ()
    return tuple(
        replace(page, url=_extract_url(base, page.url), way="extractor")
        for page in pages
    )


def extractor_base(spec: SourceSpec) -> str:
    """Return the extractor's address without a final slash.

    Raises:
        RecipeError: There is none, or it cannot be asked.
    """
    path = f"{spec.key_path or spec.name}.url"
    if not spec.url:
        hint = 'add url = "http://localhost:5000", where it listens'
        raise RecipeError([Problem(path, "is missing: where is the extractor?", hint)])
    try:
        url = check_address(spec.url, port=find_port(spec.url))
    except Refused as error:
        raise RecipeError([Problem(path, error.message, error.hint)]) from None
    return str(url.with_query(None)).rstrip("/")


def _extract_url(base: str, page: str) -> str:
    return f"{base}/extract?url={quote(page, safe='')}"


def _file_names(reply: Reply) -> Iterator[str]:
    try:
        listed: object = msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnusableContent(
            "the extractor's list of files is not JSON",
            where=reply.url,
            hint="url must be the address of a web content extractor",
        ) from error
    entries = _first(listed, _LIST_KEYS) if isinstance(listed, dict) else listed
    for entry in entries if isinstance(entries, list) else ():
        name = _first(entry, _NAME_KEYS) if isinstance(entry, dict) else entry
        if isinstance(name, str) and _is_file_name(name):
            yield name


def _first(table: dict[str, object], keys: tuple[str, ...]) -> object:
    return next((table[key] for key in keys if key in table), None)


def _is_file_name(name: str) -> bool:
    return name.endswith(".txt") and len(name) <= 255 and not set("/\\\0") & set(name)
