"""CallReader: answered calls back from the rows of the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import apsw

from subak.engine.call_key import StoredKey, stored_key, told_key
from subak.engine.dictionary import Dictionary, find_dictionary
from subak.engine.records import CallRecord
from subak.engine.rows import Found
from subak.engine.seal import CallRow, seal, seal_call

FIRST_ANSWER = 0
NEW_ANSWER = 1
HISTORY_ONLY = 2
"""What the column ``again`` of a call says."""

Expander = Callable[[bytes], bytes]
Owner = tuple[str, str, str, str]
_FoundRow = tuple[int, *CallRow, bytes]

_CALL = (
    "SELECT id, owner, key, item, started, seconds, first_token_s, tokens_in,"
    " tokens_out, tokens_cached, finish, slot, again, dictionary, request, response,"
    " checksum"
    " FROM call WHERE substr(key, 1, 8) = ?"
)
_ROW = (
    "SELECT 1 FROM call WHERE substr(key, 1, 8) = substr(?1, 1, 8) AND key = ?1 LIMIT 1"
)
_OWNER = "SELECT id, run, stage, model, endpoint, url, checksum FROM owner WHERE id = ?"
_AGAIN = 11
_CHUNK = 500
_KEY_BYTES = 8


class CallReader:
    """Finds calls by key.

    Guarantees: what is found is what was put, checked against the checksums of its
    row, its owner and its dictionary; of several sound rows of a key the newest that
    counts is found, and an older one where that is damaged.
    Assumes: owners and dictionaries never change once committed.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._owners: dict[int, Owner] = {}
        plain = Dictionary().decompressor().decompress
        self._expanders: dict[int, Expander] = {0: plain}

    def find(self, key: str) -> Found[CallRecord]:
        """Return the call of a key, and whether a damaged row of it was met."""
        found, damaged = self.find_all((key,))
        return Found(found.get(key), key in damaged)

    def has_row(self, key: str) -> bool:
        """Tell whether there is a row of this key, sound or not."""
        return self._connection.execute(_ROW, (stored_key(key),)).get is not None

    def find_all(
        self, keys: Iterable[str]
    ) -> tuple[dict[str, CallRecord], frozenset[str]]:
        """Return the calls of those keys that have one, and the keys of damaged rows.

        Looks up a chunk with one prepared statement.
        """
        search = _Search(self)
        remaining = iter(keys)
        while chunk := tuple(islice(remaining, _CHUNK)):
            with _one_reading(self._connection, len(chunk)):
                search.look_up(self._connection, chunk)
        return search.found, frozenset(search.damaged)

    def read(self, row: CallRow, checksum: bytes) -> CallRecord | None:
        """Return the call of a row, None when something of it is damaged."""
        if checksum != seal_call(row):
            return None
        number, key, item, started, seconds, first = row[:6]
        tokens_in, tokens_out, tokens_cached, finish, slot = row[6:11]
        dictionary, request, response = row[12:]
        owner = self._owners.get(number) or self._load_owner(number)
        expand = self._expanders.get(dictionary) or self._load_expander(dictionary)
        if owner is None or expand is None:
            return None
        run, stage, model, endpoint = owner
        return CallRecord(
            told_key(key),
            run,
            stage,
            item,
            model,
            endpoint,
            started,
            seconds,
            first,
            tokens_in,
            tokens_out,
            tokens_cached,
            finish,
            slot,
            expand(request),
            expand(response),
        )

    def _load_owner(self, number: int) -> Owner | None:
        try:
            row = self._connection.execute(_OWNER, (number,)).fetchone()
        except UnicodeDecodeError:  # a flipped bit in a text column
            return None
        if row is None or row[-1] != seal("owner", row[:-1]):
            return None
        self._owners[number] = owner = (row[1], row[2], row[3], row[4])
        return owner

    def _load_expander(self, number: int) -> Expander | None:
        dictionary = find_dictionary(self._connection, number)
        if dictionary is None:
            return None
        self._expanders[number] = expand = dictionary.decompressor().decompress
        return expand


@contextmanager
def _one_reading(connection: apsw.Connection, count: int) -> Iterator[None]:
    """Lock the file once for many look-ups, instead of for each of them."""
    is_ours = count > 1 and not connection.in_transaction
    if is_ours:
        connection.execute("BEGIN")
    try:
        yield
    finally:
        if is_ours and connection.in_transaction:
            connection.execute("COMMIT")


class _Search:
    """One search for many keys and what it came to."""

    def __init__(self, reader: CallReader) -> None:
        self.found: dict[str, CallRecord] = {}
        self.damaged: set[str] = set()
        self._reader = reader
        self._ranks: dict[str, int] = {}

    def look_up(self, connection: apsw.Connection, keys: Sequence[str]) -> None:
        """Find the calls of these keys."""
        wanted = {stored_key(key): key for key in keys}
        starts = {key[:_KEY_BYTES] for key in wanted}
        rows = connection.executemany(_CALL, [(start,) for start in starts])
        is_unreadable = False
        while True:
            try:
                row = next(rows)
            except StopIteration:
                break
            except UnicodeDecodeError:  # a flipped bit in a text column
                is_unreadable = True
                continue
            self._take(row, wanted)
        if is_unreadable and len(keys) == 1:
            self.damaged.add(keys[0])
        elif is_unreadable:  # of which key, only single searches can tell
            for key in keys:
                self.look_up(connection, (key,))

    def _take(self, found: _FoundRow, wanted: dict[StoredKey, str]) -> None:
        row = found[1:-1]
        key = wanted.get(row[1])
        if key is None:  # another key that begins alike, or a flipped bit in this one
            return
        call = self._reader.read(row, found[-1])
        if call is None:
            self.damaged.add(key)
            return
        # Without ORDER BY, which costs 12 us a key though the index has the order.
        rank = found[0] if row[_AGAIN] != HISTORY_ONLY else -1
        if rank >= self._ranks.get(key, rank):
            self.found[key] = call
            self._ranks[key] = rank
