"""WikipediaSource: articles by title, through the wiki's interface for programs.

The MediaWiki REST API gives an article's clean HTML with its revision and licence
(``GET {api}/v1/page/{title}/with_html``); other MediaWikis have the same interface.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from urllib.parse import quote

from subak.errors import Problem, RecipeError, Refused
from subak.sources.address import check_address, find_port
from subak.sources.page import PLACEHOLDER
from subak.sources.source import Target
from subak.sources.spec import SourceSpec

READER = "wikipedia"
_API = "https://{language}.wikipedia.org/w/rest.php"
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,12}){0,2}")
_NOT_IN_TITLES = re.compile(r"[<>\[\]{}|#\x00-\x1f\x7f]")
_LONGEST_TITLE = 255  # bytes, the database's own limit
_SPACES = re.compile(r"[\s_]+")


class WikipediaSource:
    """Lists the articles a recipe names, one for each entity where it says so."""

    def __init__(self, spec: SourceSpec) -> None:
        self._spec = spec

    async def targets(self) -> AsyncIterator[Target]:
        """Yield the articles in recipe order, each once.

        Raises:
            RecipeError: No title, or one that no article can have.
        """
        for target in wikipedia_targets(self._spec):
            yield target


def wikipedia_targets(spec: SourceSpec) -> tuple[Target, ...]:
    """Return the articles a spec names; nothing is fetched for that.

    Raises:
        RecipeError: No title, or one that no article can have.
    """
    if not spec.titles:
        hint = f'add titles = ["Taxation in {PLACEHOLDER}"]'
        raise _mistake(spec, "titles", "a wikipedia source needs titles", hint)
    api = _api(spec)
    found = dict.fromkeys(
        replace(
            spec.to_target(f"{api}/v1/page/{_encoded(spec, title)}/with_html", entity),
            way="wiki",
            reader=READER,
        )
        for title, entity in _titles(spec)
    )
    return tuple(found)[: spec.limit]


def _titles(spec: SourceSpec) -> Iterator[tuple[str, str]]:
    for title in spec.titles:
        if PLACEHOLDER in title:
            if not spec.entities:
                hint = f"add entities = [...] or write {PLACEHOLDER} out"
                raise _mistake(spec, "entities", "nothing to fill in", hint)
            for entity in spec.entities:
                yield title.replace(PLACEHOLDER, entity), entity
        elif len(spec.entities) > 1:
            hint = f"put {PLACEHOLDER} into {title!r}, or give one entity"
            raise _mistake(spec, "entities", "which article is about which?", hint)
        else:
            yield title, "".join(spec.entities)


def _encoded(spec: SourceSpec, title: str) -> str:
    """Return a title as a path segment, spelled as the wiki spells it."""
    key = _SPACES.sub("_", title).strip("_")
    odd = _NOT_IN_TITLES.search(key)
    if not key or odd or len(key.encode()) > _LONGEST_TITLE or key in (".", ".."):
        reason = f"has {odd[0]!r} in it" if odd else "is empty or too long"
        hint = "copy the title from the top of the article"
        raise _mistake(spec, "titles", f"{title[:80]!r} {reason}", hint)
    return quote(key, safe="")


def _api(spec: SourceSpec) -> str:
    if not spec.url:
        language = spec.language or "en"
        if not _LANGUAGE.fullmatch(language):
            hint = 'give the subdomain of the Wikipedia, like "en" or "de"'
            raise _mistake(spec, "language", f"{language!r} is none", hint)
        return _API.format(language=language)
    try:
        address = check_address(spec.url, port=find_port(spec.url))
    except Refused as error:
        raise _mistake(spec, "url", error.message, error.hint) from None
    api = str(address.with_query(None)).rstrip("/").removesuffix("/v1")
    if not api.endswith("/rest.php"):
        hint = 'write it like "https://wiki.example.org/w/rest.php"'
        raise _mistake(spec, "url", "is not the REST interface of a MediaWiki", hint)
    return api


def _mistake(spec: SourceSpec, key: str, message: str, hint: str) -> RecipeError:
    path = f"{spec.key_path or spec.name}.{key}"
    return RecipeError([Problem(path, message, hint)])
