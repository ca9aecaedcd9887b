"""Pages of a run of a thousand tasks and four thousand calls stay light."""

from __future__ import annotations

import pytest

from tests.views.sample import RUN, write_synthetic_run
from tests.web.pages.looking import Looker

_MOST_BYTES = 300_000
_PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("runs", {}),
    ("run", {"run": RUN}),
    ("compare", {"earlier": RUN, "later": RUN}),
    ("facts", {}),
    ("tasks", {}),
    ("tasks", {"state": "failed"}),
    ("task", {"run": RUN, "stage": "facts", "item": "country-0007"}),
)


@pytest.fixture(scope="module")
def looker(tmp_path_factory: pytest.TempPathFactory) -> Looker:
    """Return who looks at a long synthetic run."""
    folder = tmp_path_factory.mktemp("long")
    write_synthetic_run(folder, items=250, calls_per_item=16)
    return Looker(folder)


@pytest.mark.parametrize(("name", "values"), _PAGES)
def test_page_is_small(looker: Looker, name: str, values: dict[str, str]) -> None:
    """Bytes of a page hang on what it shows, not on the run."""
    assert len(looker.look(name, **values).html) <= _MOST_BYTES
