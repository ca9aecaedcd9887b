"""has_plain_data: whether a page that looks empty has its text in its source.

Asked before a browser is started; ``shell_text`` reads that text in the workers.
"""

from __future__ import annotations

import re

_LOOKED_AT = 1_000_000  # bytes; a larger page is worth its browser
_ARTICLE_BODY = re.compile(rb'"articleBody"\s{0,9}:\s{0,9}"(?:[^"\\]|\\.){400}')
_UNSEEN = re.compile(
    rb"<(head|script|style|noscript|template)\b.*?(?:</\1\s*>|\Z)|<[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_LETTER = re.compile(rb"[a-z\x80-\xff]", re.IGNORECASE)
_FEW_LETTERS = 15  # with fewer the extraction turns to the data too


def has_plain_data(body: bytes) -> bool:
    """Tell whether HTML without visible text gives its article as linked data."""
    if len(body) > _LOOKED_AT or not _ARTICLE_BODY.search(body):
        return False
    return len(_LETTER.findall(_UNSEEN.sub(b"", body))) < _FEW_LETTERS
