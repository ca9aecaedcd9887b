"""Place names: every country in the languages that are compared, as one sense each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale

_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


@lru_cache(maxsize=4)
def place_names(code: str) -> Mapping[str, str]:
    """Return the class of each country by its name in that language, in lower case."""
    found: dict[str, str] = {}
    for territory, name in Locale(code).territories.items():
        if len(territory) == 2 and territory not in _NO_COUNTRY:
            found[name.lower().replace("’", "'")] = f"cc_{territory.lower()}"
    return found
