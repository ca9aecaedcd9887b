"""Library: what the tools read: one workspace, beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import apsw

from subak.engine.aside import Aside
from subak.engine.clock import Clock
from subak.engine.storage import storage_error
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.knowledge.replies.reply import Reply
from subak.knowledge.search.filter import Narrowing
from subak.knowledge.search.hit import Hit

T = TypeVar("T")


class Library:
    """The documents, facts and runs of one workspace, for reading only.

    Guarantees: each look opens the journal anew, in one thread, so that a run beside
    it is never kept waiting and always seen; questions to the model go one by one.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.clock = clock
        self._folder = folder
        self._aside = Aside("mcp")
        self._asking = asyncio.Lock()

    async def read(self, look: Callable[[apsw.Connection], T]) -> T:
        """Return what a reader finds in the journal.

        Raises:
            StorageError: There is no journal yet, or it cannot be read.
        """
        return await self._aside.do(lambda: self._look(look))

    async def search(self, query: str, limit: int, only: Narrowing) -> list[Hit]:
        """Return the passages that fit best.

        Raises:
            StorageError: There is no journal yet, or it cannot be read.
        """
        return await self._aside.do(lambda: self._search(query, limit, only))

    async def ask(self, question: str, limit: int, only: Narrowing) -> Reply:
        """Return the cited answer to a question.

        Raises:
            UserError: The question is none, or the settings are wrong.
            Unreachable: The model can't be reached.
        """
        # Imported on use: an agent starts this program before it asks anything.
        from subak.answering.ask_request import AskRequest
        from subak.answering.run_ask import run_ask

        request = AskRequest(question, self._folder, limit=limit, only=only)
        async with self._asking:
            return await run_ask(request, clock=self.clock)

    async def close(self) -> None:
        """Return when what is under way is done."""
        await self._aside.close()

    def _search(self, query: str, limit: int, only: Narrowing) -> list[Hit]:
        from subak.answering.face import search

        return search(query, folder=self._folder, limit=limit, **only)

    def _look(self, look: Callable[[apsw.Connection], T]) -> T:
        path = Workspace(self._folder).journal
        db = open_reader(path)
        try:
            return look(db)
        except apsw.Error as error:
            raise storage_error(error, path) from error
        finally:
            db.close()
