"""The table of source kinds; a further kind is one file and one line here."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from subak.errors import Problem, RecipeError
from subak.sources.extractor import ExtractorSource
from subak.sources.feed import FeedSource
from subak.sources.files import FilesSource
from subak.sources.index_page import IndexSource
from subak.sources.page import PageSource
from subak.sources.reach import Reach
from subak.sources.sitemap import SitemapSource
from subak.sources.source import Source
from subak.sources.spec import SourceSpec
from subak.sources.wikipedia import WikipediaSource


def _page(spec: SourceSpec, _reach: Reach) -> Source:
    return PageSource(spec)


def _wikipedia(spec: SourceSpec, _reach: Reach) -> Source:
    return WikipediaSource(spec)


KINDS: Mapping[str, Callable[[SourceSpec, Reach], Source]] = MappingProxyType(
    {
        "page": _page,
        "sitemap": SitemapSource,
        "index": IndexSource,
        "feed": FeedSource,
        "wikipedia": _wikipedia,
        "files": FilesSource,
        "extractor": ExtractorSource,
    }
)


def open_source(spec: SourceSpec, reach: Reach) -> Source:
    """Return the source a spec describes.

    Raises:
        RecipeError: There is no such kind.
    """
    make = KINDS.get(spec.kind)
    if make is None:
        close = difflib.get_close_matches(spec.kind, KINDS, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"one of {', '.join(KINDS)}"
        path = f"{spec.key_path or spec.name}.kind"
        raise RecipeError([Problem(path, f"unknown kind {spec.kind!r}", hint)])
    return make(spec, reach)
