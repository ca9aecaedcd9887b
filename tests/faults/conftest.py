"""Every test of faults gets model servers and a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.desk import Desk
from tests.faults.servers import Servers


@pytest.fixture
def servers() -> Iterator[Servers]:
    """Serve models while a test runs."""
    with Servers() as servers:
        yield servers


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Give a folder with rows and a prompt."""
    return Desk(tmp_path, capsys)
