"""IndexFile: what one index page says, and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from subak.sources.globs import Globs


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """Which links of an index page count.

    Args:
        selector: CSS selector of the part whose links count, "" for the page.
        with_sections: Tell further index pages, too.
    """

    globs: Globs = field(default_factory=Globs)
    selector: str = ""
    with_sections: bool = False


@dataclass(frozen=True, slots=True)
class IndexFile:
    """What was found, as canonical addresses, each once and in page order.

    Args:
        pages: What the rules of the query take; without rules, what looks like
            articles.
        sections: Other pages of the site that may list further ones.
        feeds: Feeds the page names.
        links: How many links of any kind the page has.
    """

    pages: tuple[str, ...]
    sections: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    links: int = 0
