"""Press: the articles of all sites on both days, and what changes between them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bench.farm import prose
from bench.farm.article import Article
from bench.farm.markers import article_marker
from bench.farm.mix import (
    ADDED,
    ARTICLES,
    EDITS,
    HOPELESS,
    HOSTILE,
    HOSTILE_ARTICLE,
    MIRRORED,
    PDF_ARTICLE,
    REMOVED,
    SITES,
)
from bench.farm.planned import SEED
from bench.farm.site import Site

_TODAY = "2026-11-22"
_PATHS: Sequence[str] = (
    "/news/{slug}",
    "/news/{slug}.html",
    "/{year}/{month}/{slug}/",
    "/news/{number}-{slug}",
    "/news/read.php?id={number}",
    "/reports/{slug}",
)
_Place = tuple[int, int]


class Press:
    """Knows every article; the same for the same sites."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self._written: dict[_Place, tuple[Article, ...]] = {}
        good = [site for site in sites if site.kind not in HOPELESS]
        places = [
            (site.number, number)
            for site in good
            for number in range(ARTICLES)
            if not is_hostile(site, number)
        ]
        share = len(sites) / SITES
        draw = random.Random(f"{SEED}/second day")
        edits, gone = max(1, round(EDITS * share)), max(1, round(REMOVED * share))
        changed = draw.sample(places, edits + gone)
        self.edited: frozenset[_Place] = frozenset(changed[:edits])
        self.removed: frozenset[_Place] = frozenset(changed[edits:])
        more = draw.sample(good, max(1, round(ADDED * share)))
        self.added: frozenset[_Place] = frozenset(
            (site.number, ARTICLES) for site in more
        )

    def articles(self, site: Site, day: int) -> tuple[Article, ...]:
        """Return a site's articles as they stand on a day."""
        key = (site.number, day)
        if key not in self._written:
            self._written[key] = self._write(site, day)
        return self._written[key]

    def _write(self, site: Site, day: int) -> tuple[Article, ...]:
        numbers = [
            number
            for number in range(ARTICLES)
            if day == 1 or (site.number, number) not in self.removed
        ]
        if day == 2 and (site.number, ARTICLES) in self.added:
            numbers.append(ARTICLES)
        return tuple(self._article(site, number, day) for number in numbers)

    def _article(self, site: Site, number: int, day: int) -> Article:
        draw = random.Random(f"{SEED}/{site.number}/{number}")
        is_mirrored = site.kind == "mirror" and number < MIRRORED
        written = random.Random(f"{SEED}/mirror/{number}") if is_mirrored else draw
        title = prose.headline(written)
        text = prose.paragraphs(written, written.randint(5, 12))
        is_pdf = site.kind == "pdf" and number == PDF_ARTICLE
        is_edited = day == 2 and (site.number, number) in self.edited
        if is_mirrored:
            text[-1] = f"{site.name} brings this note from {draw.choice(prose.TOWNS)}."
        if is_edited:
            fresh = random.Random(f"{SEED}/edit/{site.number}/{number}")
            text[len(text) // 2] = f"Corrected. {prose.paragraphs(fresh, 1)[0]}"
        month, version = draw.randint(1, 10), 2 if is_edited else 1
        date = f"2026-{month:02d}-{draw.randint(1, 28):02d}"
        marker = article_marker(site, number, version, is_pdf=is_pdf)
        text.insert(1, f"File {marker}.")
        return Article(
            number=number,
            path=_path(site, title, number, month, is_pdf=is_pdf),
            title=title,
            paragraphs=tuple(text),
            date=_TODAY if is_edited or number >= ARTICLES else date,
            author=draw.choice(prose.PEOPLE),
            version=version,
            marker=marker,
            is_pdf=is_pdf,
        )


def is_hostile(site: Site, number: int) -> bool:
    """Tell whether this article of an otherwise good site never ends well."""
    return site.kind in HOSTILE and number == HOSTILE_ARTICLE


def _path(site: Site, title: str, number: int, month: int, *, is_pdf: bool) -> str:
    slug = f"{title.lower().replace(' ', '-')}-{number}"
    if is_pdf:
        return f"/news/{slug}.pdf"
    # Links relative to a <base> need paths below it.
    template = site.template % 2 if site.kind == "base_href" else site.template
    return _PATHS[template].format(
        slug=slug, number=number, year=2026, month=f"{month:02d}"
    )
