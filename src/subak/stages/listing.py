"""The listing stage: a source becomes the pages it lists."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

import msgspec

from subak.engine.context import current_task
from subak.engine.stage import Stage
from subak.knowledge.codec import JsonCodec
from subak.sources.extractor import MAX_FILES, extractor_targets
from subak.sources.kinds import open_source
from subak.sources.page import page_targets
from subak.sources.period import period_seconds
from subak.sources.reach import Reach
from subak.sources.sitemap import MAX_PAGES
from subak.sources.source import Target
from subak.sources.spec import SourceSpec
from subak.sources.wikipedia import wikipedia_targets

# A run at six each morning must find "1d" due, though it began a minute earlier today.
_SLACK = 5 / 6
# Kinds whose pages the recipe itself names.
_WRITTEN_OUT: Mapping[str, Callable[[SourceSpec], tuple[Target, ...]]] = (
    MappingProxyType(
        {
            "page": page_targets,
            "wikipedia": wikipedia_targets,
            "extractor": extractor_targets,
        }
    )
)
# Kinds that list all there is where the recipe sets no limit.
_NO_LIMIT: Mapping[str, int] = MappingProxyType(
    {"sitemap": MAX_PAGES, "extractor": MAX_FILES}
)
_SPEC = JsonCodec(SourceSpec)
_TARGETS = JsonCodec(tuple[Target, ...])


def listing(
    reach: Reach, specs: Iterable[SourceSpec] = ()
) -> Stage[SourceSpec, Target]:
    """List the pages of each source, anew in each run.

    A page is called by its entity, or by its URL where the entity has several pages.
    A source whose listing fails keeps the pages it listed last, and so does one that
    is asked less often than it is run.

    Args:
        specs: All sources of the recipe, to give each page a name of its own and each
            source its budget.
    """
    specs = tuple(specs)
    for spec in specs:
        source = spec.to_target("").source
        reach.polite.budgets.allow(source, _most_pages(spec))

    async def run(spec: SourceSpec) -> AsyncIterator[Target]:
        key = _key(spec)
        if (last := _last_pages(spec, key, reach)) is not None:
            for target in last:
                yield target
            return
        found: list[Target] = []
        async for target in open_source(spec, reach).targets():
            found.append(target)
            yield target
        if spec.every and reach.memory is not None:
            reach.memory.keep(key, _TARGETS.encode(tuple(found)))

    return Stage(
        name="listing",
        run=run,
        codec=JsonCodec(Target),
        once_per_run=True,
        identify=_namer(specs),
        label=_labels,
        keep_last=True,
    )


def _last_pages(spec: SourceSpec, key: str, reach: Reach) -> tuple[Target, ...] | None:
    """Return what a source listed last, None when it is to be asked."""
    if not spec.every or reach.memory is None or current_task().refresh:
        return None
    kept = reach.memory.find(key)
    if kept is None:
        return None
    age_s = reach.clock.now() - kept[0]
    if not 0 <= age_s < period_seconds(spec.every) * _SLACK:
        return None
    try:
        return _TARGETS.decode(kept[1])
    except msgspec.DecodeError:  # of another version
        return None


def _key(spec: SourceSpec) -> str:
    digest = hashlib.blake2b(_SPEC.encode(spec), digest_size=16).hexdigest()
    return f"pages {digest}"


def _namer(specs: Iterable[SourceSpec]) -> Callable[[Target], str]:
    """Return what gives each page a name that no other page of the recipe has.

    A page the recipe names is called by its entity or its URL. A page that a listing
    found is called by its URL where no other source lists that host.
    """
    specs = tuple(specs)
    pages = [page for spec in specs for page in _written_out(spec)]
    entities = Counter(page.entity for page in pages)
    urls = Counter(page.url for page in pages)
    listings = [spec for spec in specs if spec.kind not in _WRITTEN_OUT]
    homes = {spec.to_target("").source: _homes(spec) for spec in listings}
    claims = Counter(home for each in homes.values() for home in each)

    def name(target: Target) -> str:
        home = _home(target.url)
        if target.source in homes:
            own = homes[target.source]
            # A host its source does not name, as many feeds have, may be anybody's.
            is_alone = claims[home] <= 1 if home in own else len(homes) == 1
            return target.url if is_alone else f"{target.url} ({target.source})"
        if target.entity and entities[target.entity] == 1:
            return target.entity
        if urls[target.url] > 1 or claims[home]:
            return f"{target.url} ({target.source})"
        return target.url

    return name


def _most_pages(spec: SourceSpec) -> int:
    """Return how many pages a source may list: twice its limit, the known ones too."""
    named = len(tuple(_written_out(spec)))
    return max(named, 2 * (spec.limit or _NO_LIMIT.get(spec.kind, 0)))


def _written_out(spec: SourceSpec) -> Iterable[Target]:
    find = _WRITTEN_OUT.get(spec.kind)
    return find(spec) if find else ()


def _homes(spec: SourceSpec) -> frozenset[str]:
    return frozenset(map(_home, spec.addresses)) or frozenset({""})


def _home(url: str) -> str:
    """Return the host, "" for a file of this machine."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _labels(target: Target) -> Mapping[str, str]:
    labels = {"category": target.category, "entity": target.entity}
    return {name: value for name, value in labels.items() if value}
