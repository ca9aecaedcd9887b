"""Country profiles of the World Factbook (public domain), as plain sections.

Two editions: of 2025, and of 2014/15, which the demo takes for those of an earlier day.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from subak.errors import UserError

Edition = Literal["today", "earlier"]


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


def profiled_countries() -> tuple[str, ...]:
    """Return the countries of which the demo has profiles."""
    return tuple(_editions("today"))


def load_profile(country: str, edition: Edition = "today") -> Profile:
    """Return the profile of a country in one edition.

    Raises:
        UserError: The country is not one of the demo's.
    """
    sections = _editions(edition).get(country)
    if sections is None:
        raise UserError(
            f"the demo has no country '{country}'",
            hint=f"it has {', '.join(profiled_countries())}",
        )
    entries = {
        section: tuple(
            Entry(name, tuple((label, text) for label, text in lines))
            for name, lines in fields.items()
        )
        for section, fields in sections.items()
    }
    return Profile(country, entries)


@cache
def _editions(edition: Edition) -> dict[str, dict[str, dict[str, list[list[str]]]]]:
    path = files("subak.demo") / "data" / f"factbook-{edition}.json"
    found: dict[str, dict[str, dict[str, list[list[str]]]]]
    found = json.loads(path.read_text(encoding="utf-8"))
    return found
