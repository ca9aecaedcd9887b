"""read_document: a file becomes the Document that a run would make of it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

import msgspec

from subak.errors import UserError
from subak.knowledge.documents.document import Document, document_id
from subak.sources.raw_page import RawPage, ReadPage
from subak.sources.readers import FUNCTIONS, find_reader

TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".htm": "text/html",
        ".html": "text/html",
        ".markdown": "text/markdown",
        ".md": "text/markdown",
        ".pdf": "application/pdf",
        ".text": "text/plain",
        ".txt": "text/plain",
    }
)


def read_document(
    path: Path, *, entity: str = "", language: str = "", category: str = ""
) -> Document:
    """Return the document in a file, read by the reader of its format.

    Args:
        entity: What it is about, "" when only its text tells.
        language: Its language where it doesn't say so itself.

    Raises:
        UserError: The file cannot be read, or is of a format nothing reads.
        UnusableContent: There is no text in it.
    """
    content_type = TYPES.get(path.suffix.lower())
    if content_type is None:
        raise UserError(
            f"files that end in '{path.suffix}' are not read",
            where=str(path),
            hint=f"give one that ends in {', '.join(TYPES)}",
        )
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read it: {error}", where=str(path)) from error
    # Its name alone: the same document is the same wherever it lies.
    page = RawPage(f"file:{path.name}", body, content_type)
    module, _, name = FUNCTIONS[find_reader("", content_type, body)].partition(":")
    answer = getattr(import_module(module), name)(msgspec.msgpack.encode(page))
    read = msgspec.msgpack.decode(answer, type=ReadPage)
    return Document(
        id=document_id(page.url, read.text),
        url=page.url,
        title=read.title,
        text=read.text,
        language=read.language or language,
        published=read.published,
        entity=entity,
        category=category,
    )
