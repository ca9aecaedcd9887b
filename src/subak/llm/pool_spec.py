"""PoolSpec: the text by which a user names a model on one server or several."""

from __future__ import annotations

import re
from dataclasses import dataclass

from subak.errors import UserError
from subak.llm.spec import ModelSpec, parse_spec

_HINT = (
    "write it as 'SPEC + SPEC | SPEC': servers joined by + share the work, those "
    "behind a | are asked when none before it is there"
)
_BETWEEN_TIERS = re.compile(r"(?:^|\s)\|(?=\s|$)")
_BETWEEN_SERVERS = re.compile(r"(?:^|\s)\+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class PoolSpec:
    """Servers in tiers; the next tier is asked when none of those before is there."""

    tiers: tuple[tuple[ModelSpec, ...], ...]

    def __str__(self) -> str:
        return " | ".join(" + ".join(map(str, tier)) for tier in self.tiers)


def parse_pool(text: str) -> PoolSpec:
    """Read a model spec, or several joined by `` + `` and `` | ``.

    Raises:
        UserError: A part is none, is missing or comes twice; it is named.
    """
    tiers = [
        [part.strip() for part in _BETWEEN_SERVERS.split(tier)]
        for tier in _BETWEEN_TIERS.split(text)
    ]
    count = sum(len(tier) for tier in tiers)
    if count == 1:
        return PoolSpec(((parse_spec(text),),))
    specs: list[ModelSpec] = []
    for part in (part for tier in tiers for part in tier):
        spec = _parse_part(part, len(specs) + 1, count)
        if spec in specs:
            raise UserError(
                "the model names the same server twice", where=str(spec), hint=_HINT
            )
        specs.append(spec)
    each = iter(specs)
    return PoolSpec(tuple(tuple(next(each) for _ in tier) for tier in tiers))


def _parse_part(part: str, number: int, count: int) -> ModelSpec:
    place = f"part {number} of {count} of the model"
    if not part:
        raise UserError("nothing stands between the signs", where=place, hint=_HINT)
    try:
        return parse_spec(part)
    except UserError as error:
        raise UserError(
            error.message, where=f"{place}, '{error.where}'", hint=error.hint
        ) from error
