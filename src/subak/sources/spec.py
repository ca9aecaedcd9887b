"""SourceSpec: one source as the recipe wants it."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from yarl import URL

from subak.sources.source import Target


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """Where documents come from and what is known about them.

    Args:
        name: Shown in messages.
        kind: Name in the table of kinds ("page", "sitemap").
        url: Address; "{entity}" in it makes one target of each entity.
        urls: Further addresses.
        entities: What the pages are about.
        include: Path globs to take, none means all; ``*`` matches ``/`` too.
        exclude: Path globs to leave out; wins over ``include``.
        limit: At most that many targets.
        category: Category of the documents.
        tier: 1 official, 2 press, 3 community.
        language: BCP 47 primary tag for pages that don't say.
        licence: Licence note kept with each document.
        allow_hosts: Private hosts or networks it may reach.
        key_path: Where it stands in the recipe ("source[0]"), for messages.
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

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return all addresses in recipe order, "{entity}" not yet filled in."""
        return (*([self.url] if self.url else []), *self.urls)

    def selects(self, url: str) -> bool:
        """Tell whether the path globs take this URL."""
        path = URL(url).path
        if any(fnmatchcase(path, glob) for glob in self.exclude):
            return False
        return not self.include or any(fnmatchcase(path, glob) for glob in self.include)

    def to_target(self, url: str, entity: str = "") -> Target:
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
        )
