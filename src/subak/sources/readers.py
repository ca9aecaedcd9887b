"""The functions that run in workers, and which media type each of them reads.

A further format is one file with a function ``bytes -> bytes`` and its lines here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "extract": "subak.sources.extract_page:extract_page",
        "sitemap": "subak.sources.read_sitemap:read_sitemap",
    }
)

READERS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(
        (
            "text/html",
            "application/xhtml+xml",
            "text/plain",
            "application/xml",
            "text/xml",
        ),
        "extract",
    )
)
