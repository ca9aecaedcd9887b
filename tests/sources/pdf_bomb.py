"""Read a PDF that unpacks to gigabytes in a worker; print the worker's peak in KB."""

from __future__ import annotations

import asyncio
import resource
import sys
import zlib

import msgspec
import pytest

from subak.engine.offload import ProcessExecutor
from subak.errors import UnusableContent
from subak.sources.raw_page import RawPage
from subak.sources.readers import FUNCTIONS
from tests.sources.pdf_file import pdf_file

URL = "https://example.org/bomb.pdf"


async def read_both() -> None:
    """Read the bomb, which fails, and then a good file, which does not."""
    drawn = zlib.compress(b"q " * 25_000_000, 9)
    bomb = pdf_file([()], stream=drawn).replace(
        b"<< /Length %d >>" % len(drawn),
        b"<< /Length %d /Filter /FlateDecode >>" % len(drawn),
    )
    executor = ProcessExecutor({"pdf": FUNCTIONS["pdf"]}, workers=1)
    try:
        payload = msgspec.msgpack.encode(RawPage(URL, bomb))
        with pytest.raises(UnusableContent, match="worker process twice"):
            await executor.submit("pdf", URL, payload)
        good = msgspec.msgpack.encode(
            RawPage(
                URL,
                pdf_file([("The rate of the value added tax is nineteen percent.",)]),
            )
        )
        assert await executor.submit("pdf", URL, good)
    finally:
        await executor.close()


if __name__ == "__main__":
    asyncio.run(read_both())
    sys.stdout.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
