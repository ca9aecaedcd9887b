"""Earlier: finds what was read of a document before it changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from subak.engine.memo import memo_key, unpack, value_digest
from subak.engine.stage import Codec, Stage
from subak.errors import StorageError, Terminal
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Record
from subak.knowledge.facts.update import Known

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Earlier:
    """The archive's documents and the journal's results, as far as stages need them.

    Args:
        previous: Returns the document that stood at the same address before.
        find_result: Returns a packed result by the digest of its key.
        codec: Bytes form in which documents reach the stage.
    """

    previous: Callable[[Document], Document | None]
    find_result: Callable[[str], bytes | None]
    codec: Codec[Document]

    def find(self, document: Document, stage: Stage[Document, Record]) -> Known | None:
        """Return the earlier state and its record, if this very stage made one."""
        found = self.find_result_before(document, stage)
        return None if found is None else Known(*found)

    def find_result_before(
        self, document: Document, stage: Stage[Document, T]
    ) -> tuple[Document, T] | None:
        """Return the earlier state of a document and the one result it gave.

        Another version, model, prompt or schema makes another key, so what they found
        is never taken for this stage's.
        """
        try:
            before = self.previous(document)
        except StorageError:  # damaged: then it is read as a new one
            return None
        if before is None:
            return None
        digest = value_digest(self.codec.encode(before))
        packed = self.find_result(memo_key(stage, digest, "").digest)
        if packed is None:
            return None
        try:
            results = [stage.codec.decode(each.data) for each in unpack(packed)]
        except Terminal:
            return None
        return (before, results[0]) if len(results) == 1 else None
