"""file_name: any text as a file name that is safe on every system, and unique."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LOOKS_HASHED = re.compile(r"(?:^|-)[0-9a-f]{10}$")
_RESERVED = re.compile(r"con|prn|aux|nul|clock|(?:com|lpt)[0-9]")
_LONGEST = 64


def file_name(text: str) -> str:
    """Return ``text`` as a name of lower-case ASCII letters, digits and dashes.

    A text that is such a name already stays as it is. Any other gets its readable
    part and a hash, so that texts that differ only in case, accents, composition,
    direction marks or punctuation never share a file. Names the hash could produce
    are not plain, so the two kinds cannot meet.
    """
    if _is_plain(text):
        return text
    encoded = text.encode("utf-8", "surrogatepass")
    mark = hashlib.blake2b(encoded, digest_size=5).hexdigest()
    return f"{_readable(text)}-{mark}"


def _is_plain(text: str) -> bool:
    return (
        len(text) <= _LONGEST
        and _PLAIN.fullmatch(text) is not None
        and _RESERVED.fullmatch(text) is None
        and _LOOKS_HASHED.search(text) is None
    )


def _readable(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text[:400]).casefold()
    words = re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]", "", folded))
    return "-".join(words)[:40].strip("-") or "item"
