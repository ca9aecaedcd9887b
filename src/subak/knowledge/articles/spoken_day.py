"""spoken_day: a date as the language of an article says it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
    "it": (
        *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio"),
        *("agosto", "settembre", "ottobre", "novembre", "dicembre"),
    ),
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"),
        *("Agustus", "September", "Oktober", "November", "Desember"),
    ),
}


def spoken_day(iso: str, language: str = "en") -> str:
    """Return "1 June 2025" for "2025-06-01"; what is no date stays as it is."""
    found = _ISO.fullmatch(iso)
    months = _MONTHS.get(language.partition("-")[0].lower(), _MONTHS["en"])
    if found is None or not 1 <= int(found[2] or 1) <= len(months):
        return iso
    month = months[int(found[2]) - 1] if found[2] else ""
    day = str(int(found[3])) if found[3] else ""
    return " ".join(filter(None, (day, month, found[1])))
