"""What of a passage is embedded, and the key its vector is kept under."""

from __future__ import annotations

import hashlib
import re

from subak.knowledge.search.passage import Passage

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s.*$", re.MULTILINE)
_BLANK = re.compile(r"\s+")


def wording(title: str, heading: str, text: str) -> str:
    """Return a passage as an embedder reads it: what it stands under, then its text."""
    body = _BLANK.sub(" ", _HEADING.sub(" ", text)).strip()
    above = heading if title in heading else f"{title} > {heading}".rstrip("> ")
    return ": ".join(part for part in (above, body) if part)


def wording_key(title: str, passage: Passage) -> str:
    """Return a hash of a passage's wording, 32 hex digits; equal texts share it."""
    text = wording(title, passage.heading, passage.text)
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).hexdigest()
