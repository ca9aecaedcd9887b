"""Selection: which items of a run may be computed."""

from __future__ import annotations

from fnmatch import fnmatchcase

from subak.engine.stage import Item

LISTED = "fetch"
ALWAYS = frozenset({"listing", "settle", "draft", "profile", "verify", "publish"})


class Selection:
    """Let through items by glob and number; the others keep their last result.

    Args:
        items: Glob over an item's id or entity, without regard to case; a text
            without wildcards matches anywhere. None lets all through.
        limit: At most that many pages of each source. None lets all through.
    """

    def __init__(self, items: str | None, limit: int | None) -> None:
        self._glob = None if items is None else _glob(items.casefold())
        self._limit = limit
        self._seen: dict[str, set[str]] = {}

    @property
    def is_everything(self) -> bool:
        """Tell whether nothing is left out."""
        return self._glob is None and self._limit is None

    def __call__(self, stage: str, item: Item[object]) -> bool:
        """Return whether the stage may be computed for the item."""
        if stage in ALWAYS:
            return True
        if self._glob is not None and not self._matches(item):
            return False
        return stage != LISTED or self._is_within_limit(item)

    def _matches(self, item: Item[object]) -> bool:
        names = (item.id, item.labels.get("entity", ""))
        return any(fnmatchcase(name.casefold(), self._glob or "*") for name in names)

    def _is_within_limit(self, item: Item[object]) -> bool:
        if self._limit is None:
            return True
        seen = self._seen.setdefault(item.labels.get("source", ""), set())
        if item.id not in seen and len(seen) >= self._limit:
            return False
        seen.add(item.id)
        return True


def _glob(text: str) -> str:
    return text if set(text) & set("*?[") else f"*{text}*"
