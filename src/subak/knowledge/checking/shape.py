"""What a published sentence may look like, whatever it says.

Returns reasons in words, "" for none; knows nothing of facts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MAX_CHARS = 500
_URL = re.compile(
    r"\b(?:https?|ftp|file|data|javascript|mailto):\S|\bwww\.\w"
    r"|\b[\w-]+\.(?:com|org|net|info|io|gov|edu|eu|co|it|id|de|biz|xyz)\b(?:/|(?!\w))",
    re.IGNORECASE,
)
_HTML = re.compile(r"<[a-z!/?]|<\s*/?[a-z][^<>]*>|&(?:[a-z]+|#\w+);", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"\]\(|!\[|\[\[|^\s*(?:#{1,6}\s|[-*+]\s|>|\d+[.)]\s)|[`*_~]{2}|`"
)
_CONTROL = re.compile(r"<\||\|>|\[/?INST\]|<<|>>|\{\{|\{%")
_CITATION = re.compile(r"\[\d+\]")
_CHATTER = re.compile(
    r"\b(?:as an? (?:ai|(?:large )?language model|assistant)|here (?:is|are)|let me"
    r"|i (?:am|can|cannot|have|will|would|do)|please|note that|sure\b|certainly\b"
    r"|ignore (?:all|any|previous|the|these)|in (?:summary|conclusion)|the (?:text|"
    r"statement|document|proposition|sentence|source)s? (?:says?|states?|above|below)"
    r"|rewritten|ecco|ecco la|come modello|berikut (?:ini|adalah)|sebagai model)\b",
    re.IGNORECASE,
)
_UNPLAIN = (
    (re.compile(r"\|"), "is a table row"),
    (_CITATION, "holds a citation mark"),
    (_CHATTER, "speaks to the reader"),
    (re.compile(r"^\s*[a-zà-öø-ÿ]"), "does not begin like a sentence"),
)
_STOP = re.compile(r"(?P<word>[\w.]*)[.!?…]+[\"'”’)\]]*\s+(?=\S)")
_ABBREVIATION = re.compile(
    r"approx|art|ca|dr|e\.g|est|etc|i\.e|incl|mr|mrs|no|nr|st|vs", re.IGNORECASE
)


def markup_problem(text: str) -> str:
    """Return why a text must not be published as it stands; "" when it may.

    Links come from the source list only, so any address or markup is refused.
    """
    if any(_is_invisible(char) for char in text):
        return "holds invisible or control characters"
    for pattern, reason in (
        (_URL, "holds an address"),
        (_CONTROL, "holds control marks"),
        (_HTML, "holds HTML"),
        (_MARKDOWN, "holds Markdown"),
    ):
        if pattern.search(text):
            return reason
    return ""


def shape_problem(sentence: str, source: str, names: Sequence[str]) -> str:
    """Return why a text is no plain single sentence; "" when it is one."""
    if not sentence.strip():
        return "is empty"
    if len(sentence) > min(MAX_CHARS, 3 * len(source) + 60):
        return "is too long"
    if "\n" in sentence:
        return "is more than one line"
    if problem := markup_problem(sentence):
        return problem
    for pattern, reason in _UNPLAIN:
        if pattern.search(sentence):
            return reason
    if sentence.rstrip().endswith(("?", "!", "…", "...", ":")):
        return "is no statement"
    if _stops(sentence, source, names):
        return "is more than one sentence"
    return ""


def _stops(sentence: str, source: str, names: Sequence[str]) -> bool:
    for name in sorted(names, key=len, reverse=True):
        if "." in name:
            sentence = sentence.replace(name, name.replace(".", ""))
    for match in _STOP.finditer(sentence):
        word = match["word"]
        known = _ABBREVIATION.fullmatch(word)
        initials = re.fullmatch(r"(?:\w\.)*\w", word) and not word.isdigit()
        if not (known or initials or (word and f"{word}. " in source)):
            return True
    return False


def _is_invisible(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"}
