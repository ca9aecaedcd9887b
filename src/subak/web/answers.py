"""ANSWERS: what each address of the JSON API answers, from the readers of views.

Pure functions of an open journal; openapi.json describes them, a test compares both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType

from subak.answering.face import search
from subak.errors import UserError
from subak.views.articles import article_json, read_articles
from subak.views.call_list import Order, list_calls
from subak.views.call_story import read_call_story
from subak.views.comparison import compare_runs
from subak.views.document_list import DocumentFilter, list_documents
from subak.views.document_story import read_document_story
from subak.views.facts import fact_json, read_facts, refusal_json
from subak.views.item_failure import ItemFailure
from subak.views.paged import Paged, paged
from subak.views.past_runs import list_past_runs
from subak.views.runs import get_run
from subak.views.status import read_status
from subak.views.summary import run_summary
from subak.views.task_list import TaskFilter, list_tasks
from subak.views.task_story import read_task_story
from subak.web.page import Asked

Answer = dict[str, object]
_SIZE = 50
_MOST = 500
_HITS = 10
_MOST_HITS = 50
_ORDERS: Mapping[str, Order] = MappingProxyType(
    {"newest": "newest", "slowest": "slowest"}
)


def _status(asked: Asked) -> Answer:
    found = read_status(asked.db, _run(asked), is_alive=asked.is_alive)
    return found.to_json()


def _runs(asked: Asked) -> Answer:
    found = list_past_runs(asked.db, page=asked.number("page"), size=_size(asked))
    return {"version": 1, **found.to_json(lambda row: row.to_json())}


def _run_summary(asked: Asked) -> Answer:
    return run_summary(asked.db, get_run(asked.db, _run(asked)).id).to_json()


def _compare(asked: Asked) -> Answer:
    earlier, later = _needed(asked, "earlier"), _needed(asked, "later")
    return compare_runs(asked.db, earlier, later).to_json()


def _tasks(asked: Asked) -> Answer:
    query = asked.query
    wanted = TaskFilter(
        stage=query.get("stage", ""),
        state=query.get("state", ""),
        text=query.get("text", ""),
    )
    run = get_run(asked.db, _run(asked))
    page = asked.number("page")
    found = list_tasks(asked.db, run.id, wanted, page, _size(asked))
    return {"version": 1, "run": run.id, **found.to_json(lambda row: row.to_json())}


def _failures(asked: Asked) -> Answer:
    run = get_run(asked.db, _run(asked))
    failed = run_summary(asked.db, run.id).failures
    found: Paged[ItemFailure] = paged(failed, asked.number("page"), _size(asked))
    return {"version": 1, "run": run.id, **found.to_json(asdict)}


def _calls(asked: Asked) -> Answer:
    query = asked.query
    order = _ORDERS.get(query.get("order", "newest"))
    if order is None:
        raise UserError("calls are in no such order", hint="order=newest or slowest")
    run = get_run(asked.db, _run(asked))
    found = list_calls(
        asked.db,
        run.id,
        place=(query.get("stage", ""), query.get("item", "")),
        order=order,
        page=asked.number("page"),
        size=_size(asked),
    )
    return {"version": 1, "run": run.id, **found.to_json(lambda row: row.to_json())}


def _trace(asked: Asked) -> Answer:
    """Return the story of one call or of one task."""
    if key := asked.query.get("call", ""):
        return read_call_story(asked.db, key).to_json()
    stage, item = _needed(asked, "stage"), _needed(asked, "item")
    run = get_run(asked.db, _run(asked))
    return read_task_story(asked.db, run.id, stage, item).to_json()


def _documents(asked: Asked) -> Answer:
    query = asked.query
    wanted = DocumentFilter(
        text=query.get("text", ""),
        category=query.get("category", ""),
        state=query.get("state", ""),
    )
    found = list_documents(asked.db, wanted, asked.number("page"), _size(asked))
    return {"version": 1, **found.to_json(lambda row: row.to_json())}


def _document(asked: Asked) -> Answer:
    return read_document_story(asked.db, _needed(asked, "id")).to_json()


def _facts(asked: Asked) -> Answer:
    found = read_facts(asked.db, _run(asked), category=asked.query.get("category"))
    page = paged(found.settled, asked.number("page"), _size(asked))
    return {
        "version": 1,
        "run": found.run.id,
        "categories": list(found.categories),
        **page.to_json(fact_json),
    }


def _changes(asked: Asked) -> Answer:
    found = read_facts(asked.db, _run(asked), category=asked.query.get("category"))
    page = paged(found.changed, asked.number("page"), _size(asked))
    return {"version": 1, "run": found.run.id, **page.to_json(fact_json)}


def _refused(asked: Asked) -> Answer:
    found = read_facts(asked.db, _run(asked), category=asked.query.get("category"))
    page = paged(found.refused, asked.number("page"), _size(asked))
    return {"version": 1, "run": found.run.id, **page.to_json(refusal_json)}


def _articles(asked: Asked) -> Answer:
    return read_articles(asked.db, _run(asked)).to_json()


def _article(asked: Asked) -> Answer:
    found = read_articles(asked.db, _run(asked))
    return article_json(found.get(_needed(asked, "slug")))


def _search(asked: Asked) -> Answer:
    query = _needed(asked, "q")
    limit = asked.number("limit", _HITS, most=_MOST_HITS)
    hits = search(query, folder=asked.workspace.folder, limit=limit)
    return {"version": 1, "query": query, "hits": [asdict(hit) for hit in hits]}


ANSWERS: Mapping[str, Callable[[Asked], Answer]] = MappingProxyType(
    {
        "status": _status,
        "runs": _runs,
        "run": _run_summary,
        "compare": _compare,
        "tasks": _tasks,
        "failures": _failures,
        "calls": _calls,
        "trace": _trace,
        "documents": _documents,
        "document": _document,
        "facts": _facts,
        "changes": _changes,
        "refused": _refused,
        "articles": _articles,
        "article": _article,
        "search": _search,
    }
)


def _run(asked: Asked) -> str:
    return asked.query.get("run", "")


def _size(asked: Asked) -> int:
    return asked.number("size", _SIZE, most=_MOST)


def _needed(asked: Asked, name: str) -> str:
    """Return a value of the query.

    Raises:
        UserError: It is missing.
    """
    value = asked.query.get(name, "")
    if not value:
        raise UserError(
            f"'{name}' is missing in the address",
            hint=f"add ?{name}=..., see /api/v1/openapi.json",
        )
    return value
