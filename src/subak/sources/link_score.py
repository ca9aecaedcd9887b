"""link_score: how much a link of an index page looks like an article's."""

from __future__ import annotations

import re
from typing import Literal

Place = Literal["heading", "text", "furniture"]

ARTICLE = 3
_DATE = re.compile(r"(?:19|20)\d\d[/-]?(?:0[1-9]|1[0-2])(?:\D|\d\d|$)")
_CALENDAR = re.compile(r"calendar|kalender|calendrier|agenda", re.IGNORECASE)
_NUMBER = re.compile(r"\d{4,}|(?:^|[?&])\w*id=\w+")
_WORD_BREAK = re.compile(r"[-_+]|%20")
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_NAVIGATION = re.compile(
    r"about|accounts?|archives?|authors?|cart|categor(?:y|ies)|contact|cookies|faq|feed"
    r"|help|home|impressum|imprint|index|kategorie?|kontakt?|legal|login|logout|members?"
    r"|pages?|password|print|privacy|register|search|share|signin|signup|sitemap"
    r"|subscribe|tags?|tentang|terms|topics?|users?",
    re.IGNORECASE,
)
_SESSION = re.compile(r"(?:^|[?&;])(?:\w*sess\w*|sid|cfid|cftoken)=", re.IGNORECASE)
_LONG_TEXT = 25
_LONG_WORDS = 4
# Scripts without spaces say in 10 characters what others say in 25.
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


def link_score(path: str, text: str, place: Place) -> int:
    """Return points; ``ARTICLE`` and more is an article.

    Points: a date in the path 3; a last segment of three words 2; a number 1; a text
    as long as a headline 2; in a heading or an article's box 2. Off: in menus and
    footers 3; a word of navigation 4; a session or a calendar 6.

    Args:
        path: Path and query as the link has them.
        text: The visible text of the link.
    """
    plain, _, query = path.partition("?")
    segments = [part for part in plain.split("/") if part]
    last = _ENDING.sub("", segments[-1]) if segments else ""
    points = {"heading": 2, "text": 0, "furniture": -3}[place]
    points += 3 if _DATE.search(plain) else 0
    points += 2 if len([word for word in _WORD_BREAK.split(last) if word]) > 2 else 0
    points += 1 if _NUMBER.search(last) or _NUMBER.search(query) else 0
    points += 2 if _is_headline(text) else 0
    names = (*segments[:1], last)
    points -= 4 if any(map(_NAVIGATION.fullmatch, names)) else 0
    points -= 6 if _SESSION.search(path) or _CALENDAR.search(path) else 0
    return points


def _is_headline(text: str) -> bool:
    return (
        len(text) >= _LONG_TEXT
        or text.count(" ") >= _LONG_WORDS - 1
        or len(_DENSE.findall(text)) >= _LONG_TEXT * 2 // 5
    )
