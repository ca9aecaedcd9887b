"""opening: a phrase of a sentence that another wording of it can begin with.

Asked for other words alone a small model copies the sentence; told how to begin it
turns the sentence round, and keeps the words that the check compares.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from subak.knowledge.articles.proposition import Proposition
from subak.knowledge.text.language import language_of

_NAME = r"[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)*"
# When, then where: of several phrases the first of the sentence.
_PHRASES: Mapping[str, tuple[str, ...]] = {
    "en": (
        r"(?:on|since|from|until|by|as of) \d{1,2} [A-Z][a-z]+ \d{4}",
        r"(?:in|since|until|by|during) (?:[A-Z][a-z]+ )?\d{4}",
        rf"in (?:the )?{_NAME}",
        r"(?:through|under|within|during|before|after|for|at) [^,;]+(?=\.$)",
    ),
    "it": (
        r"(?:il|dal|fino al|entro il) \d{1,2}º? [a-z]+ \d{4}",
        r"(?:nel|dal|fino al|entro il|a) (?:[a-z]+ )?\d{4}",
        rf"(?:a|in) {_NAME}",
    ),
    "id": (
        r"(?:pada|sejak|mulai|hingga|sampai) (?:tanggal )?\d{1,2} [A-Z][a-z]+ \d{4}",
        r"(?:pada|sejak|mulai|hingga|sampai) (?:tahun )?(?:[A-Z][a-z]+ )?\d{4}",
        rf"di {_NAME}",
    ),
}
_LEAST_BEFORE = 4
# "Italy recognizes dual citizenship.": a plain verb and what it is done to.
_OBJECT = re.compile(
    rf"{_NAME} (?:does not \w+|\w+(?<!i)s) (?P<object>[a-z]\w+(?: [a-z]\w+){{0,3}})\."
)
_NOT_DONE = frozenset({"is", "was", "has", "as", "its"})


def beginning(one: Proposition) -> str:
    """Return how another wording of a proposition can begin, "" where none can.

    A yes or no begins with what it is about: "Citizenship by birth is not ...".
    """
    if not isinstance(one.value, bool):
        return opening(one.text)
    title = one.line.split(" | ")[1]
    if title.casefold() not in one.text.casefold():
        return ""
    return f"{title[:1].upper()}{title[1:]}"


def opening(text: str) -> str:
    """Return a phrase of time or place from within a sentence, "" for none.

    With a capital and a comma: "On 1 July 2025,"; else, without, what something is
    done to: "Dual citizenship".
    """
    for form in _PHRASES.get(language_of(text).code, ()):
        found = re.search(rf"(?<=[\w%,)] )\b{form}\b(?![.,]\d)", text)
        if found and found.start() >= _LEAST_BEFORE:
            phrase = found[0]
            return f"{phrase[:1].upper()}{phrase[1:]},"
    plain = _OBJECT.fullmatch(text)
    if plain and language_of(text).code == "en" and _NOT_DONE.isdisjoint(text.split()):
        return f"{plain['object'][:1].upper()}{plain['object'][1:]}"
    return ""


def without_echo(text: str, source: str, begins: str) -> str:
    """Return a wording without what it begins with, where it says that once more.

    "In Japan, people live in Japan for 5 years" had it once in its source.
    """
    phrase = begins.rstrip(",")
    if not phrase or not re.match(rf"{re.escape(phrase)}(?!\w)", text):
        return text
    again = re.compile(rf"\s+{re.escape(phrase)}(?!\w)", re.IGNORECASE)
    if len(again.findall(f" {source}")) != 1:
        return text
    return phrase + again.sub("", text[len(phrase) :], count=1)


def is_turned(text: str, one: Proposition) -> bool:
    """Tell whether a wording says of what it begins with that it is done, or not.

    "Citizenship by birth does not grant citizenship" has the words of its source.
    """
    begins = beginning(one)
    if begins.endswith(","):
        return True
    passive = rf"{re.escape(begins)} (?:is|are) (?:not )?\w+(?:ed|en|wn) "
    return re.match(passive, text) is not None
