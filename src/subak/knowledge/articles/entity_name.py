"""entity_name: what an entity is called in the language of an article."""

from __future__ import annotations

from functools import lru_cache

from subak.knowledge.facts.identity import code_of, find_country

_TRANSLATED = frozenset({"it", "id"})


@lru_cache(maxsize=2048)
def entity_name(entity: str, language: str) -> str:
    """Return a country's name in Italian or Indonesian; anything else as it is."""
    code = language.partition("-")[0].lower()
    if code not in _TRANSLATED or not find_country(entity, whole=True):
        return entity
    from babel import Locale

    named = Locale(code).territories.get(code_of(entity), "")
    return str(named) or entity
