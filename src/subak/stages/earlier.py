"""Earlier: finds what was read of a document before it changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from subak.engine.memo import memo_key, unpack, value_digest
from subak.engine.stage import Stage
from subak.errors import StorageError, Terminal
from subak.knowledge.codec import JsonCodec
from subak.knowledge.document import Document
from subak.knowledge.fact import Record
from subak.knowledge.update import Known


@dataclass(frozen=True, slots=True)
class Earlier:
    """The archive's documents and the journal's results, as far as facts need them.

    Args:
        previous: Returns the document that stood at the same address before.
        find_result: Returns a packed result by the digest of its key.
    """

    previous: Callable[[Document], Document | None]
    find_result: Callable[[str], bytes | None]

    def find(self, document: Document, stage: Stage[Document, Record]) -> Known | None:
        """Return the earlier state and its record, if this very stage made one.

        Another version, model, prompt or schema makes another key, so what they found
        is never taken for this stage's.
        """
        try:
            before = self.previous(document)
        except StorageError:  # damaged: then it is read as a new one
            return None
        if before is None:
            return None
        digest = value_digest(JsonCodec(Document).encode(before))
        packed = self.find_result(memo_key(stage, digest, "").digest)
        if packed is None:
            return None
        try:
            records = [stage.codec.decode(each.data) for each in unpack(packed)]
        except Terminal:
            return None
        return Known(before, records[0]) if len(records) == 1 else None
