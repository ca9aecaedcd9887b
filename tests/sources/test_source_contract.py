"""What holds for every kind of source, tried on each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from subak.errors import RecipeError, Retryable, SubakError, Terminal
from subak.knowledge.codec import JsonCodec
from subak.sources.kinds import KINDS
from subak.sources.source import Target
from subak.sources.spec import SourceSpec
from subak.testing.extractor import FakeExtractor
from subak.testing.hazards import cut, garbage
from subak.testing.site import FakePage, FakeSite
from tests.sources.fetching import list_targets, open_reach
from tests.sources.listing_shelf import Shelf

HEADLINE = "A headline of some length"


def _site(pages: dict[str, FakePage]) -> Callable[[], FakeSite]:
    return lambda: FakeSite(dict(pages))


@dataclass(frozen=True)
class Case:
    """One kind with a site it lists three pages of.

    Args:
        fields: Of its spec; "BASE" is the site's address.
        asks: The address it asks first, "" when it asks nobody.
    """

    kind: str
    make_site: Callable[[], FakeSite] = FakeSite
    fields: dict[str, object] = field(default_factory=dict)
    asks: str = ""


_LINKS = "".join(f'<h2><a href="/n/{n}">{HEADLINE}</a></h2>' for n in (1, 2, 3, 2))
_ITEMS = "".join(f"<item><link>/n/{n}</link></item>" for n in (1, 2, 3, 2))
_URLS = "".join(f"<url><loc>/n/{n}</loc></url>" for n in (1, 2, 3, 2))
CASES = [
    Case("page", fields={"urls": tuple(f"BASE/n/{n}" for n in (1, 2, 3, 2))}),
    Case(
        "sitemap",
        _site(
            {"/s.xml": FakePage(f"<urlset>{_URLS}</urlset>", content_type="text/xml")}
        ),
        {"url": "BASE/s.xml"},
        "/s.xml",
    ),
    Case("index", _site({"/": FakePage(_LINKS)}), {"url": "BASE/"}, "/"),
    Case(
        "feed",
        _site({"/f": FakePage(f"<rss>{_ITEMS}</rss>", content_type="text/xml")}),
        {"url": "BASE/f"},
        "/f",
    ),
    Case("wikipedia", fields={"titles": ("A", "B", "C", "B")}),
    Case("files", fields={"paths": ("*.txt", "b.txt")}),
    Case(
        "extractor",
        lambda: FakeExtractor(files={f"{n}.txt": "text" for n in "abc"}),
        {"url": "BASE/"},
        "/txt-files",
    ),
]
ASKING = [case for case in CASES if case.asks]


def listed(
    case: Case, folder: Path, site: FakeSite, shelf: Shelf, times: int = 1
) -> list[list[Target]]:
    """Return what a case lists, time after time."""
    for name in "abc":
        (folder / f"{name}.txt").write_text(name)

    async def scenario() -> list[list[Target]]:
        async with site, open_reach(folder) as reach:
            spec = SourceSpec(
                "it",
                case.kind,
                allow_hosts=("127.0.0.1",),
                category="tax",
                key_path="source[7]",
                **_filled(case.fields, site.base),  # type: ignore[arg-type]
            )
            remembering = replace(reach, memory=shelf, known=shelf)
            return [await list_targets(spec, remembering) for _ in range(times)]

    return asyncio.run(scenario())


def _filled(fields: dict[str, object], base: str) -> dict[str, object]:
    return {
        key: tuple(str(each).replace("BASE", base) for each in value)
        if isinstance(value, tuple)
        else str(value).replace("BASE", base)
        for key, value in fields.items()
    }


def test_contract_covers_every_kind() -> None:
    """A kind that is not tried here is not done."""
    assert {case.kind for case in CASES} == set(KINDS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_source_lists_each_page_once_in_a_stable_order(
    case: Case, tmp_path: Path
) -> None:
    """Twice the same, three pages, each once, with what the recipe says of them."""
    first, second = listed(case, tmp_path, case.make_site(), Shelf(), times=2)
    assert first == second
    assert len({target.url for target in first}) == len(first) == 3
    assert {(target.category, target.source) for target in first} == {
        ("tax", "source[7]")
    }
    codec = JsonCodec(Target)
    assert [codec.decode(codec.encode(target)) for target in first] == first


@pytest.mark.parametrize("case", ASKING, ids=lambda case: case.kind)
@pytest.mark.parametrize("hazard", [cut, garbage])
def test_source_that_cannot_be_read_says_so_by_type(
    case: Case, hazard: FakePage, tmp_path: Path
) -> None:
    """A broken server ends in one of our errors, with where and a way out."""
    site = FakeSite({case.asks: hazard})
    with pytest.raises((Retryable, Terminal)) as caught:
        listed(case, tmp_path, site, Shelf())
    error = caught.value
    assert isinstance(error, SubakError)
    assert error.where
    assert error.hint


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_source_without_address_is_a_recipe_error(case: Case, tmp_path: Path) -> None:
    """What a recipe forgot is told with its key."""
    with pytest.raises(RecipeError) as caught:
        listed(Case(case.kind), tmp_path, FakeSite(), Shelf())
    (problem,) = caught.value.problems
    assert problem.path.startswith("source[7].")
    assert problem.hint
