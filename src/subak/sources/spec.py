"""SourceSpec: one source as the recipe wants it."""

from __future__ import annotations

from dataclasses import dataclass

from yarl import URL

from subak.sources.globs import Globs
from subak.sources.period import period_seconds
from subak.sources.source import Reading, Target


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """Where documents come from and what is known about them.

    Args:
        name: Shown in messages.
        kind: Name in the table of kinds ("page", "sitemap", "index" ...).
        url: Address; "{entity}" in it makes one target of each entity.
        urls: Further addresses.
        entities: What the pages are about.
        include: Globs of pages to take, none means all; see ``Globs``.
        exclude: Globs of pages to leave out; wins over ``include``.
        limit: At most that many targets.
        category: Category of the documents.
        tier: 1 official, 2 press, 3 community.
        language: BCP 47 primary tag for pages that don't say.
        licence: Licence note kept with each document.
        allow_hosts: Private hosts or networks it may reach.
        key_path: Where it stands ("source[0]", "sources.csv:17"), for messages.
        selector: CSS selector of the part of an index page whose links count.
        depth: Levels of index pages; 1 is the page itself.
        with_front: An index page is a document too.
        hints: Ask for the sitemap even where robots.txt names none.
        reading: What kind of page it has, "" to find out page by page.
        render: A browser runs the pages' scripts.
        paths: Globs of files, relative to the workspace.
        titles: Titles of an encyclopedia; "{entity}" is filled in as in ``url``.
        every: How often it is asked at most ("6h", "1d"), "" each run.
    """

    name: str
    kind: str
    url: str = ""
    urls: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    limit: int | None = None
    category: str = ""
    tier: int = 2
    language: str = ""
    licence: str = ""
    allow_hosts: tuple[str, ...] = ()
    key_path: str = ""
    selector: str = ""
    depth: int = 1
    with_front: bool = False
    hints: bool = False
    reading: Reading = ""
    render: bool = False
    paths: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    every: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return all addresses in recipe order, "{entity}" not yet filled in."""
        return (*([self.url] if self.url else []), *self.urls)

    def selects(self, url: str) -> bool:
        """Tell whether the globs take this URL."""
        return Globs(self.include, self.exclude).take(URL(url))

    def to_target(
        self, url: str, entity: str = "", *, hint: str = "", published: str = ""
    ) -> Target:
        """Return a target of this source."""
        return Target(
            url=url,
            entity=entity,
            category=self.category,
            tier=self.tier,
            language=self.language,
            licence=self.licence,
            source=self.key_path or self.name,
            allow_hosts=self.allow_hosts,
            way="browser" if self.render else "web",
            hint=hint,
            published=published,
            rest_s=period_seconds(self.every),
            reading=self.reading,
        )
