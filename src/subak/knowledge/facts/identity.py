"""Identity: what a document is about, by its source, a registry or its title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from subak.knowledge.documents.document import Document
from subak.knowledge.text.words import fold, read_words

_LANGUAGES = ("en", "it", "id")
# Everyday names that neither registry holds.
_ALIASES = {
    "turkey": "TR", "uk": "GB", "great britain": "GB", "britain": "GB", "usa": "US",
    "us": "US", "ivory coast": "CI", "burma": "MM", "cape verde": "CV",
    "vatican": "VA", "democratic republic of congo": "CD", "north macedonia": "MK",
    "korea": "KR", "corea": "KR",
}  # fmt: skip
_EDGE = re.compile(r"^[\s#*|:-]+|[\s*|:.-]+$")


def entity_of(document: Document, entity_kind: str = "") -> str:
    """Return what the document is about.

    The source's word wins; of countries the one the title names is next; the title is
    the last resort.
    """
    if document.entity:
        return document.entity
    if entity_kind in ("", "country"):
        return find_country(document.title, whole=False) or document.title
    return document.title


def find_country(text: str, *, whole: bool) -> str:
    """Return the one country a text names, in English; "" for none or several.

    Args:
        text: A title, a heading or a table cell.
        whole: Accept only a text that is nothing but the name.
    """
    folded = fold(_EDGE.sub("", text))
    if not folded:
        return ""
    names, pattern = _registry()
    if whole:
        return names.get(folded, "")
    found = {names[match.group()] for match in pattern.finditer(folded)}
    return found.pop() if len(found) == 1 else ""


def code_of(country: str) -> str:
    """Return the two letters of a country by its English name, "" for none."""
    import pycountry

    try:
        found = pycountry.countries.lookup(country)
    except LookupError:
        return _ALIASES.get(fold(country), "")
    return str(found.alpha_2)


@lru_cache(maxsize=512)
def country_of_code(code: str) -> str:
    """Return the country of two or three letters by its English name, "" for none."""
    import pycountry

    if len(code) == 2:
        found = pycountry.countries.get(alpha_2=code)
    else:
        found = pycountry.countries.get(alpha_3=code)
    return find_country(found.name, whole=True) if found else ""


@dataclass(frozen=True, slots=True)
class NamedCountry:
    """A country and where a text names it."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def named_countries(text: str) -> tuple[NamedCountry, ...]:
    """Return the countries a text names, in order; only capitalised words are names."""
    words = read_words(text)
    folded = [fold(word.text) for word in words]
    found: list[NamedCountry] = []
    for index, word in enumerate(words):
        if not word.text[:1].isupper() or (found and word.start < found[-1].end):
            continue
        for name, country in _by_first_word().get(folded[index], ()):
            last = index + len(name) - 1
            if tuple(folded[index : last + 1]) == name:
                found.append(NamedCountry(country, word.start, words[last].end))
                break
    return tuple(found)


@cache
def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return the registry's names by their first word, longest first."""
    names, _ = _registry()
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, country in names.items():
        words = tuple(fold(word.text) for word in read_words(name))
        # "us" is a pronoun wherever it isn't written as a name is.
        if words and words != ("us",):
            index.setdefault(words[0], []).append((words, country))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


@cache
def _registry() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return name -> English name, and the pattern of all names, longest first."""
    # Two registries of some 250 rows each: read only by documents without an entity
    # and by tables.
    import pycountry
    from babel import Locale

    local = [Locale(language).territories for language in _LANGUAGES]
    names: dict[str, str] = {}
    for country in pycountry.countries:
        code = country.alpha_2
        short = str(getattr(country, "common_name", country.name))
        plain = next(iter(_turned(short)), short)
        if "(" in short:
            plain = str(local[0].get(code, short))
        spoken = [plain, country.name, getattr(country, "official_name", "")]
        spoken += _turned(country.name)
        spoken += [str(territories.get(code, "")) for territories in local]
        spoken += [alias for alias, owner in _ALIASES.items() if owner == code]
        for name in spoken:
            if name:
                names.setdefault(fold(name), plain)
    ordered = sorted(names, key=len, reverse=True)
    alternatives = "|".join(re.escape(name) for name in ordered)
    return names, re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


def _turned(name: str) -> list[str]:
    """Return "Congo, The Democratic Republic of the" in reading order."""
    head, comma, tail = name.partition(", ")
    if not comma:
        return []
    return [f"{tail.removeprefix('The ')} {head}", f"{tail} {head}"]
