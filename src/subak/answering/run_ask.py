"""run_ask: from a question to a Reply: retrieve, ask once, check by code."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import apsw
import jinja2
import msgspec

from subak.answering.ask_request import AskRequest
from subak.answering.asked_model import asked_model, asked_settings
from subak.engine.clock import Clock, SystemClock
from subak.engine.context import TaskContext, set_current_task
from subak.engine.control import Control
from subak.engine.journal import Journal
from subak.engine.lock import WorkspaceLock
from subak.engine.steady_clock import SteadyClock
from subak.engine.storage import storage_error
from subak.engine.store import Store, open_reader
from subak.engine.workspace import Workspace
from subak.errors import UserError
from subak.knowledge.documents.archive import find_document
from subak.knowledge.replies.question import Question
from subak.knowledge.replies.relevance import Relevance
from subak.knowledge.replies.reply import Reply
from subak.knowledge.replies.reply_check import Said, check_reply
from subak.knowledge.replies.source_line import SourceLine, read_lines
from subak.knowledge.search.retriever import Retriever
from subak.llm.ask import ask
from subak.llm.client import Model
from subak.llm.foreign import fence, neutralise
from subak.llm.model import Message, Prompt
from subak.llm.open_model import open_model
from subak.llm.tuning_memory import TuningMemory
from subak.recipes.load import load_recipe
from subak.recipes.resources import read_template

_BUDGET_CHARS = 5_000
_SENTENCES = 3
_TOKENS = 240


async def run_ask(
    request: AskRequest,
    *,
    control: Control | None = None,
    clock: Clock | None = None,
) -> Reply:
    """Answer a question from the documents of a workspace.

    The workspace is only read, also while a run is writing it; the calls of questions
    have a journal of their own in ``.subak/ask``, so that the same question costs
    none a second time.

    Raises:
        UserError: There is no such workspace, or the model spec is wrong.
        Unreachable: The model can't be reached.
        InvalidAnswer: It gives no answer of the form asked for.
    """
    settings = asked_settings(request.folder, request.model)
    template = read_template(Workspace(request.folder), "ask")
    lines = find_lines(request, is_semantic=settings.semantic)
    if not lines:
        return Reply(request.question)
    prompt = _prompt(request, lines, template)
    clock = SteadyClock(clock or SystemClock())
    async with _open_journal(request, clock) as journal:
        spec = asked_model(request.folder, settings, request.model)
        model = open_model(spec, journal=journal, clock=clock, memory=TuningMemory())
        if control is not None:
            control.attach(model)
        try:
            said, calls = await _ask(request, prompt, model, journal)
        finally:
            await model.close()
    checked = check_reply(said, lines)
    return Reply(
        question=request.question,
        sentences=checked.sentences,
        dropped=checked.dropped,
        model=model.id,
        calls=calls,
        lines=len(lines),
    )


def find_lines(request: AskRequest, *, is_semantic: bool) -> list[SourceLine]:
    """Return the lines of stored documents that may answer a question."""
    path = Workspace(request.folder).journal
    connection = open_reader(path)
    try:
        retriever = Retriever.open(connection, is_semantic=is_semantic)
        hits = retriever.search(request.question, request.limit, **request.only)
        lines = read_lines(
            hits, lambda name: find_document(connection, name), _BUDGET_CHARS
        )
    except apsw.Error as error:
        raise storage_error(error, path) from error
    finally:
        connection.close()
    lines = Question(request.question).answerable(lines)
    names = tuple(dict.fromkeys(line.document.entity for line in lines))
    return _relevance(request, names).relevant(lines)


def _relevance(request: AskRequest, names: tuple[str, ...]) -> Relevance:
    """Return what is asked, with the fields of the workspace's recipe to tell it by."""
    path = request.folder / "recipe.toml"
    try:
        recipe = load_recipe(path) if path.is_file() else None
    except UserError:  # a run tells what is wrong with it
        recipe = None
    sections = recipe.facts if recipe else ()
    return Relevance(
        request.question,
        names,
        tuple((one.title, *one.words) for each in sections for one in each.fields),
        frozenset(each.category for each in sections),
    )


class _Sentence(msgspec.Struct):
    n: int
    text: str


class _Answered(msgspec.Struct):
    """What the model's answer holds."""

    sentences: list[_Sentence]


async def _ask(
    request: AskRequest, prompt: Prompt, model: Model, journal: Journal
) -> tuple[list[Said], int]:
    options = json.dumps({"question": request.question, "model": model.id})
    run = await journal.begin_run("ask", "", options)
    task = TaskContext(run.id, "ask", request.question[:80], refresh=request.refresh)
    set_current_task(task)
    status = "failed"
    try:
        answer = await ask(model, prompt)
        status = "done"
    finally:
        set_current_task(TaskContext())
        await journal.end_run(run.id, status, "")
    calls = 0 if answer.completion.from_cache else 1 + answer.re_asks
    answered = msgspec.convert(answer.value, _Answered)
    return [Said(one.text, one.n) for one in answered.sentences], calls


def _prompt(request: AskRequest, lines: list[SourceLine], template: str) -> Prompt:
    numbered = "\n".join(
        f"[{number}] {line.shown}" for number, line in enumerate(lines, start=1)
    )
    question = neutralise(" ".join(request.question.split()))
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    text = environment.from_string(template).render(
        lines=fence(numbered), question=question, count=_SENTENCES
    )
    schema = _schema(len(lines))
    return Prompt((Message("user", text),), schema, max_tokens=_TOKENS)


def _schema(count: int) -> str:
    sentence = {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "minimum": 1, "maximum": count},
            "text": {"type": "string"},
        },
        "required": ["n", "text"],
        "additionalProperties": False,
    }
    sentences = {"type": "array", "items": sentence, "maxItems": _SENTENCES}
    return json.dumps(
        {
            "type": "object",
            "properties": {"sentences": sentences},
            "required": ["sentences"],
            "additionalProperties": False,
        },
        separators=(",", ":"),
    )


@asynccontextmanager
async def _open_journal(request: AskRequest, clock: Clock) -> AsyncIterator[Journal]:
    own = Workspace(Workspace(request.folder).state / "ask")
    with WorkspaceLock(own):
        store = Store.open(own.journal)
        try:
            yield Journal(store, clock)
        finally:
            await store.close()
