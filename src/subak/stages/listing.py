"""The listing stage: a source becomes the pages it lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping

from subak.engine.stage import Stage
from subak.knowledge.codec import JsonCodec
from subak.sources.kinds import open_source
from subak.sources.page import page_targets
from subak.sources.reach import Reach
from subak.sources.source import Target
from subak.sources.spec import SourceSpec


def listing(
    reach: Reach, specs: Iterable[SourceSpec] = ()
) -> Stage[SourceSpec, Target]:
    """List the pages of each source, anew in each run.

    A page is called by its entity, or by its URL where the entity has several pages.
    A source whose listing fails keeps the pages it listed last.

    Args:
        specs: All sources of the recipe, to give each page a name of its own.
    """

    async def run(spec: SourceSpec) -> AsyncIterator[Target]:
        async for target in open_source(spec, reach).targets():
            yield target

    return Stage(
        name="listing",
        run=run,
        codec=JsonCodec(Target),
        once_per_run=True,
        identify=_namer(tuple(specs)),
        label=_labels,
        keep_last=True,
    )


def _namer(specs: Iterable[SourceSpec]) -> Callable[[Target], str]:
    pages = [
        target for spec in specs if spec.kind == "page" for target in page_targets(spec)
    ]
    entities = Counter(target.entity for target in pages)
    urls = Counter(target.url for target in pages)

    def name(target: Target) -> str:
        if target.entity and entities[target.entity] == 1:
            return target.entity
        if urls[target.url] > 1:
            return f"{target.url} ({target.source})"
        return target.url

    return name


def _labels(target: Target) -> Mapping[str, str]:
    labels = {"category": target.category, "entity": target.entity}
    return {name: value for name, value in labels.items() if value}
