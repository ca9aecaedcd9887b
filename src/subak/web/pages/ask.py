"""Ask: a question, answered from the stored documents or not at all."""

from __future__ import annotations

from subak.answering.probe import probe
from subak.api import ask
from subak.engine.workspace import Workspace
from subak.errors import SubakError, Unreachable, UserError, WorkspaceBusy
from subak.knowledge.replies.reply import Reply
from subak.llm.model import EndpointInfo
from subak.views.answer_times import AnswerTimes, read_answer_times
from subak.web.page import Asked, Page, Shown

_MOST_CHARS = 1_000


def read_ask(asked: Asked) -> Shown:
    """Show the form; ask what was sent with it.

    Only a form asks: an address that somebody follows costs nothing.
    """
    folder = asked.workspace.folder
    question = (asked.form or asked.query).get("q", "").strip()[:_MOST_CHARS]
    model: EndpointInfo | None = None
    reply: Reply | None = None
    problem: SubakError | None = None
    try:
        model = probe(folder)
        if asked.form is not None and question:
            reply = ask(question, folder=folder)
    except WorkspaceBusy:
        problem = UserError(
            "another question is being answered",
            hint="wait until it is, then send yours again",
        )
    except SubakError as error:
        problem = error
    values = {
        "question": question,
        "model": model,
        "times": _times(asked, _questions(asked.workspace)),
        "reply": reply,
        "problem": problem,
    }
    return Shown("ask.html.j2", values, status=_status(asked, problem))


def _questions(workspace: Workspace) -> Workspace:
    # Where ``answering.run_ask`` keeps its calls.
    return Workspace(workspace.state / "ask")


def _times(asked: Asked, questions: Workspace) -> AnswerTimes | None:
    return read_answer_times(questions.journal, asked.db)


def _status(asked: Asked, problem: SubakError | None) -> int:
    if problem is None or asked.form is None:
        return 200
    if isinstance(problem, Unreachable):
        return 503
    return 400 if isinstance(problem, UserError) else 502


ASK = Page("ask", "ask", "Ask", read_ask, place=51, takes_form=True)
