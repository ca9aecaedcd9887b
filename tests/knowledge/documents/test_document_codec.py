"""Documents in the journal by reference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from subak.errors import Terminal
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.documents.document_codec import DocumentCodec
from tests.knowledge.documents.test_archive import DOCUMENT, TEXT, Opened, within


def test_document_codec_leaves_the_text_to_the_archive(tmp_path: Path) -> None:
    """The bytes lack the text; another process gets the whole document of them."""

    async def scenario(opened: Opened) -> None:
        kept = await opened.archive.keep(DOCUMENT, body="")
        data = DocumentCodec(opened.archive).encode(kept)
        assert b"VAT" not in data
        assert DocumentCodec(opened.archive).decode(data) == kept
        assert kept.text == TEXT

    within(tmp_path, scenario)


def test_document_codec_tells_any_two_documents_apart(tmp_path: Path) -> None:
    """Equal documents give equal bytes, other texts and labels other ones."""

    async def scenario(opened: Opened) -> None:
        codec = DocumentCodec(opened.archive)
        other = TEXT + " Nothing else."
        texts = replace(DOCUMENT, id=document_id(DOCUMENT.url, other), text=other)
        labels = replace(DOCUMENT, category="visa")
        data = [codec.encode(each) for each in (DOCUMENT, texts, labels)]
        assert len(set(data)) == 3
        assert codec.encode(replace(DOCUMENT)) == data[0]
        assert [codec.decode(each) for each in data] == [DOCUMENT, texts, labels]

    within(tmp_path, scenario)


def test_document_codec_reads_what_earlier_versions_wrote(tmp_path: Path) -> None:
    """Bytes with the text in them need no archive."""

    async def scenario(opened: Opened) -> None:
        data = JsonCodec(Document).encode(DOCUMENT)
        assert DocumentCodec(opened.archive).decode(data) == DOCUMENT

    within(tmp_path, scenario)


def test_document_codec_finds_any_of_many(tmp_path: Path) -> None:
    """What it remembers of the last ones takes nothing from the others."""

    async def scenario(opened: Opened) -> None:
        codec = DocumentCodec(opened.archive)
        texts = [f"Text number {number} of a site." for number in range(50)]
        documents = [
            replace(DOCUMENT, id=document_id(DOCUMENT.url, text), text=text)
            for text in texts
        ]
        kept = [await opened.archive.keep(each, body="") for each in documents]
        data = [codec.encode(each) for each in kept]
        assert [codec.decode(each) for each in data] == kept

    within(tmp_path, scenario)


def test_document_codec_says_what_is_lost(tmp_path: Path) -> None:
    """A text the archive lacks makes the result unreadable, so that it is made anew."""

    async def scenario(opened: Opened) -> None:
        data = DocumentCodec(opened.archive).encode(DOCUMENT)
        with pytest.raises(Terminal, match="has it no more") as lost:
            DocumentCodec(opened.archive).decode(data)
        assert lost.value.where == DOCUMENT.url

    within(tmp_path, scenario)


def test_document_codec_takes_a_damaged_text_for_lost(tmp_path: Path) -> None:
    """Damage in the archive costs the result, not the run."""

    async def scenario(opened: Opened) -> None:
        kept = await opened.archive.keep(DOCUMENT, body="")
        data = DocumentCodec(opened.archive).encode(kept)
        damage = "UPDATE document SET checksum = x'00'"
        await opened.store.write(lambda connection: connection.execute(damage).get)
        with pytest.raises(Terminal, match="damaged"):
            DocumentCodec(opened.archive).decode(data)

    within(tmp_path, scenario)
