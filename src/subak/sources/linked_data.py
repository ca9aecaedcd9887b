"""LinkedData: the JSON-LD of a page, read as data and never trusted further."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

_SCRIPTS = "script[type='application/ld+json' i]"
_MAX_CHARS = 500_000
_MAX_NODES = 2_000
_KINDS = ("Article", "Posting", "WebPage", "Report", "Page", "Product")


@dataclass(frozen=True, slots=True)
class LinkedData:
    """What it says of the page; empty where it says nothing."""

    title: str = ""
    published: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    body: str = ""


def linked_data(tree: LexborHTMLParser) -> LinkedData:
    """Read the blocks of a page; an article's come first."""
    found = [thing for thing in _things(tree) if _rank(thing) < len(_KINDS)]
    found.sort(key=_rank)
    return LinkedData(
        title=_first(found, "headline", "name"),
        published=_first(found, "datePublished", "dateCreated"),
        language=_first(found, "inLanguage"),
        authors=next((names for thing in found if (names := _authors(thing))), ()),
        body=_first(found, "articleBody"),
    )


def _things(tree: LexborHTMLParser) -> Iterator[Mapping[str, object]]:
    left = _MAX_NODES
    for script in tree.css(_SCRIPTS):
        text = script.text()
        if len(text) > _MAX_CHARS:
            continue
        try:
            stack: list[object] = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack and left:
            left -= 1
            thing = stack.pop()
            if isinstance(thing, list):
                stack.extend(reversed(thing))
            elif isinstance(thing, dict):
                yield thing
                stack.extend(
                    thing[key]
                    for key in ("mainEntity", "mainEntityOfPage", "@graph")
                    if isinstance(thing.get(key), dict | list)
                )


def _rank(thing: Mapping[str, object]) -> int:
    kinds = thing.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return min(
        (
            place
            for place, kind in enumerate(_KINDS)
            for name in names
            if isinstance(name, str) and name.endswith(kind)
        ),
        default=len(_KINDS),
    )


def _first(things: list[Mapping[str, object]], *keys: str) -> str:
    for key in keys:
        for thing in things:
            value = thing.get(key)
            if isinstance(value, str) and value.strip():
                return html.unescape(value.strip())
    return ""


def _authors(thing: Mapping[str, object]) -> tuple[str, ...]:
    given = thing.get("author")
    entries = given if isinstance(given, list) else [given]
    names: list[str] = []
    for entry in entries:
        name = entry.get("name") if isinstance(entry, dict) else entry
        if isinstance(name, str) and name.strip():
            names.append(html.unescape(name.strip()))
    return tuple(names)
