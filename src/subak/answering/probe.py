"""aprobe: whether the model that questions go to is there to answer."""

from __future__ import annotations

import asyncio
from itertools import chain
from pathlib import Path

from subak.answering.asked_model import asked_model, asked_settings
from subak.engine.clock import Clock, SystemClock
from subak.engine.control import Control
from subak.errors import SubakError, Unreachable
from subak.llm.model import EndpointInfo
from subak.llm.open import open_endpoint
from subak.llm.pool_spec import parse_pool
from subak.llm.spec import ModelSpec
from subak.mapping.run_beside import run_beside

_WITHIN_S = 3.0


async def aprobe(folder: Path, *, clock: Clock | None = None) -> EndpointInfo:
    """Return what the model says of itself; nothing is started or loaded.

    Of several servers the first that answers counts.

    Raises:
        Unreachable: None answers.
        UserError: The spec is wrong, or the server has no such model.
    """
    clock = clock or SystemClock()
    text = asked_model(folder, asked_settings(folder))
    problem: SubakError = Unreachable(f"the model {text} does not answer")
    for spec in chain.from_iterable(parse_pool(text).tiers):
        try:
            return await _probe(spec, clock)
        except SubakError as error:
            problem = error
    raise problem


def probe(folder: Path) -> EndpointInfo:
    """Return what the model says of itself; see ``aprobe``."""
    return run_beside(lambda: aprobe(folder), Control().drain)


async def _probe(spec: ModelSpec, clock: Clock) -> EndpointInfo:
    endpoint = open_endpoint(spec, clock=clock)
    try:
        async with asyncio.timeout(_WITHIN_S):
            return await endpoint.probe()
    except TimeoutError as error:
        raise Unreachable(
            "the model server did not answer in time",
            where=endpoint.url,
            hint="subak doctor shows which servers answer",
        ) from error
    finally:
        await endpoint.close()
