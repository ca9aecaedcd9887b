"""Money names: a country's currency by the registry's name, where the document has it.

"The Hong Kong dollar is linked to ..." names it without the word "currency".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from subak.knowledge.facts.candidates import Candidate, Search
from subak.knowledge.facts.frame import object_to_frame
from subak.knowledge.facts.identity import code_of
from subak.knowledge.facts.mention import Mention, Nearness, Topic
from subak.knowledge.facts.place import other_column
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span, Word, fold, read_words, stem, stems

_LOCALES = ("en", "it", "id", "de", "es", "fr")
_CURRENCY_WORDS = (
    "currency", "money", "valuta", "moneta", "mata uang", "währung", "moneda",
    "monnaie", "devise",
)  # fmt: skip
_CURRENCY = frozenset(stems(each) for each in _CURRENCY_WORDS)
# Says which pound without naming a country.
_NEUTRAL = frozenset(stems("sterling"))
# Nouns of several moneys, or common words: alone they don't name one.
_SHARED_TEXT = (
    "dollar pound peso franc rupee dinar krona krone crown shilling riyal rial lira "
    "ruble manat real won som mark dirham escudo guilder"
)
_SHARED = frozenset(stem(word) for word in _SHARED_TEXT.split())
# Stands before a code, which is one in capitals only: "ALL", not "all".
_CODE = "="
# "Bermudian" is what a registry calls "Bermudan".
_LIKE = 6
_GONE = re.compile(
    r"\b(?:replaced|abolished|gave\s+way|history|until|withdrawn|former|no\s+longer"
    r"|sostituit\w+|cessat\w+|vecchi[oae]|fino\s+al|digantikan|dahulu)\b",
    re.IGNORECASE,
)
_CODE_BEHIND = re.compile(r"\s*\(\s*(?P<code>[A-Z]{3})\s*\)")

_Name = tuple[str, ...]


def asks_for_money(topic: Topic) -> bool:
    """Tell whether a field asks for a currency."""
    return topic.field.kind == "text" and not _CURRENCY.isdisjoint(topic.phrases)


def find_money(search: Search, topic: Topic, proposed: str) -> Candidate | None:
    """Return where the document names its country's currency as it was proposed."""
    if not search.country or not asks_for_money(topic):
        return None
    wanted = _wanted(proposed, search.country)
    said = frozenset(wanted) - _NEUTRAL
    if not said or not any(said <= set(name) for name in _names(search.country)):
        return None
    for unit in _units(search, is_full=len(wanted) > 1):
        if span := _run(unit, wanted, search.country):
            return Candidate(unit, span, Mention(Nearness.SPREAD, (span,)))
    return None


def read_money(search: Search, topic: Topic) -> Candidate | None:
    """Return where the document names its country's currency beyond doubt, or None.

    By a full name, a code, or a noun that no other money shares.
    """
    if not search.country or not asks_for_money(topic):
        return None
    plain = [name for name in _names(search.country) if not _is_shared(name)]
    for name in sorted(plain, key=len, reverse=True):
        for unit in _units(search, is_full=len(name) > 1):
            span = _run(unit, name, search.country)
            is_gone = _GONE.search(unit.text)
            if span and not is_gone and not object_to_frame(unit, span):
                return Candidate(unit, span, Mention(Nearness.SPREAD, (span,)))
    return None


def as_money(search: Search, topic: Topic, candidate: Candidate) -> Candidate | str:
    """Return a run of words as a money's name, or why it names another country's.

    A code in brackets behind it belongs to it; a plural is told in the singular.
    """
    if not search.country or not asks_for_money(topic):
        return candidate
    place, unit = candidate.place, candidate.unit
    said = frozenset(
        word.stem for word in read_words(unit.text[place.start : place.end])
    )
    said -= _NEUTRAL
    is_own = any(
        set(name) >= said or (set(name) <= said and not _is_shared(name))
        for name in _names(search.country)
    )
    named = read_money(search, topic)
    if said <= _SHARED:
        # "Dollar" alone may be any: the full name tells, where the text has it.
        candidate = named or candidate
        place, unit = candidate.place, candidate.unit
        return replace(candidate, place=_closed(unit.text, place, search.country))
    if is_own:
        return replace(candidate, place=_closed(unit.text, place, search.country))
    if named:
        stated = named.unit.text[named.place.start : named.place.end]
        return f"the text names the country's own currency, {stated}"
    return candidate


