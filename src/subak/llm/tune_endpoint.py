"""open_for_tuning: the endpoint of a spec, set up so that its curve shows."""

from __future__ import annotations

from subak.engine.clock import Clock
from subak.errors import MissingExtra, UserError
from subak.llm.model import Endpoint
from subak.llm.open import open_endpoint
from subak.llm.options import EndpointOptions
from subak.llm.spec import parse_spec

_SLOTS = (8, 6, 4, 2)
_CONTEXT_TOKENS = 1024


async def open_for_tuning(text: str, clock: Clock) -> Endpoint:
    """Return the endpoint a spec names; a model of our own gets slots for the curve.

    Raises:
        UserError: The spec is wrong, or names nothing that has a speed.
    """
    for mark, words in ((" + ", "several servers"), (" | ", "a fallback")):
        if mark in text:
            raise UserError(
                f"one server is measured at a time, this names {words}",
                where=text,
                hint=f"subak tune {text.split(mark)[0].strip()}",
            )
    spec = parse_spec(text)
    if spec.provider == "echo":
        raise UserError(
            "echo is part of this program and has no speed to measure",
            where=text,
            hint="name a model server; `subak doctor` lists those that answer",
        )
    if spec.provider != "embedded":
        return open_endpoint(spec, clock=clock)
    *roomy, least = _SLOTS
    for slots in roomy:
        endpoint = open_endpoint(spec, _options(slots), clock)
        if await _fits(endpoint):
            return endpoint
    return open_endpoint(spec, _options(least), clock)


def _options(slots: int) -> EndpointOptions:
    return EndpointOptions(slots=slots, context_tokens=_CONTEXT_TOKENS)


async def _fits(endpoint: Endpoint) -> bool:
    """Tell whether there is memory enough; other obstacles show when it is probed."""
    try:
        await endpoint.probe()
    except MissingExtra:
        return True
    except UserError:
        return False
    return True
