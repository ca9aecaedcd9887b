"""LostArticles: a failed article leaves the last one in its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from subak.engine.events import Event
from subak.engine.memo import Output, pack
from subak.knowledge.articles.article import Article
from subak.knowledge.codec import JsonCodec
from subak.recipes.lost_articles import LostArticles


@dataclass(frozen=True, slots=True)
class _Results:
    """The last results of earlier runs."""

    made: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def find_last_result(self, stage: str, item: str) -> bytes | None:
        """Return what a stage last made of an item."""
        return self.made.get((stage, item))


def _article(slug: str, at: float = 1.0) -> Article:
    return Article(slug, slug.title(), slug, "en", at, "", ())


def _results(*made: tuple[str, str, Article]) -> _Results:
    encode = JsonCodec(Article).encode
    return _Results(
        {
            (stage, item): pack([Output(None, encode(article), {})])
            for stage, item, article in made
        }
    )


def _failed(stage: str, item: str) -> Event:
    return Event(0.0, "task.failed", "r", stage, item)


def test_expected_category_without_article_gives_its_last_one() -> None:
    """Nobody need have failed at it: its pages may have, before it came to that."""
    results = _results(("verify", "tax", _article("tax")))
    lost = LostArticles(results, {"tax", "visa"}, last_stage="verify")
    assert lost.find(()) == (_article("tax"),)
    assert lost.find({"tax"}) == ()


def test_failed_article_gives_what_was_last_let_through() -> None:
    """Whatever stage failed; and what nobody expects and nothing failed at goes."""
    results = _results(
        ("verify", "tax", _article("tax")),
        ("verify", "italy", _article("italy")),
        ("profile", "Italy", _article("italy", at=9.0)),
        ("verify", "removed", _article("removed")),
    )
    lost = LostArticles(results, (), last_stage="verify")
    assert lost.find(()) == ()
    lost(_failed("draft", "tax"))
    lost(_failed("profile", "Italy"))
    lost(_failed("fetch", "removed"))
    assert lost.find(()) == (_article("italy"), _article("tax"))


def test_reviewed_article_is_preferred_to_one_that_was_only_checked() -> None:
    """Where nobody reviewed before, the check's word counts."""
    results = _results(
        ("review", "tax", _article("tax", at=1.0)),
        ("verify", "tax", _article("tax", at=2.0)),
        ("verify", "visa", _article("visa", at=2.0)),
    )
    lost = LostArticles(results, {"tax", "visa"}, last_stage="review")
    assert [one.generated_at for one in lost.find(())] == [1.0, 2.0]


def test_unreadable_result_is_none() -> None:
    """A result of another version of subak is left out."""
    results = _results(("verify", "tax", _article("tax")))
    results.made["verify", "tax"] = b"other" + results.made["verify", "tax"]
    assert LostArticles(results, {"tax"}, last_stage="verify").find(()) == ()
