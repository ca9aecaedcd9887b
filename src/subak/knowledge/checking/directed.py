"""is_directed: what of a country is not what is in it: an export, a visit, a loan."""

from __future__ import annotations

from subak.knowledge.checking.sense import Part


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Stems, as English words are compared.
_DIRECTED = _set(
    "invest investment aid export import trade spend debt loan war attack embassi"
    " migrant refuge student expat foreign"
    " ambassador citizen visit remit migr troop armi border soldier tourist emigr"
    " investimento investimenti ambasciata cittadini debito ekspor impor utang"
)


def is_directed(part: Part) -> bool:
    """Tell whether it goes somewhere: an export, a visit, a loan."""
    return part.token.stem in _DIRECTED
