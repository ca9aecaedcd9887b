"""A call's key as the journal stores it: hex digits as half as many bytes."""

from __future__ import annotations

StoredKey = str | bytes


def stored_key(key: str) -> StoredKey:
    """Return the bytes of hex digits, any other text as it is."""
    try:
        data = bytes.fromhex(key)
    except ValueError:
        return key
    return data if data.hex() == key else key


def told_key(stored: StoredKey) -> str:
    """Return the key that was stored so."""
    return stored.hex() if isinstance(stored, bytes) else stored
