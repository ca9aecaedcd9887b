"""What holds for all tests: what they learn of servers goes into no user's cache."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from subak.llm.weights import model_folder

# Tests run side by side: how long an example takes says nothing about the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the tests a cache of their own; models stay where they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUBAK_MODEL_DIR", str(model_folder()))
        patch.setenv("SUBAK_SEMANTIC", "false")  # slow; its own tests turn it on
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
