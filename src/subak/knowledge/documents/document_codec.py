"""DocumentCodec: documents in the journal without their text, which the archive has."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from subak.errors import StorageError, Terminal
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.document import Document

# A value is decoded right after it was encoded, with those of neighbouring tasks.
_REMEMBERED = 16


class DocumentCodec:
    """Encode documents as what the archive finds them by, and their labels.

    Guarantees: equal documents give equal bytes, and other bytes than any other
    document, for the id is a hash of address and text; bytes that hold the text
    themselves, as earlier versions wrote them, are read as they are.
    Assumes: what is encoded was kept by the archive before.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._json = JsonCodec(Document)
        self._recent: OrderedDict[bytes, Document] = OrderedDict()

    def encode(self, value: Document) -> bytes:
        """Return all of a document but its text, as JSON."""
        data = self._json.encode(replace(value, text=""))
        self._remember(data, value)
        return data

    def decode(self, data: bytes) -> Document:
        """Return the document with its text.

        Raises:
            Terminal: The archive has it no more, or damaged.
        """
        known = self._recent.get(data)
        if known is not None:
            return known
        found = self._json.decode(data)
        if not found.text:
            found = replace(found, text=self._text(found))
            self._remember(data, found)
        return found

    def _text(self, document: Document) -> str:
        try:
            stored = self._archive.find(document.id)
        except StorageError as error:
            raise _unreadable(document, error.message) from error
        if stored is None:
            raise _unreadable(document, "the archive has it no more")
        return stored.text

    def _remember(self, data: bytes, document: Document) -> None:
        self._recent[data] = document
        if len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)


def _unreadable(document: Document, message: str) -> Terminal:
    return Terminal(
        f"the text of a document cannot be read: {message}",
        where=document.url,
        hint="subak run RECIPE --refresh extract reads it anew",
    )
