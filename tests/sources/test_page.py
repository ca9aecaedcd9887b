"""Pages named in a recipe, one an entity where it says so."""

from __future__ import annotations

import asyncio

import pytest

from subak.errors import RecipeError
from subak.knowledge.codec import JsonCodec
from subak.sources.page import PageSource
from subak.sources.source import Target
from subak.sources.spec import SourceSpec
from subak.sources.user_agent import user_agent


def targets(spec: SourceSpec) -> list[Target]:
    """Return all targets of a page source."""

    async def scenario() -> list[Target]:
        return [target async for target in PageSource(spec).targets()]

    return asyncio.run(scenario())


def test_page_source_fills_in_each_entity_encoded() -> None:
    """One target an entity, with all the recipe says about the source."""
    spec = SourceSpec(
        name="wiki",
        kind="page",
        url="https://wiki.example/Taxation_in_{entity}",
        entities=("Germany", "Hong Kong", "Côte d'Ivoire", "a/../b?c"),
        category="tax",
        tier=3,
        language="en",
        licence="CC BY-SA",
        allow_hosts=("10.0.0.0/8",),
        key_path="source[0]",
    )
    found = targets(spec)
    assert [target.url.rpartition("_in_")[2] for target in found] == [
        "Germany",
        "Hong%20Kong",
        "C%C3%B4te%20d'Ivoire",
        "a%2F..%2Fb%3Fc",
    ]
    assert found[1] == Target(
        url="https://wiki.example/Taxation_in_Hong%20Kong",
        entity="Hong Kong",
        category="tax",
        tier=3,
        language="en",
        licence="CC BY-SA",
        source="source[0]",
        allow_hosts=("10.0.0.0/8",),
    )


def test_page_source_lists_addresses_once_in_order() -> None:
    """url and urls together, the same page once, up to the limit."""
    base = "https://site.example"
    spec = SourceSpec(
        name="press",
        kind="page",
        url=f"{base}/a#top",
        urls=(f"{base}/b", f"{base}/a", f"{base}/private/c", f"{base}/d", f"{base}/e"),
        exclude=("/private/*",),
        limit=3,
        entities=("Germany",),
    )
    found = targets(spec)
    assert [target.url for target in found] == [f"{base}/{name}" for name in "abd"]
    assert {target.entity for target in found} == {"Germany"}


@pytest.mark.parametrize(
    ("spec", "key"),
    [
        (SourceSpec("x", "page"), "source[1].url"),
        (SourceSpec("x", "page", url="site.example"), "source[1].url"),
        (SourceSpec("x", "page", url="file:///etc/passwd"), "source[1].url"),
        (SourceSpec("x", "page", url="http://[::1"), "source[1].url"),
        (
            SourceSpec("x", "page", url="http://s.example/{entity}"),
            "source[1].entities",
        ),
        (
            SourceSpec("x", "page", url="http://s.example/", entities=("a", "b")),
            "source[1].entities",
        ),
    ],
)
def test_page_source_mistakes_are_told_with_key_and_hint(
    spec: SourceSpec, key: str
) -> None:
    """A recipe mistake names its key and the way out."""
    named = SourceSpec(
        spec.name, spec.kind, spec.url, entities=spec.entities, key_path="source[1]"
    )
    with pytest.raises(RecipeError) as caught:
        targets(named)
    (problem,) = caught.value.problems
    assert problem.path == key
    assert problem.hint


@pytest.mark.parametrize(
    ("include", "exclude", "path", "is_taken"),
    [
        ((), (), "/any", True),
        (("/tax/*",), (), "/tax/a/b", True),
        (("/tax/*",), (), "/taxi", False),
        (("/tax/*", "/vat"), (), "/vat?page=2", True),
        (("/tax/*",), ("*/old/*",), "/tax/old/a", False),
        (("/Tax/*",), (), "/tax/a", False),
        (("/a b/*",), (), "/a%20b/c", True),
    ],
)
def test_source_spec_selects_by_path(
    include: tuple[str, ...], exclude: tuple[str, ...], path: str, is_taken: bool
) -> None:
    """Globs look at the decoded path; exclude wins."""
    spec = SourceSpec("x", "page", include=include, exclude=exclude)
    assert spec.selects(f"https://site.example{path}") == is_taken


def test_source_spec_travels_through_the_journal() -> None:
    """A spec is the same after it was stored."""
    spec = SourceSpec("x", "page", urls=("http://a.example/",), limit=2)
    codec = JsonCodec(SourceSpec)
    assert codec.decode(codec.encode(spec)) == spec


def test_user_agent_is_honest_and_safe_as_a_header() -> None:
    """Name and version, and where to reach whoever runs it."""
    assert user_agent("me@site.example").startswith("subak/")
    assert user_agent("me@site.example").endswith(" (+me@site.example)")
    assert "(" not in user_agent("")
    assert "\n" not in user_agent("me\r\nX-Evil: 1")
