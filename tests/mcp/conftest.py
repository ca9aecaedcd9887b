"""The workspace that the tools read, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.pages.two_mornings import live_two_mornings


@pytest.fixture(scope="session")
def mornings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder where the job ran on two days."""
    folder = tmp_path_factory.mktemp("agents") / "job"
    folder.mkdir()
    live_two_mornings(folder)
    return folder
