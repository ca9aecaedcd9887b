"""own_stdout: stdout for one writer alone."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import TextIOWrapper

import anyio


@asynccontextmanager
async def own_stdout() -> AsyncIterator[anyio.AsyncFile[str]]:
    """Give stdout to the block; what anybody else prints, also in C, goes to stderr."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    wrapped = TextIOWrapper(os.fdopen(kept, "wb", closefd=False), encoding="utf-8")
    try:
        yield anyio.wrap_file(wrapped)
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
