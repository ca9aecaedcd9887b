"""ask, aask and search: what the commands of these names do, as functions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Unpack

from subak.answering.ask_request import AskRequest
from subak.answering.run_ask import run_ask
from subak.engine.control import Control
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.knowledge.replies.reply import Reply
from subak.knowledge.search.filter import Narrowing
from subak.knowledge.search.hit import Hit
from subak.knowledge.search.retriever import Retriever
from subak.mapping.run_beside import run_beside
from subak.recipes.settings import load_settings


class AskOptions(Narrowing, total=False):
    """What may be said beside the question.

    Args:
        folder: The workspace whose documents answer; by default the current directory.
        model: Model spec or name; by default that of the recipe or the settings.
        limit: Passages the model is shown at most, 6 by default.
        refresh: Ask anew what was answered before.
    """

    folder: str | Path
    model: str | None
    limit: int
    refresh: bool


class SearchOptions(Narrowing, total=False):
    """What may be said beside the words; see ``AskOptions``."""

    folder: str | Path
    limit: int


async def aask(question: str, **options: Unpack[AskOptions]) -> Reply:
    """Answer a question from stored documents only, each sentence cited.

    Raises:
        UserError: There is no such workspace, or an option is wrong.
        Unreachable: The model can't be reached.
    """
    return await run_ask(_request(question, options))


def ask(question: str, **options: Unpack[AskOptions]) -> Reply:
    """Answer a question; see ``aask``. Works where a loop is running, too."""
    request, control = _request(question, options), Control()
    return run_beside(lambda: run_ask(request, control=control), control.drain)


def search(query: str, **options: Unpack[SearchOptions]) -> list[Hit]:
    """Return the passages of a workspace that fit a free-text query best.

    By meaning too, where the extra ``semantic`` is installed.

    Raises:
        UserError: There is no such workspace, or an option is wrong.
    """
    folder = Path(options.get("folder", "."))
    settings = load_settings(folder, os.environ, {}).settings
    connection = open_reader(Workspace(folder).journal)
    try:
        retriever = Retriever.open(connection, is_semantic=settings.semantic)
        return retriever.search(query, options.get("limit", 10), **_narrowing(options))
    finally:
        connection.close()


def _request(question: str, options: AskOptions) -> AskRequest:
    return AskRequest(
        question=question,
        folder=Path(options.get("folder", ".")),
        model=options.get("model"),
        limit=options.get("limit", 6),
        only=_narrowing(options),
        refresh=options.get("refresh", False),
    )


def _narrowing(options: AskOptions | SearchOptions) -> Narrowing:
    return Narrowing(
        category=options.get("category"),
        entity=options.get("entity"),
        tier=options.get("tier"),
        language=options.get("language"),
        since=options.get("since"),
    )