def units_naming_money(search: Search, topic: Topic) -> Iterator[ReadUnit]:
    """Yield units with a word of the currency's names, for a field that asks for it."""
    if not search.country or not asks_for_money(topic):
        return
    known = {word for name in _names(search.country) for word in name}
    known -= {*_NEUTRAL, *stems(search.country)}
    for unit in _units(search):
        if any(word.stem in known for word in unit.words):
            yield unit


def _units(search: Search, *, is_full: bool = False) -> Iterator[ReadUnit]:
    """Yield the document's own units first, then those that name others beside it.

    Args:
        is_full: A name of several words, "Canadian dollar", says itself whose it is.
    """
    own = {unit.order for unit in search.own_units}
    yield from search.own_units
    for unit in search.reading.units:
        is_prose = is_full and unit.unit.kind != "row"
        if unit.order not in own and (is_prose or not search.is_foreign(unit)):
            yield unit


def _wanted(said: str, country: str) -> list[str]:
    """Return the stems of a money's name; its code, if it is that."""
    code = said.strip().upper()
    if (_CODE + code,) in _names(country):
        return [_CODE + code]
    return [word.stem for word in read_words(said)]


def _run(unit: ReadUnit, wanted: _Name | list[str], country: str) -> Span | None:
    longest = max(wanted, key=len)
    if fold(longest.removeprefix(_CODE))[:_LIKE] not in _folded(unit.text):
        return None
    words = read_words(unit.text)
    for index in range(len(words) - len(wanted) + 1):
        run = words[index : index + len(wanted)]
        if all(map(_says, run, wanted)):
            span = Span(run[0].start, run[-1].end)
            if not other_column(unit, span, country):
                return _closed(unit.text, span, country)
    return None


def _says(word: Word, wanted: str) -> bool:
    """A code is one in capitals only: "ALL", not "all"."""
    if wanted.startswith(_CODE):
        return word.text == wanted.removeprefix(_CODE)
    if len(wanted) > _LIKE:
        return word.stem[:_LIKE] == wanted[:_LIKE]
    return word.stem == wanted


def _closed(text: str, span: Span, country: str) -> Span:
    match = _CODE_BEHIND.match(text, span.end)
    if match and (_CODE + match["code"],) in _names(country):
        return Span(span.start, match.end())
    last = read_words(text[span.start : span.end])[-1:]
    singular = [fold(word.text)[:-1] for word in last if word.text.endswith("s")]
    if any(word in _nouns(country) for word in singular):
        return Span(span.start, span.end - 1)
    return span


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return fold(text)


def _is_shared(name: _Name) -> bool:
    """Tell whether a name is but a noun that several moneys have."""
    return len(name) == 1 and name[0] in _SHARED


@lru_cache(maxsize=256)
def _names(country: str) -> tuple[_Name, ...]:
    """Return the words of each name, code and noun of a country's currencies."""
    from babel.numbers import get_currency_name, get_territory_currencies

    territory = code_of(country)
    if not territory:
        return ()
    found: dict[_Name, None] = {}
    for currency in get_territory_currencies(territory):
        for locale in _LOCALES:
            for count in (None, 2):
                name = get_currency_name(currency, count=count, locale=locale)
                found[tuple(word.stem for word in read_words(name))] = None
        found[(_CODE + currency,)] = None
        found |= dict.fromkeys((stem(noun),) for noun in _nouns_of(currency))
    return tuple(name for name in found if name)


@lru_cache(maxsize=256)
def _nouns(country: str) -> frozenset[str]:
    from babel.numbers import get_territory_currencies

    listed = get_territory_currencies(code_of(country)) if code_of(country) else ()
    return frozenset(noun for each in listed for noun in _nouns_of(each))


def _nouns_of(currency: str) -> tuple[str, ...]:
    """Return the noun of a money's English name: "shilling" of "Kenyan Shilling"."""
    from babel.numbers import get_currency_name

    words = read_words(get_currency_name(currency, locale="en"))
    return tuple(fold(word.text) for word in words[-1:])
