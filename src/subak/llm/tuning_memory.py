"""TuningMemory: what was learned of servers, kept in the user's cache for next time.

Only a first guess: a file that is damaged, old or cannot be written costs nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from pathlib import Path

import msgspec
import platformdirs

from subak.engine.atomic import write_atomically
from subak.engine.tuning.memory import TunerMemory
from subak.errors import StorageError

_VERSION = 1
_OLD_S = 60 * 86_400.0
_MAX_BYTES = 64 << 10


class _Kept(msgspec.Struct, frozen=True):
    version: int
    endpoint: str
    saved: float
    memory: TunerMemory


class TuningMemory:
    """Small files, one a server and model.

    Args:
        folder: Where they lie; the user's cache folder unless given.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(platformdirs.user_cache_dir("subak")) / "tuning"

    def find(self, endpoint: str, now: float) -> TunerMemory | None:
        """Return what was kept of a server, None without anything usable.

        Args:
            endpoint: Identifies server and model.
            now: Seconds since the epoch.
        """
        try:
            with self._path(endpoint).open("rb") as file:
                data = file.read(_MAX_BYTES)
            kept = msgspec.json.decode(data, type=_Kept)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        is_ours = kept.version == _VERSION and kept.endpoint == endpoint
        is_new = abs(now - kept.saved) <= _OLD_S
        return kept.memory if is_ours and is_new and _is_sane(kept.memory) else None

    def keep(self, endpoint: str, memory: TunerMemory, now: float) -> None:
        """Keep what was learned, in place of what was there."""
        kept = _Kept(_VERSION, endpoint, round(now), memory)
        try:
            write_atomically(self._path(endpoint), msgspec.json.encode(kept))
        except StorageError:
            return  # a cache is not worth a run

    def _path(self, endpoint: str) -> Path:
        name = hashlib.blake2b(endpoint.encode("utf-8", "replace"), digest_size=12)
        return self._folder / f"{name.hexdigest()}.json"


def _is_sane(memory: TunerMemory) -> bool:
    """Tell whether all numbers could be true; level 1 and more, nothing negative."""
    values = [getattr(memory, field.name) for field in fields(memory)]
    numbers = [
        value
        for value in values
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    return memory.level >= 1 and all(0 < number < 1e9 for number in numbers)
