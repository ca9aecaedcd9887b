"""looks_not_found: tell a page that only says that there is no such page."""

from __future__ import annotations

import re

_MOST_CHARS = 600  # a real page about such errors says more
_SAYS = re.compile(
    r"^\W*404(?:\s*[-|:\u2013\u2014\u00b7]|\W*$)"
    r"|(?:^|\W)(?:(?:error|erreur|fehler|erro|errore)\W{0,3}404"
    r"|404\W+(?:error|page|file|not)"
    r"|(?:page|file|article|document|content)s?(?:\s\w+){0,4}\s"
    r"(?:not|n't|cannot|can't|could not)\s(?:be\s)?(?:found|available|exist)"
    r"|not\sfound|page\s(?:does\snot|doesn.t|no\slonger)\sexists?|no\slonger\savailable"
    r"|seite\s(?:wurde\s)?nicht\sgefunden|page\s(?:introuvable|non\strouv\u00e9e)"
    r"|p\u00e1gina\s(?:no|n\u00e3o)\s(?:encontrada|existe)|pagina\snon\strovata"
    r"|pagina\sniet\sgevonden|halaman\stidak\sditemukan|sivua\sei\sl\u00f6ydy"
    r"|\u0441\u0442\u0440\u0430\u043d\u0438\u0446\u0430\s\u043d\u0435\s"
    r"\u043d\u0430\u0439\u0434\u0435\u043d\u0430)(?:\W|$)",
    re.IGNORECASE,
)


def looks_not_found(title: str, text: str) -> bool:
    """Tell whether title or first line say so and there is hardly any text besides."""
    if len(text) > _MOST_CHARS:
        return False
    first = text.lstrip("# ").partition("\n")[0]
    return any(len(line) <= 100 and _SAYS.search(line) for line in (title, first))
