"""LostArticles: what stands of an article that a run was to make and could not.

A failed draft, check or review, or the failure of all that an article is made of,
takes nothing away: the last one that was let through stays, with its own date.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

import msgspec

from subak.engine.events import Event
from subak.engine.memo import unpack
from subak.errors import Terminal
from subak.knowledge.articles.article import Article
from subak.knowledge.codec import JsonCodec

# Tasks of these are about an article by the name of their item.
_NAMED = frozenset({"draft", "verify", "review"})


class LastResults(Protocol):
    """Where the results of earlier runs are."""

    def find_last_result(self, stage: str, item: str) -> bytes | None:
        """Return the newest sound result of an item, whatever its key was."""
        ...


class LostArticles:
    """Listen to a run for articles that fail; find those that stood before.

    Assumes:
        Subscribed before the run begins. Stages name the article of a category by the
        category, that of a profile by its slug.
    """

    def __init__(
        self, results: LastResults, expected: Iterable[str], *, last_stage: str
    ) -> None:
        """Begin without failures.

        Args:
            expected: Categories that always have an article once they had one.
            last_stage: What lets articles through, "verify" or "review".
        """
        self._results = results
        self._names = set(expected)
        self._last_stage = last_stage

    def hears(self, kind: str) -> bool:
        """Tell whether an event may be about an article that fails."""
        return kind == "task.failed"

    def __call__(self, event: Event) -> None:
        """Note an article that fails."""
        if event.kind != "task.failed":
            return
        if event.stage in _NAMED:
            self._names.add(event.item)
        elif event.stage == "profile":
            made = self._last("profile", event.item)
            self._names.update(article.slug for article in made)

    def find(self, made: Collection[str]) -> tuple[Article, ...]:
        """Return the last articles of those that this run did not make, by name."""
        lost = sorted(self._names.difference(made))
        return tuple(one for name in lost for one in self._checked(name))

    def _checked(self, name: str) -> Iterator[Article]:
        found = tuple(self._last(self._last_stage, name))
        yield from found or self._last("verify", name)

    def _last(self, stage: str, item: str) -> Iterator[Article]:
        packed = self._results.find_last_result(stage, item)
        if packed is None:
            return
        try:
            yield from [JsonCodec(Article).decode(one.data) for one in unpack(packed)]
        except (msgspec.DecodeError, Terminal):
            return  # of another version of subak
