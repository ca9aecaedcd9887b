"""The listing stage: a source becomes the targets it lists now."""

from __future__ import annotations

from collections.abc import AsyncIterator

from subak.engine.stage import Stage
from subak.knowledge.codec import JsonCodec
from subak.sources.kinds import open_source
from subak.sources.reach import Reach
from subak.sources.source import Target
from subak.sources.spec import SourceSpec


def listing(reach: Reach) -> Stage[SourceSpec, Target]:
    """List what there is to fetch; a listing that fails leaves the last one in force."""

    async def run(spec: SourceSpec) -> AsyncIterator[Target]:
        async for target in open_source(spec, reach).targets():
            yield target

    return Stage(
        "listing",
        run,
        JsonCodec(Target),
        version=1,
        once_per_run=True,
        identify=lambda target: target.url,
        label=_labels,
        keep_last=True,
    )


def _labels(target: Target) -> dict[str, str]:
    return {"entity": target.entity} if target.entity else {}
