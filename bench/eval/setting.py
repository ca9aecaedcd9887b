"""Setting: what the rows of `make eval` are given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import platformdirs

from bench.row import Conditions


@dataclass(frozen=True, slots=True)
class Setting:
    """How a row is measured.

    Args:
        conditions: An empty folder of its own, and whether it is a quick try.
        labelled: The labelled set: a folder, or the name of one that ships.
        pairs: Files of sentence pairs; none takes those beside this module.
        articles: Folders of articles that runs have written.
        limit: Only the first documents.
        is_fresh: Ask models anew instead of taking kept answers.
        model: Judges sentences that code alone cannot; "" for none.
    """

    conditions: Conditions
    labelled: str = "tax"
    pairs: tuple[Path, ...] = ()
    articles: tuple[Path, ...] = ()
    limit: int | None = None
    is_fresh: bool = False
    model: str = ""

    @property
    def documents(self) -> int | None:
        """Return how many documents to read, None for all."""
        return 2 if self.conditions.is_quick else self.limit


def kept_folder() -> Path:
    """Return where models' answers are kept between measurements."""
    return Path(platformdirs.user_cache_dir("subak")) / "eval"
