"""The workspace that all pages are tested on, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.views.summary import RunSummary
from tests.web.pages.looking import Looker
from tests.web.pages.two_mornings import live_two_mornings


@pytest.fixture(scope="session")
def mornings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[RunSummary]]:
    """Return a folder where the job ran twice, and the summaries."""
    folder = tmp_path_factory.mktemp("pages") / "job"
    folder.mkdir()
    summaries = live_two_mornings(folder)
    for summary in summaries:
        assert [failure.item for failure in summary.failures] == ["Nowhere"]
    return folder, list(summaries)


@pytest.fixture(scope="session")
def looker(mornings: tuple[Path, list[RunSummary]]) -> Looker:
    """Return who looks at the pages of that workspace."""
    return Looker(mornings[0])


@pytest.fixture
def runs(mornings: tuple[Path, list[RunSummary]]) -> list[str]:
    """Return the ids of both runs, the earlier one first."""
    return [summary.run for summary in mornings[1]]
