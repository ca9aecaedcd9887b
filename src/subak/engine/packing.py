"""Packing: requests and answers to small frames, learning what they share."""

from __future__ import annotations

from dataclasses import dataclass, field

import apsw
import zstandard

from subak.engine.dictionary import (
    Dictionary,
    add_dictionary,
    find_newest,
    train,
)

WORTH_FROM = 2_000  # calls: training takes the time of a hundred
_TRAINED_ON = 150
_TRIED_ON = 50
_SAMPLE_BYTES = 8_192
_WORTH_IT = 0.85

Frames = tuple[int, bytes, bytes]


class Packing:
    """Packs the requests and answers of each stage and model with a dictionary.

    After ``worth_from`` calls it trains one on 150 of the latest 200 and keeps it if
    it packs the other 50 by 15 % smaller than what was in use: none, or that of an
    earlier run, whose prompts may have been others.

    Assumes: used in the writer thread, inside its transaction; ``forget`` is called
    when one was rolled back.
    """

    def __init__(self, worth_from: int = WORTH_FROM) -> None:
        self._worth_from = worth_from
        self._kinds: dict[tuple[str, str], _Kind] = {}

    def forget(self) -> None:
        """Learn anew: what was stored meanwhile may not be."""
        self._kinds.clear()

    def pack(
        self,
        connection: apsw.Connection,
        kind: tuple[str, str],
        request: bytes,
        response: bytes,
    ) -> Frames:
        """Return the number of the dictionary, and both texts packed with it.

        Args:
            kind: Stage and model.
        """
        known = self._kinds.get(kind)
        if known is None:
            found = find_newest(connection, *kind) or Dictionary()
            known = self._kinds[kind] = _Kind(found, found.compressor())
        known.calls += 1
        if (
            known.is_learning
            and known.calls > self._worth_from - _TRAINED_ON - _TRIED_ON
        ):
            known.samples += (request[:_SAMPLE_BYTES], response[:_SAMPLE_BYTES])
            if len(known.samples) == 2 * (_TRAINED_ON + _TRIED_ON):
                self._learn(connection, kind, known)
        compress = known.compressor.compress
        return known.dictionary.id, compress(request), compress(response)

    def _learn(
        self, connection: apsw.Connection, kind: tuple[str, str], known: _Kind
    ) -> None:
        split = 2 * _TRAINED_ON
        samples, tried = known.samples[:split], known.samples[split:]
        known.samples, known.is_learning = [], False
        trained = train(samples)
        if not trained.data:
            return
        compressor = trained.compressor()
        if _size(compressor, tried) > _WORTH_IT * _size(known.compressor, tried):
            return
        known.dictionary = add_dictionary(connection, *kind, trained.data)
        known.compressor = compressor


@dataclass(slots=True)
class _Kind:
    """Calls of one stage and model, and what is known of them."""

    dictionary: Dictionary
    compressor: zstandard.ZstdCompressor
    samples: list[bytes] = field(default_factory=list)
    calls: int = 0
    is_learning: bool = True


def _size(compressor: zstandard.ZstdCompressor, samples: list[bytes]) -> int:
    return sum(len(compressor.compress(sample)) for sample in samples)
