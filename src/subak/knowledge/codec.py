"""JsonCodec: typed values to deterministic JSON bytes and back."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class JsonCodec(Generic[T]):
    """Encode values of one type; equal values give equal bytes."""

    def __init__(self, kind: type[T]) -> None:
        self._decoder = msgspec.json.Decoder(kind)
        self._encoder = msgspec.json.Encoder(order="deterministic")

    def encode(self, value: T) -> bytes:
        """Return the value as JSON with sorted mappings."""
        return self._encoder.encode(value)

    def decode(self, data: bytes) -> T:
        """Return the value, validated against its type."""
        return self._decoder.decode(data)
