"""Markers: what proves that a page was read, and read in the right charset."""

from __future__ import annotations

import re
import zlib

from bench.farm.mix import CHARSETS
from bench.farm.site import Site

_MARKER = re.compile(r"\[\[s\d{4}:[^\]\[]*\]\]")
_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)
_IN_PDF = "plain letters only"


def article_marker(site: Site, number: int, version: int, *, is_pdf: bool) -> str:
    """Return the marker of an article."""
    sample = _IN_PDF if is_pdf else CHARSETS[site.charset]
    return f"[[{site.name}:a{number:03d}:v{version}:{sample}]]"


def front_marker(site: Site, day: int) -> str:
    """Return the marker of a front page."""
    return f"[[{site.name}:front:v{day}:{CHARSETS[site.charset]}]]"


def find_markers(text: str) -> set[str]:
    """Return the markers in a text."""
    return set(_MARKER.findall(text))


def find_pdf_markers(body: bytes) -> set[str]:
    """Return the markers in a PDF of the farm, without reading PDF."""
    found: set[str] = set()
    for packed in _STREAM.findall(body):
        found |= find_markers(zlib.decompress(packed).decode("ascii", "replace"))
    return found
