"""Every way to fetch a target, from its source to the text that is read."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest

from subak.engine.clock import SystemClock
from subak.sources.open_ways import open_ways
from subak.sources.raw_page import RawPage, ReadPage
from subak.sources.reach import Reach
from subak.sources.readers import READERS, find_reader
from subak.sources.request import Request
from subak.sources.source import Target
from subak.sources.spec import SourceSpec
from subak.sources.ways import Ways
from subak.testing.extractor import FakeExtractor
from subak.testing.site import FakePage, FakeSite
from subak.testing.wiki import FakeArticle, FakeWiki
from tests.sources.fetching import list_targets, open_reach
from tests.sources.pdf_file import pdf_file

SENTENCE = "The standard rate of the value added tax is nineteen percent."


async def read(target: Target, ways: Ways, reach: Reach) -> ReadPage:
    """Fetch a target and read it as the stages do."""
    request = Request(
        target.url, types=frozenset(READERS), allow_hosts=target.allow_hosts
    )
    reply = await ways.fetch(target, request)
    raw = RawPage(reply.url, reply.body, reply.content_type, reply.charset)
    name = find_reader(target.reader, reply.content_type, reply.body)
    answer = await reach.executor.submit(name, reply.url, msgspec.msgpack.encode(raw))
    return msgspec.msgpack.decode(answer, type=ReadPage)


def read_all(spec: SourceSpec, folder: Path) -> list[ReadPage]:
    """Return what all targets of a source say."""

    async def scenario() -> list[ReadPage]:
        async with AsyncExitStack() as stack:
            reach = await stack.enter_async_context(open_reach(folder))
            ways = await stack.enter_async_context(
                open_ways(reach.polite, folder, "subak/test", SystemClock())
            )
            targets = await list_targets(spec, reach)
            return [await read(target, ways, reach) for target in targets]

    return asyncio.run(scenario())


def served(site: FakeSite, folder: Path, **fields: object) -> list[ReadPage]:
    """Return what a source says of a site; BASE in its fields is the site's."""

    async def scenario() -> list[ReadPage]:
        async with site, open_reach(folder) as reach:
            filled = {key: _fill_in(value, site.base) for key, value in fields.items()}
            spec = SourceSpec("x", allow_hosts=("127.0.0.1",), **filled)  # type: ignore[arg-type]
            async with open_ways(
                reach.polite, folder, "subak/test", SystemClock()
            ) as ways:
                targets = await list_targets(spec, reach)
                return [await read(target, ways, reach) for target in targets]

    return asyncio.run(scenario())


def _fill_in(value: object, base: str) -> object:
    if isinstance(value, tuple):
        return tuple(_fill_in(each, base) for each in value)
    return value.replace("BASE", base) if isinstance(value, str) else value


def test_ways_a_wiki_becomes_text_with_revision_and_licence(tmp_path: Path) -> None:
    """The title leads to the article, whose address is the one people see."""
    wiki = FakeWiki(FakeArticle("Tax in Bali", f"<p>{SENTENCE}</p>", revision=9))
    (page,) = served(
        wiki,
        tmp_path,
        kind="wikipedia",
        url="BASE/w/rest.php",
        titles=("Tax in {entity}",),
        entities=("Bali",),
    )
    assert page.text == f"# Tax in Bali\n\n{SENTENCE}"
    assert (page.revision, page.url) == ("9", wiki.url("/wiki/Tax_in_Bali"))


def test_ways_an_extractor_becomes_text_under_the_pages_address(
    tmp_path: Path,
) -> None:
    """What it extracts is read as plain text."""
    server = FakeExtractor({"https://tax.example/": SENTENCE})
    (page,) = served(
        server, tmp_path, kind="extractor", url="BASE", urls=("https://tax.example/",)
    )
    assert page.text == SENTENCE


def test_ways_files_of_every_kind_become_text(tmp_path: Path) -> None:
    """Markdown, text, pages and PDFs from the disk, each by its reader."""
    (tmp_path / "1.md").write_text(f"# Tax\n\n{SENTENCE}")
    (tmp_path / "2.txt").write_bytes(f"Währung\n\n{SENTENCE}".encode("cp1252"))
    (tmp_path / "3.html").write_text(f"<h1>Tax</h1><p>{SENTENCE}</p>")
    (tmp_path / "4.pdf").write_bytes(pdf_file([[SENTENCE]]))
    spec = SourceSpec("x", "files", paths=("*",))
    pages = read_all(spec, tmp_path)
    assert len(pages) == 4
    assert all(SENTENCE in page.text for page in pages)
    assert "Währung" in pages[1].text


@pytest.mark.parametrize(
    "content_type", ["application/pdf", "application/octet-stream", "text/html"]
)
def test_ways_a_pdf_is_known_by_its_first_bytes(
    tmp_path: Path, content_type: str
) -> None:
    """Servers mislabel PDFs; the file says what it is."""
    page = FakePage(pdf_file([[SENTENCE]]), content_type=content_type)
    site = FakeSite({"/law": page})
    (found,) = served(site, tmp_path, kind="page", url="BASE/law")
    assert found.text == SENTENCE


def test_find_reader_goes_by_source_then_bytes_then_type() -> None:
    """What the source names wins; an unknown type is read as a page."""
    assert find_reader("wikipedia", "text/html", b"%PDF-1.4") == "wikipedia"
    assert find_reader("", "text/html", b"\n%PDF-1.4") == "pdf"
    assert find_reader("", "text/markdown", b"# x") == "markdown"
    assert find_reader("", "", b"<p>") == "extract"
