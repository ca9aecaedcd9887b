"""The functions that run in workers, and which of them reads what.

A further format is one file with a function ``bytes -> bytes`` and its lines here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "extract": "subak.sources.extract_page:extract_page",
        "markdown": "subak.sources.read_markdown:read_markdown",
        "pdf": "subak.sources.read_pdf:read_pdf",
        "sitemap": "subak.sources.read_sitemap:read_sitemap",
        "feed": "subak.sources.read_feed:read_feed",
        "links": "subak.sources.read_links:read_links",
        "wikipedia": "subak.sources.read_wikipedia:read_wikipedia",
    }
)

READERS: Mapping[str, str] = MappingProxyType(
    {
        "application/pdf": "pdf",
        "application/x-pdf": "pdf",
        "application/xhtml+xml": "extract",
        "application/xml": "extract",
        "text/html": "extract",
        "text/markdown": "markdown",
        "text/plain": "extract",
        "text/x-markdown": "markdown",
        "text/xml": "extract",
        # What servers call a file they don't know; the PDF reader refuses others.
        "application/octet-stream": "pdf",
        "binary/octet-stream": "pdf",
    }
)

_DEFAULT = "extract"  # for a server that names no media type
_PDF = b"%PDF-"
_PDF_WITHIN = 1_024  # where readers of PDF look for its first line


def find_reader(named: str, content_type: str, body: bytes) -> str:
    """Return the name of the function that reads a body.

    Args:
        named: The reader its source names, "" for none.
    """
    if named:
        return named
    if _PDF in body[:_PDF_WITHIN]:
        return "pdf"
    return READERS.get(content_type, _DEFAULT)
