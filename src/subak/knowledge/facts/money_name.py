"""Money names: a country's currency by the registry's name, where the document has it.

"The Hong Kong dollar is linked to ..." names it without the word "currency".
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from subak.knowledge.facts.candidates import Candidate, Search
from subak.knowledge.facts.identity import code_of
from subak.knowledge.facts.mention import Mention, Nearness, Topic
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span, fold, read_words, stems

_LOCALES = ("en", "it", "id", "de", "es", "fr")
_CURRENCY_WORDS = (
    "currency", "money", "valuta", "moneta", "mata uang", "währung", "moneda",
    "monnaie", "devise",
)  # fmt: skip
_CURRENCY = frozenset(stems(each) for each in _CURRENCY_WORDS)
# Says which pound without naming a country.
_NEUTRAL = frozenset(stems("sterling"))


def find_money(search: Search, topic: Topic, proposed: str) -> Candidate | None:
    """Return where the document names its country's currency as it was proposed."""
    if not search.country or _CURRENCY.isdisjoint(topic.phrases):
        return None
    wanted = [word.stem for word in read_words(proposed)]
    names = _names(search.country)
    said = frozenset(wanted) - _NEUTRAL
    if not said or not any(said <= name for name in names):
        return None
    for unit in search.own_units:
        if span := _run(unit.text, wanted):
            said_so = unit.text[span.start : span.start + len(proposed)]
            if fold(said_so) == fold(proposed):
                span = Span(span.start, span.start + len(proposed))
            return Candidate(unit, span, Mention(Nearness.SPREAD, (span,)))
    return None


def units_naming_money(search: Search, topic: Topic) -> Iterator[ReadUnit]:
    """Yield units with a word of the currency's names, for a field that asks for it."""
    if not search.country or _CURRENCY.isdisjoint(topic.phrases):
        return
    known = {word for name in _names(search.country) for word in name}
    known -= {*_NEUTRAL, *stems(search.country)}
    for unit in search.own_units:
        if any(word.stem in known for word in unit.words):
            yield unit


def _run(text: str, wanted: list[str]) -> Span | None:
    words = read_words(text)
    for index in range(len(words) - len(wanted) + 1):
        run = words[index : index + len(wanted)]
        if [word.stem for word in run] == wanted:
            return Span(run[0].start, run[-1].end)
    return None


@lru_cache(maxsize=256)
def _names(country: str) -> tuple[frozenset[str], ...]:
    """Return the words of each name and code of a country's currencies."""
    from babel.numbers import get_currency_name, get_territory_currencies

    territory = code_of(country)
    if not territory:
        return ()
    found: set[frozenset[str]] = set()
    for currency in get_territory_currencies(territory):
        found.add(frozenset(stems(currency)))
        for locale in _LOCALES:
            for count in (None, 2):
                name = get_currency_name(currency, count=count, locale=locale)
                found.add(frozenset(word.stem for word in read_words(name)))
    return tuple(found)
