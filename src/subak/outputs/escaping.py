"""markdown_text: foreign text that Markdown shows as it is.

Covers CommonMark, the autolinks and footnotes of GitHub, and the marks of common
site generators (``{{``, ``{%``).
"""

from __future__ import annotations

import re

from subak.outputs.legible import legible_line

_ALWAYS = re.compile(r"[\\`*_\[\]{}<>&~|$#]")
_BLOCK = re.compile(r"^(?:[-+=:]|(?P<number>[0-9]{1,9})[.)](?=\s|$))")
# A dot inside a name and a colon before slashes make bare addresses into links.
_ADDRESS = re.compile(r"(?<=\w)\.(?=\w)(?!(?<=[0-9]\.)[0-9])|:(?=\S)|(?<=\{)%")
# GitHub looks for mail addresses after it has read the escapes, so only a character
# in between stops it: U+2060, which is not seen and breaks no line.
_MAIL = re.compile(r"@(?=\S)")


def markdown_text(text: str) -> str:
    """Return ``text`` as one line in which nothing is markup, link or HTML."""
    line = _ALWAYS.sub(r"\\\g<0>", legible_line(text))
    line = _ADDRESS.sub(r"\\\g<0>", line)
    line = _MAIL.sub("\\@\u2060", line)
    return _BLOCK.sub(_escape_last, line)


def _escape_last(match: re.Match[str]) -> str:
    start = match.group()
    return f"{start[:-1]}\\{start[-1]}"
