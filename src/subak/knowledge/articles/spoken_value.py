"""spoken_value: a value with its unit, as the language of an article writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from subak.knowledge.articles.phrases import phrases_of
from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.facts.statement import format_value
from subak.knowledge.text.number_form import localised

# Between the bounds of a range, and the commonest units of recipes in English.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "it": {
        "up to": "fino a",
        "above": "oltre",
        "from": "da",
        "to": "a",
        "years": "anni",
        "year": "anno",
        "months": "mesi",
        "days": "giorni",
        "day": "giorno",
        "of GDP": "del PIL",
        "of the population": "della popolazione",
        "of installed capacity": "della capacità installata",
    },
    "id": {
        "up to": "sampai",
        "above": "di atas",
        "from": "dari",
        "to": "sampai",
        "years": "tahun",
        "year": "tahun",
        "months": "bulan",
        "days": "hari",
        "day": "hari",
        "of GDP": "dari PDB",
        "of the population": "dari penduduk",
        "of installed capacity": "dari kapasitas terpasang",
    },
}


def spoken_value(value: FieldValue, unit: str, language: str) -> str:
    """Return a value as people read it, its unit after it."""
    if isinstance(value, bool):
        phrases = phrases_of(language)
        return phrases.yes if value else phrases.no
    if isinstance(value, str):
        return " ".join(value.split()).rstrip(".")
    text = localised(" ".join(format_value(value, unit).split()), language)
    words = _WORDS.get(language.partition("-")[0].lower())
    return _translated(text, words) if words else text


def _translated(text: str, words: Mapping[str, str]) -> str:
    longest = sorted(words, key=len, reverse=True)
    pattern = rf"\b(?:{'|'.join(map(re.escape, longest))})\b"
    return re.sub(pattern, lambda found: words[found[0]], text)
