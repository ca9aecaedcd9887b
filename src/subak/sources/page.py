"""PageSource: addresses written out in the recipe."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

from subak.errors import Problem, RecipeError, Refused
from subak.sources.address import check_address, find_port
from subak.sources.source import Target
from subak.sources.spec import SourceSpec

PLACEHOLDER = "{entity}"


class PageSource:
    """Lists the pages a recipe names, one for each entity where it says so."""

    def __init__(self, spec: SourceSpec) -> None:
        self._spec = spec

    async def targets(self) -> AsyncIterator[Target]:
        """Yield the pages in recipe order, each once.

        Raises:
            RecipeError: No address, or one that cannot be fetched.
        """
        for target in page_targets(self._spec):
            yield target


def page_targets(spec: SourceSpec) -> tuple[Target, ...]:
    """Return the pages a spec names; nothing is fetched for that.

    Raises:
        RecipeError: No address, or one that cannot be fetched.
    """
    found = dict.fromkeys(
        spec.to_target(url, entity) for url, entity in named_addresses(spec)
    )
    taken = [target for target in found if spec.selects(target.url)]
    return tuple(taken[: spec.limit])


def named_addresses(spec: SourceSpec) -> Iterator[tuple[str, str]]:
    """Yield each address a spec names with its entity, "" for none.

    Raises:
        RecipeError: No address, or one that cannot be fetched.
    """
    if not spec.addresses:
        message = f"a source of kind {spec.kind} needs an address"
        raise _mistake(spec, "url", message, "add url = ...")
    for address in spec.addresses:
        if PLACEHOLDER in address:
            if not spec.entities:
                hint = f"add entities = [...] or write {PLACEHOLDER} out"
                raise _mistake(spec, "entities", "nothing to fill in", hint)
            for entity in spec.entities:
                filled = address.replace(PLACEHOLDER, quote(entity, safe=""))
                yield _checked(spec, filled), entity
        elif len(spec.entities) > 1:
            hint = f"put {PLACEHOLDER} into {address}, or give one entity"
            raise _mistake(spec, "entities", "which page is about which?", hint)
        else:
            yield _checked(spec, address), "".join(spec.entities)


def _checked(spec: SourceSpec, address: str) -> str:
    try:
        return str(check_address(address, port=find_port(address)))
    except Refused as error:
        raise _mistake(spec, "url", f"{address}: {error.message}", error.hint) from None


def _mistake(spec: SourceSpec, key: str, message: str, hint: str) -> RecipeError:
    path = f"{spec.key_path or spec.name}.{key}"
    return RecipeError([Problem(path, message, hint)])
