"""The mark of tests that ask the real model: minutes, so only where asked for."""

from __future__ import annotations

import importlib.util
import os

import pytest

asks_the_model = pytest.mark.skipif(
    not os.environ.get("SUBAK_SLOW") or not importlib.util.find_spec("xllamacpp"),
    reason="takes minutes and the extra `embedded`: SUBAK_SLOW=1 pytest",
)
